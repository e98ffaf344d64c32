import type { Actor } from '@mulin/auth';
import { type Bench, missing, NOW, step, type Told } from './builders.js';

/** What differs between the procedures that are walked. */
export interface Way {
  method: string;
  file: object;
  /** Experts of the smallest committee that its rule allows. */
  experts: number;
  /** Whether last prices are asked for. */
  finalOffers: boolean;
}

export interface Offered {
  toState: string;
  article: string | null;
  at: string | null;
}

/** One step of the walk: what comes before its clock, what comes after it, and the mutation that takes it. */
interface Stage {
  from: string;
  to: string;
  prepare?: () => Promise<unknown>;
  ready?: () => Promise<unknown>;
  /** What is refused until everything is ready. */
  attempt: () => Promise<Told>;
  /** What takes the step, where one mutation is not all of it. */
  finish?: () => Promise<Told>;
}

/** One tender on its way, by the mutations alone. */
export class Walk {
  bids: Told[] = [];
  bidders: Actor[] = [];
  members: readonly Actor[] = [];
  committee: Told | null = null;

  private constructor(
    readonly at: Bench,
    readonly way: Way,
    readonly id: string,
  ) {}

  static async begin(at: Bench, way: Way): Promise<Walk> {
    await at.clockTo(NOW);
    const draft = await at.draftedTender(way.file, { method: way.method });
    return new Walk(at, way, draft.id);
  }

  async tender(): Promise<Told & { state: string }> {
    const { tender } = await this.at.mulin.answer<{ tender: Told & { state: string } }>(
      this.at.officer,
      'query ($id: ID!) { tender(id: $id) { id version state } }',
      { id: this.id },
    );
    return tender;
  }

  async offered(): Promise<Offered[]> {
    const { tender } = await this.at.mulin.answer<{ tender: { nextSteps: Offered[] } }>(
      this.at.officer,
      'query ($id: ID!) { tender(id: $id) { nextSteps { toState article at } } }',
      { id: this.id },
    );
    return tender.nextSteps;
  }

  /** The award that has not fallen yet. */
  async award(): Promise<Told & { organisation: string }> {
    const [award] = await this.at.mulin.database.query<Told & { organisation: string }>(
      `select id, version, organisation_id as organisation from award
       where tender_id = $1 and state not in ('refused', 'invalid')`,
      [this.id],
    );
    return award ?? missing('award');
  }

  /** What tries to bring a tender to a state; for what opens bids it is the same at both openings. */
  async attempts(to: string): Promise<Told[]> {
    const { at } = this;
    const input = async () => step(await this.tender());
    const [opener] = await at.officers();
    switch (to) {
      case 'PUBLISHED':
        return [await at.do(at.approver, 'publishTender', await input())];
      case 'CANCELLED':
        return [await at.do(at.officer, 'cancelTender', await input())];
      case 'OPENED':
      case 'EVALUATING':
        return [await at.do(opener?.actor ?? missing('officer'), 'openBids', await input())];
      case 'QUALIFIED':
        return [await at.do(at.approver, 'closeQualification', await input())];
      case 'RESULT_NOTICE':
        return [
          await at.do(at.officer, 'chooseWinners', await input()),
          await at.do(at.approver, 'announceResult', await input()),
        ];
      case 'FAILED':
        return [await this.fail()];
      default:
        return [];
    }
  }

  async fail(): Promise<Told> {
    const { at } = this;
    const reasonCode = 'taskCancelled';
    const input = { ...step(await this.tender()), reasonCode };
    return at.do(at.approver, 'declareTenderFailed', input);
  }

  /** The stages in their order; `until` leaves it where it stands in that state. */
  stages(): Stage[] {
    const { at } = this;
    const first = async (to: string) => {
      const [told] = await this.attempts(to);
      return told ?? missing('answer');
    };
    return [
      { from: 'DRAFT', to: 'PUBLISHED', attempt: () => first('PUBLISHED') },
      {
        ...{ from: 'PUBLISHED', to: 'OPENED', attempt: () => first('OPENED') },
        ...{ prepare: () => this.bid(), ready: () => this.handOver() },
      },
      {
        ...{ from: 'OPENED', to: 'QUALIFIED', attempt: () => first('QUALIFIED') },
        ready: () => at.reviewed({ id: this.id }),
      },
      {
        ...{ from: 'QUALIFIED', to: 'EVALUATING', attempt: () => first('EVALUATING') },
        ready: () => this.handOver(),
      },
      {
        ...{ from: 'EVALUATING', to: 'RESULT_NOTICE' },
        ...{ prepare: () => this.judge(), ready: () => this.report() },
        attempt: async () => at.do(at.officer, 'chooseWinners', step(await this.tender())),
        finish: async () => at.do(at.approver, 'announceResult', step(await this.tender())),
      },
      {
        ...{ from: 'RESULT_NOTICE', to: 'AWARDED', attempt: () => this.accept() },
        ready: async () => at.must(at.approver, 'noticeAward', step(await this.award())),
      },
    ];
  }

  /** From the draft to this state, with nothing tried on the way. */
  async until(state: string): Promise<this> {
    for (const stage of this.stages()) {
      if (stage.from === state) break;
      await stage.prepare?.();
      await this.waitFor(stage.to);
      await stage.ready?.();
      await stage.attempt();
      await stage.finish?.();
    }
    return this;
  }

  /** Lets the clock of a step run, to the moment that the tender tells. */
  async waitFor(to: string): Promise<void> {
    const step = (await this.offered()).find(({ toState }) => toState === to);
    if (step?.at) await this.at.clockTo(new Date(step.at));
  }

  async accept(): Promise<Told> {
    const award = await this.award();
    const winner = this.bidders.find(({ organisation }) => organisation === award.organisation);
    return this.at.do(winner ?? missing('winner'), 'acceptAward', step(award));
  }

  /** The next candidate is chosen, announced, noticed after the stand-still, and accepts. */
  async next(): Promise<void> {
    const { at } = this;
    await at.must(at.officer, 'chooseWinners', step(await this.tender()));
    await at.must(at.approver, 'announceResult', step(await this.tender()));
    await this.waitFor('AWARDED');
    await at.must(at.approver, 'noticeAward', step(await this.award()));
    await this.accept();
  }

  private async bid() {
    const tender = { id: this.id };
    for (const price of ['80000000', '85000000', '87000000']) {
      const bidder = this.at.bidder();
      const input = await this.at.submission(tender, bidder, { price });
      this.bids.push(await this.at.must(bidder, 'submitBid', input));
      this.bidders.push(bidder);
    }
  }

  private async handOver() {
    for (const officer of (await this.at.officers()).slice(0, 2))
      await this.at.handOver(await this.tender(), officer);
  }

  private async judge() {
    const { at, bids, way } = this;
    const seated = await at.seatedCommittee(await this.tender(), undefined, way.experts);
    this.members = seated.members;
    this.committee = await at.checkedBids(seated.committee, this.members, bids);
    if (!way.finalOffers) return;
    const dueAt = '2025-11-25T14:00:00+08:00';
    const [leader] = this.members;
    this.committee = await at.must(leader ?? missing('leader'), 'callForFinalOffers', {
      ...{ ...step(this.committee), dueAt, changes: null },
    });
    for (const [place, bidder] of this.bidders.entries()) {
      const offer = await at.finalOffer(bids[place]?.id ?? '', bidder, `7${place}000000`);
      await at.must(bidder, 'submitFinalOffer', offer);
    }
  }

  private async report() {
    const { at, members, bids } = this;
    let committee = this.committee ?? missing('committee');
    if (this.way.finalOffers) {
      await this.handOver();
      await this.attempts('OPENED');
      committee = { ...committee, version: committee.version + 1 };
    }
    const leader = members[0] ?? missing('leader');
    await at.scoredBids(committee, members, bids);
    const scores = await at.must(leader, 'openScores', step(committee));
    const drawnUp = await at.must(leader, 'drawUpReport', step(scores));
    for (const member of members)
      await at.must(member, 'signReport', { ...step(drawnUp), reportHash: drawnUp.reportHash });
    return at.must(leader, 'deliverReport', step(drawnUp));
  }
}
