import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { sealEnvelope } from '@mulin/seal';
import { Bidding } from './bidding.js';
import { missing, person, step, type Told } from './terms.js';

/** The committee from its draw to its report. */
export class Committee extends Bidding {
  /** Listed experts, each with an account of their own. */
  async experts(count: number): Promise<Actor[]> {
    const people = Array.from({ length: count }, () => person(['expert']));
    for (const [at, { id: personId }] of people.entries()) {
      const expert = await this.must(this.officer, 'registerExpert', {
        ...{ id: newId('exp'), personId, name: `专家${at + 1}（虚构）`, speciality: '社区服务' },
      });
      await this.must(this.approver, 'listExpert', step(expert));
    }
    return people;
  }

  /** Takes everyone out of the pool, so that the next draw knows only its own experts. */
  async emptyPool(): Promise<void> {
    await this.mulin.database.query(`update expert set state = 'removed'`);
  }

  /** A committee of two experts, or of so many, and one representative, all seated; the leader first. */
  async seatedCommittee(tender: Told, people?: readonly Actor[], seats = 2) {
    if (!people) await this.emptyPool();
    const pool = people ?? (await this.experts(seats + 2));
    const representative = await this.registered(person(['streetOfficer']));
    const committee = await this.must(this.officer, 'drawCommittee', {
      ...step(tender),
      experts: seats,
      buyerRepresentativeIds: [representative.id],
    });
    const experts = await this.invited(committee, pool);
    for (const expert of experts)
      await this.must(expert, 'answerInvitation', { ...step(committee), accept: true });
    return { committee, experts, members: [...experts, representative] };
  }

  /** Who of these was invited, in the order drawn. */
  async invited(committee: { id: string }, people: readonly Actor[]): Promise<Actor[]> {
    const rows = await this.mulin.database.query<{ id: string }>(
      `select person_id as id from committee_member where committee_id = $1 and state = 'invited'
       order by place`,
      [committee.id],
    );
    return rows.flatMap(({ id }) => people.filter((each) => each.id === id));
  }

  /** Every member finds every bid compliant, but those named. */
  async checkedBids(
    committee: Told,
    members: readonly Actor[],
    bids: readonly Told[],
    invalid: readonly string[] = [],
  ): Promise<Told> {
    for (const member of members)
      for (const { id: bidId } of bids)
        await this.must(member, 'submitConformity', {
          ...{ ...step(committee), bidId, compliant: !invalid.includes(bidId) },
          ...(invalid.includes(bidId) ? { reasonCode: 'not-signed', because: '未盖章。' } : {}),
        });
    return this.must(members[0] ?? missing('leader'), 'closeConformity', step(committee));
  }

  /** A consultation whose committee has found these bids compliant, and may call for final offers. */
  async consultedTender(prices: readonly string[] = ['80000000', '85000000', '87000000']) {
    const method = { method: 'COMPETITIVE_CONSULTATION' };
    const priced = await this.pricedTender(prices, {}, method);
    const { committee, members } = await this.seatedCommittee(priced.tender);
    const consulting = await this.checkedBids(committee, members, priced.bids);
    return { ...priced, committee: consulting, members, leader: members[0] ?? missing('leader') };
  }

  /** A bidder's last price, sealed on the own machine to the tender's officers. */
  async finalOffer(bidId: string, bidder: Actor, price: string, change: object = {}) {
    const [bid] = await this.mulin.database.query<{
      tender: string;
      lot: string;
      version: number;
      made: number;
    }>(
      `select tender_id as tender, lot_id as lot, version,
         (select coalesce(max(version), 0)::int from final_offer where bid_id = bid.id) as made
       from bid where id = $1`,
      [bidId],
    );
    if (!bid) throw new Error(`there is no ${bidId}`);
    const context = {
      tenderId: bid.tender,
      lotId: bid.lot,
      bidderId: bidder.organisation ?? '',
      bidVersion: bid.made + 1,
      envelope: 'finalOffer' as const,
      ...change,
    };
    const keys = (await this.officers()).map(({ publicKey }) => publicKey);
    const content = new TextEncoder().encode(JSON.stringify({ priceFen: price }));
    const offer = JSON.stringify(await sealEnvelope(context, content, keys));
    return { ...step({ id: bidId, version: bid.version }), offer };
  }

  /** Every member gives every bid these points. */
  async scoredBids(
    committee: Told,
    members: readonly Actor[],
    bids: readonly Told[],
    points: (at: { member: number; bid: number }) => [number, number] = () => [5000, 2000],
  ): Promise<void> {
    for (const [member, actor] of members.entries())
      for (const [bid, { id: bidId }] of bids.entries()) {
        const [plan, grade] = points({ member, bid });
        await this.must(actor, 'submitScores', {
          ...{ ...step(committee), bidId },
          scores: [
            { criterion: 'service-plan', points: plan },
            { criterion: 'grade', points: grade },
          ],
        });
      }
  }

  /** From the open prices to the report in the buyer’s hands. */
  async reportedTender(prices: readonly string[] = ['80000000', '85000000', '87000000']) {
    const { tender, bids, bidders } = await this.pricedTender(prices);
    const { committee, members } = await this.seatedCommittee(tender);
    const leader = members[0] ?? missing('leader');
    const checked = await this.checkedBids(committee, members, bids);
    await this.scoredBids(checked, members, bids);
    const opened = await this.must(leader, 'openScores', step(checked));
    const drawnUp = await this.must(leader, 'drawUpReport', step(opened));
    for (const member of members)
      await this.must(member, 'signReport', { ...step(drawnUp), reportHash: drawnUp.reportHash });
    const reported = await this.must(leader, 'deliverReport', step(drawnUp));
    return { tender, bids, bidders, committee: reported, members };
  }
}
