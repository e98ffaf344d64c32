import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import {
  generateOfficerKey,
  type OfficerPublicKey,
  sealEnvelope,
  type UnlockedKey,
  unlockOfficerKey,
  unwrapShares,
} from '@mulin/seal';
import { replayScores, type ScoreInput, verifyDraw } from '@mulin/tender-rule';
import { eventually } from '@mulin/testing';
import { RULE } from './story.js';
import { person, type Told, type World } from './world.js';

const PASSPHRASE = 'correct horse battery staple';
const CRITERIA = [
  { code: 'service-plan', title: '服务方案', objective: false, points: 6000 },
  {
    code: 'grade',
    title: '评估等级：5A 30 分，4A 25 分，3A 及未参评 20 分',
    objective: true,
    points: 3000,
    scale: {
      measure: 'GRADE',
      steps: [
        { atLeast: 3, points: 2000 },
        { atLeast: 4, points: 2500 },
        { atLeast: 5, points: 3000 },
      ],
      withoutRecord: 2000,
    },
  },
];

interface Officer {
  actor: Actor;
  keyId: string;
  publicKey: OfficerPublicKey;
  key: UnlockedKey;
}

export interface Bidder {
  id: string;
  manager: Actor;
}

/** All that is done around a tender, by the people who do it; each step through the gateway. */
export class Tendering {
  private serial = 0;

  private constructor(
    private readonly world: World,
    readonly officers: readonly Officer[],
  ) {}

  /** With three opening officers, each with a key made on a machine of their own. */
  static async in(world: World): Promise<Tendering> {
    const officers = await Promise.all(
      [0, 1, 2].map(async () => {
        const actor = person('auditor');
        const { publicKey, privateKey } = await generateOfficerKey(PASSPHRASE);
        const keyId = newId('key');
        const file = { id: keyId, publicKey: JSON.stringify(publicKey) };
        await world.must(actor, 'registerOpeningKey', file);
        return { actor, keyId, publicKey, key: await unlockOfficerKey(privateKey, PASSPHRASE) };
      }),
    );
    return new Tendering(world, officers);
  }

  /** A step of a row: its id, the version one saw, and a key of its own. */
  step({ id, version }: { id: string; version: number }) {
    return { id, expectedVersion: version, idempotencyKey: `tendering-${(this.serial += 1)}` };
  }

  /** From the catalogue to an approved plan, each step by two people. */
  async plan(facts: { fundId: string; amount: string; method: string }): Promise<Told> {
    const { officer: writer, approver } = this.world.people;
    const { fundId, amount, method } = facts;
    const id = newId('itm');
    const item = await this.world.must(writer, 'draftServiceItem', {
      ...{ id, code: `centre-${id.slice(-8)}`, categoryCode: 'centre-custody' },
      title: '睦邻中心托管',
      standard: '全年开放，每周不少于 56 小时',
      ...{ targetGroup: '辖区居民', unit: '年', legalBasis: '上海市街道办事处条例 第十六条' },
    });
    await this.world.must(approver, 'listServiceItem', this.step(item));
    await this.fundKnown(fundId);
    const line = await this.world.must(writer, 'addBudgetLine', {
      ...{ id: newId('bln'), serviceItemId: item.id, fiscalYear: 2026, planned: amount, fundId },
    });
    const plan = await this.world.must(writer, 'draftProcurementPlan', {
      ...{ id: newId('ppl'), budgetLineId: line.id, title: '第三睦邻中心托管服务', amount, method },
      needIds: [newId('ned')],
    });
    const filed = await this.world.must(writer, 'fileProcurementPlan', this.step(plan));
    return this.world.must(approver, 'approveProcurementPlan', this.step(filed));
  }

  /** A published tender of one lot for 2026: 30 % in advance, 70 % by evaluation. */
  async publish(facts: {
    planId: string;
    fundId: string;
    budget: string;
    fileUntil: string;
    deadline: string;
    title?: string;
  }): Promise<Told> {
    const { officer: writer, approver } = this.world.people;
    const { planId, fundId, budget, fileUntil, deadline } = facts;
    const period = { periodFrom: '2026-01-05', periodTo: '2026-12-31' };
    const draft = await this.world.must(writer, 'draftTender', {
      id: newId('ten'),
      procurementPlanId: planId,
      title: facts.title ?? '第三睦邻中心托管服务',
      ...{ fileUntil, deadline, validityDays: 90, priceWeight: 1000 },
      lots: [{ id: newId('lot'), title: '托管服务', budget }],
      criteria: CRITERIA.map((each) => ({ ...each, id: newId('crt'), factorCode: each.code })),
      openingKeyIds: this.officers.map(({ keyId }) => keyId),
      ...{ from: '2026-01-05', to: '2026-12-31' },
      paymentRule: JSON.stringify({ version: 1, ...RULE, gates: [], breachDeductions: [] }),
      obligations: [{ code: 'hotline-response', title: '96890 及时响应', metric: '30 分钟内' }],
      instalments: [
        { kind: 'ADVANCE', share: 3000, fundId },
        { kind: 'EVALUATED', share: 7000, fundId, ...period },
      ],
    });
    return this.world.must(approver, 'publishTender', this.step(draft));
  }

  /** Waits until payments' news of the fund has come, with the money in it. */
  private async fundKnown(fundId: string): Promise<void> {
    await eventually(
      async () => {
        const known = await this.world.databases.tenders.query(
          'select from known_fund where id = $1 and street is not null and appropriated_fen > 0',
          [fundId],
        );
        if (known.length === 0) throw new Error(`${fundId} is not known yet`);
      },
      { withinMs: 20_000 },
    );
  }

  /** Waits until the register's news of so many verified organisations has come. */
  async known(count: number): Promise<void> {
    await eventually(
      async () => {
        const [row] = await this.world.databases.tenders.query<{ count: number }>(
          'select count(*)::int as count from organisation where verified',
        );
        if ((row?.count ?? 0) < count) throw new Error(`${row?.count} of ${count} are known`);
      },
      { withinMs: 20_000 },
    );
  }

  /** Both envelopes, sealed on the bidder's machine. */
  async submission(tender: Told, bidderId: string, offer: object) {
    const { tender: seen } = await this.world.answer<{ tender: { lots: { id: string }[] } }>(
      this.world.people.officer,
      'query ($id: ID!) { tender(id: $id) { lots { id } } }',
      { id: tender.id },
    );
    const lotId = seen.lots[0]?.id ?? '';
    const keys = this.officers.map(({ publicKey }) => publicKey);
    const seal = async (envelope: 'qualification' | 'price', content: object) =>
      JSON.stringify(
        await sealEnvelope(
          { tenderId: tender.id, lotId, bidderId, bidVersion: 1, envelope },
          new TextEncoder().encode(JSON.stringify(content)),
          keys,
        ),
      );
    return {
      ...{ id: newId('bid'), tenderId: tender.id, lotId },
      qualification: await seal('qualification', { statement: '三年内无重大违法记录' }),
      price: await seal('price', offer),
    };
  }

  async bid(tender: Told, { id, manager }: Bidder, priceFen: string): Promise<Told> {
    const input = await this.submission(tender, id, { priceFen });
    return this.world.must(manager, 'submitBid', input);
  }

  /** Two officers take the envelopes to their machines, hand over their halves, and one opens. */
  async open(tender: Told): Promise<Told> {
    const [first, , third] = this.officers;
    if (!first || !third) throw new Error('no officers');
    for (const { actor, key } of [first, third]) {
      const { sealedBids } = await this.world.answer<{ sealedBids: { envelope: string }[] }>(
        actor,
        'query ($id: ID!) { sealedBids(tenderId: $id) { envelope } }',
        { id: tender.id },
      );
      const shares = await Promise.all(
        sealedBids.map(({ envelope }) => unwrapShares(JSON.parse(envelope), key)),
      );
      await this.world.must(actor, 'handOverShares', {
        ...this.step(tender),
        shares: JSON.stringify(shares.flat()),
      });
    }
    return this.world.must(third.actor, 'openBids', this.step(tender));
  }

  /** Two people settle who qualifies: all but those named. */
  async review(tender: Told, disqualified: readonly string[] = []): Promise<Told> {
    const { officer, approver } = this.world.people;
    for (const { id } of await this.bids(tender, 'OPENED')) {
      const out = disqualified.includes(id);
      const { version } = await this.world.must(officer, 'reviewQualification', {
        ...{ ...this.step({ id, version: 0 }), qualified: !out },
        ...(out ? { reasonCode: 'illegal-record', because: '两年前受过重大行政处罚。' } : {}),
      });
      await this.world.must(approver, 'confirmQualification', this.step({ id, version }));
    }
    return this.world.must(approver, 'closeQualification', this.step(tender));
  }

  async bids(tender: Told, state?: string): Promise<{ id: string; state: string }[]> {
    const { bids } = await this.world.answer<{
      bids: { nodes: { id: string; state: string }[] };
    }>(
      this.world.people.officer,
      'query ($id: ID) { bids(first: 20, tenderId: $id) { nodes { id state } } }',
      { id: tender.id },
    );
    return bids.nodes.filter((each) => !state || each.state === state);
  }

  /** Listed experts, each with an account of their own. */
  async experts(count: number): Promise<Actor[]> {
    const { officer, approver } = this.world.people;
    const people = Array.from({ length: count }, () => person('expert'));
    for (const [at, { id: personId }] of people.entries()) {
      const expert = await this.world.must(officer, 'registerExpert', {
        ...{ id: newId('exp'), personId, name: `专家${at + 1}（虚构）`, speciality: '社区服务' },
      });
      await this.world.must(approver, 'listExpert', this.step(expert));
    }
    return people;
  }

  /** Somebody of the street, once tenders knows of them. */
  private async registered(who: Actor): Promise<Actor> {
    const name = '采购人代表（虚构）';
    await this.world.must(this.world.people.officer, 'registerPerson', { id: who.id, name });
    await eventually(
      async () => {
        const known = await this.world.databases.tenders.query(
          'select from known_person where id = $1',
          [who.id],
        );
        if (known.length === 0) throw new Error(`${who.id} is not known yet`);
      },
      { withinMs: 20_000 },
    );
    return who;
  }

  /** Draws a committee from these experts and seats it; the leader comes first. */
  async committee(tender: Told, pool: readonly Actor[], experts: number) {
    const representative = await this.registered(person('streetOfficer'));
    const committee = await this.world.must(this.world.people.officer, 'drawCommittee', {
      ...{ ...this.step(tender), experts, buyerRepresentativeIds: [representative.id] },
    });
    const seats: { actor: Actor; place: number }[] = [];
    for (const actor of pool) {
      const { myCommitteeSeats } = await this.world.answer<{
        myCommitteeSeats: { committeeId: string; place: number }[];
      }>(actor, '{ myCommitteeSeats { committeeId place } }');
      const seat = myCommitteeSeats.find(({ committeeId }) => committeeId === committee.id);
      if (seat) seats.push({ actor, place: seat.place });
    }
    seats.sort((one, other) => one.place - other.place);
    for (const { actor } of seats)
      await this.world.must(actor, 'answerInvitation', { ...this.step(committee), accept: true });
    return { committee, members: [...seats.map(({ actor }) => actor), representative] };
  }

  /** Conformity, scores, report, signatures: the whole of a committee's work. */
  async judge(tender: Told, committee: Told, members: readonly Actor[]): Promise<Told> {
    const [leader] = members;
    if (!leader) throw new Error('no leader');
    const bids = await this.bids(tender, 'PRICED');
    for (const member of members)
      for (const { id: bidId } of bids)
        await this.world.must(member, 'submitConformity', {
          ...{ ...this.step(committee), bidId, compliant: true },
        });
    const checked = await this.world.must(leader, 'closeConformity', this.step(committee));
    // Nobody thinks quite like another, but of what is objective; and each later bid pleases them a little more.
    for (const [seat, member] of members.entries())
      for (const [place, { id: bidId }] of bids.entries())
        await this.world.must(member, 'submitScores', {
          ...{ ...this.step(checked), bidId },
          scores: [
            { criterion: 'service-plan', points: 5000 + 70 * seat + 110 * place },
            // By the record, whoever judges: nobody here holds a grade.
            { criterion: 'grade', points: 2000 },
          ],
        });
    const opened = await this.world.must(leader, 'openScores', this.step(checked));
    const drawnUp = await this.world.must(leader, 'drawUpReport', this.step(opened));
    for (const member of members)
      await this.world.must(member, 'signReport', {
        ...{ ...this.step(drawnUp), reportHash: drawnUp.reportHash },
      });
    return this.world.must(leader, 'deliverReport', this.step(drawnUp));
  }

  /** The draws and the score reports of a tender, each with whether anyone can make it again, to the byte. */
  async replayed(tender: Told) {
    const { tender: seen } = await this.world.answer<{
      tender: {
        committee: {
          draws: { round: number; seed: string; pool: string[]; drawn: string[] }[];
          reports: { text: string; hash: string }[];
        };
      };
    }>(
      this.world.people.auditor,
      `query ($id: ID!) { tender(id: $id) { committee { draws { round seed pool drawn }
         reports { text hash } } } }`,
      { id: tender.id },
    );
    const { draws, reports } = seen.committee;
    return {
      draws: draws.map(({ round, seed, pool, drawn: order }) =>
        verifyDraw({ seed, pool, order, subject: `${tender.id} ${round}` }),
      ),
      reports: reports.map(({ text, hash }) => {
        const { input } = JSON.parse(text) as { input: ScoreInput };
        const again = replayScores(input);
        return again.text === text && again.hash === hash;
      }),
      texts: reports.map(({ text }) => text),
    };
  }

  /** Choice and announcement, by two people. */
  async announce(tender: Told): Promise<Told> {
    const { officer, approver } = this.world.people;
    const chosen = await this.world.must(officer, 'chooseWinners', this.step(tender));
    return this.world.must(approver, 'announceResult', this.step(chosen));
  }

  /** The award notice, and the winner's yes. */
  async award(tender: Told, bidders: readonly Bidder[]): Promise<Told> {
    const { awards } = await this.world.answer<{
      awards: { nodes: { id: string; version: number; organisationId: string }[] };
    }>(
      this.world.people.officer,
      `query ($id: ID) { awards(first: 5, filter: { tenderId: $id, state: ANNOUNCED })
         { nodes { id version organisationId } } }`,
      { id: tender.id },
    );
    const [award] = awards.nodes;
    const winner = bidders.find(({ id }) => id === award?.organisationId);
    if (!award || !winner) throw new Error('nobody won');
    const notice = await this.world.must(
      this.world.people.approver,
      'noticeAward',
      this.step(award),
    );
    return this.world.must(winner.manager, 'acceptAward', this.step(notice));
  }
}
