import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import {
  generateOfficerKey,
  type OfficerPrivateKey,
  type OfficerPublicKey,
  sealEnvelope,
  unlockOfficerKey,
  unwrapShares,
} from '@mulin/seal';
import { type TestService, testService } from '@mulin/testing';
import { ContractFundsReleased } from '@mulin/events';
import type { ReceivedEvent } from '@mulin/messaging';
import { ContractEvents } from '../src/award/contract.events.js';
import { boot, migrations, serviceName } from '../src/index.js';
import { mutationOf, plain } from './operations.js';

export const STREET = '310110015';

/** What the database's clock shows in every suite, give or take the seconds it runs: a Monday. */
export const NOW = new Date('2025-11-10T10:00:00+08:00');

export const person = (roles: Actor['roles'], more: Partial<Actor> = {}): Actor => ({
  id: newId('per'),
  street: STREET,
  organisation: null,
  roles,
  ...more,
});

/** What a mutation answered, with its plain fields. */
export type Told = Record<string, unknown> & { __typename: string; id: string; version: number };

let serial = 0;
/** A step of a row: its id, the version one saw, and a key of its own. */
export const step = (row: { id: string; version: number }) => ({
  id: row.id,
  expectedVersion: row.version,
  idempotencyKey: `key-${(serial += 1)}`,
});

/** A running service and the people of the street. */
export class Bench {
  readonly officer = person(['streetOfficer']);
  readonly secondOfficer = person(['streetOfficer']);
  readonly approver = person(['streetApprover']);
  readonly secondApprover = person(['streetApprover']);
  readonly resident = person(['resident']);

  private constructor(readonly mulin: TestService) {}

  static async open(options: { events?: boolean; topicPrefix?: string } = {}): Promise<Bench> {
    const mulin = await testService({ serviceName, boot, migrations, ...options });
    const bench = new Bench(mulin);
    await bench.clockTo(NOW);
    await bench.fund({ id: FUND });
    return bench;
  }

  /** Sets the database's clock; it goes on from there. */
  async clockTo(time: Date): Promise<void> {
    const [row] = await this.mulin.database.query<{ now: Date }>('select mulin.now() as now');
    const ahead = (time.getTime() - (row?.now.getTime() ?? 0)) / 1000;
    await this.mulin.database.advanceClock(`${ahead} seconds`);
  }

  async do(actor: Actor, mutation: string, input: object, language = 'en'): Promise<Told> {
    const { data, errors } = await this.mulin.ask<Record<string, object>>(
      actor,
      mutationOf(mutation),
      { input },
      { 'accept-language': language },
    );
    const result = data?.[mutation];
    if (!result) throw new Error(`${mutation}: ${JSON.stringify(errors)}`);
    // mutationOf asks for these; where a type has none of them, the test fails at its first look.
    return plain(result) as Told;
  }

  /** The same, and it must have been carried out. */
  async must(actor: Actor, mutation: string, input: object): Promise<Told> {
    const told = await this.do(actor, mutation, input);
    if ('rule' in told) throw new Error(`${mutation}: ${JSON.stringify(told)}`);
    return told;
  }

  /** A fund of 2026 with two million yuan, as payments told it. */
  async fund(
    facts: { id?: string; street?: string; year?: number; fen?: string; open?: boolean } = {},
  ): Promise<string> {
    const id = facts.id ?? newId('fun');
    const { street = STREET, year = 2026, fen = '200000000', open = true } = facts;
    await this.mulin.database.query(
      `insert into known_fund (id, street, fiscal_year, is_open, appropriated_fen)
       values ($1, $2, $3, $4, $5)`,
      [id, street, year, open, fen],
    );
    return id;
  }

  outbox(aggregateId: string) {
    return this.mulin.database.query<{ type: string; aggregateversion: number; payload: unknown }>(
      'select type, aggregateversion, payload from mulin.outbox where aggregateid = $1 order by seq',
      [aggregateId],
    );
  }

  async listedItem(change: object = {}): Promise<Told> {
    const item = await this.must(this.officer, 'draftServiceItem', { ...itemTerms(), ...change });
    return this.must(this.approver, 'listServiceItem', step(item));
  }

  /** A listed item with a budget of one million yuan for 2026. */
  async budgetLine(change: { fiscalYear?: number } & Record<string, unknown> = {}): Promise<Told> {
    const year = change.fiscalYear ?? 2026;
    const item = await this.listedItem();
    return this.must(this.officer, 'addBudgetLine', {
      id: newId('bln'),
      serviceItemId: item.id,
      fiscalYear: 2026,
      planned: '100000000',
      fundId: year === 2026 ? FUND : await this.fund({ year }),
      ...change,
    });
  }

  async approvedPlan(change: object = {}): Promise<Told> {
    const line = await this.budgetLine();
    const plan = await this.must(this.officer, 'draftProcurementPlan', {
      ...planTerms(line.id),
      ...change,
    });
    const filed = await this.must(this.officer, 'fileProcurementPlan', step(plan));
    return this.must(this.approver, 'approveProcurementPlan', step(filed));
  }

  /** Made once for a suite: deriving a key from a passphrase takes its time, and should. */
  async officers(): Promise<readonly Officer[]> {
    this.made ??= Promise.all([0, 1, 2].map(() => this.newOfficer()));
    return this.made;
  }
  private made?: Promise<readonly Officer[]>;

  async newOfficer(): Promise<Officer> {
    const actor = person(['auditor']);
    const { publicKey, privateKey } = await generateOfficerKey(PASSPHRASE);
    const keyId = newId('key');
    const file = { id: keyId, publicKey: JSON.stringify(publicKey) };
    await this.must(actor, 'registerOpeningKey', file);
    return { actor, keyId, publicKey, privateKey };
  }

  /** A tender file that may be published, on an approved plan of its own. */
  async tenderFile(change: object = {}) {
    const officers = await this.officers();
    return { ...fileTerms(officers.map(({ keyId }) => keyId)), ...change };
  }

  async draftedTender(change: object = {}, plan: object = {}): Promise<Told> {
    const approved = await this.approvedPlan(plan);
    return this.must(this.officer, 'draftTender', {
      id: newId('ten'),
      procurementPlanId: approved.id,
      ...(await this.tenderFile(change)),
    });
  }

  /** Somebody who acts for an organisation that bids. */
  bidder = () => person(['organisationManager'], { organisation: newId('org') });

  /** The organisation as the register told it; where it is known already, it stays as it is. */
  async known(id: string | null, facts: { verified?: boolean; restrictedUntil?: string } = {}) {
    await this.mulin.database.query(
      `insert into organisation (id, street, name, verified, restricted_until)
       values ($1, $2, '某社会组织（虚构）', $3, $4) on conflict do nothing`,
      [id, STREET, facts.verified ?? true, facts.restrictedUntil ?? null],
    );
  }

  /** A grade that holds on the days of these tests, as the register told it. */
  async graded(bidder: Actor, grade: number, to = '2029-12-31') {
    await this.mulin.database.query(
      `insert into known_grade (rating_id, organisation_id, street, grade, valid_from, valid_to)
       values ($1, $2, $3, $4, '2024-01-01', $5)`,
      [newId('rtg'), bidder.organisation, STREET, grade, to],
    );
  }

  /** A final evaluation of an earlier contract, as evaluations told it. */
  async evaluated(bidder: Actor, score: number, finalisedAt = '2025-06-30T10:00:00+08:00') {
    await this.mulin.database.query(
      `insert into known_evaluation (evaluation_id, organisation_id, street, score, finalised_at)
       values ($1, $2, $3, $4, $5)`,
      [newId('eva'), bidder.organisation, STREET, score, finalisedAt],
    );
  }

  /** One person who heads or holds these organisations. */
  async related(
    organisations: readonly (string | null)[],
    change: { kind?: string; to?: string } = {},
  ) {
    const who = newId('per');
    for (const organisation of organisations)
      await this.mulin.database.query(
        `insert into relation (id, street, person_id, organisation_id, kind, valid_from, valid_to)
         values ($1, $2, $3, $4, $5, '2020-01-01', $6)`,
        [newId('rel'), STREET, who, organisation, change.kind ?? 'head', change.to ?? null],
      );
  }

  /** Both envelopes, sealed on the bidder's machine to the tender's three officers. */
  async sealed(
    tender: { id: string },
    bidder: Actor,
    change: {
      /** Another lot than the first. */
      forLot?: string;
      /** Another lot than it is handed in for. */
      lotId?: string;
      bidVersion?: number;
      tenderId?: string;
      bidderId?: string;
      price?: string;
    } = {},
  ) {
    const [lot] = await this.mulin.database.query<{ id: string }>(
      'select id from lot where tender_id = $1 order by no',
      [tender.id],
    );
    const context = {
      tenderId: change.tenderId ?? tender.id,
      lotId: change.lotId ?? change.forLot ?? lot?.id ?? '',
      bidderId: change.bidderId ?? bidder.organisation ?? '',
      bidVersion: change.bidVersion ?? 1,
    };
    const keys = (await this.officers()).map(({ publicKey }) => publicKey);
    const seal = async (envelope: 'qualification' | 'price') =>
      JSON.stringify(
        await sealEnvelope(
          { ...context, envelope },
          new TextEncoder().encode(JSON.stringify(papers(change.price)[envelope])),
          keys,
        ),
      );
    return { qualification: await seal('qualification'), price: await seal('price') };
  }

  async submission(
    tender: { id: string },
    bidder: Actor,
    change: Parameters<Bench['sealed']>[2] = {},
  ) {
    const [lot] = await this.mulin.database.query<{ id: string }>(
      'select id from lot where tender_id = $1 order by no',
      [tender.id],
    );
    await this.known(bidder.organisation);
    const envelopes = await this.sealed(tender, bidder, change);
    const lotId = change.forLot ?? lot?.id;
    return { id: newId('bid'), tenderId: tender.id, lotId, ...envelopes };
  }

  async bid(tender: { id: string }, bidder = this.bidder()): Promise<Told> {
    return this.must(bidder, 'submitBid', await this.submission(tender, bidder));
  }

  /** The officer's part: on the own machine, with the own private key. */
  async handOver(
    tender: Told,
    officer: Officer,
    change: (shares: object[]) => object[] = (same) => same,
    lotId: string | null = null,
  ) {
    const { sealedBids } = await this.mulin.answer<{ sealedBids: { envelope: string }[] }>(
      officer.actor,
      'query ($id: ID!, $lotId: ID) { sealedBids(tenderId: $id, lotId: $lotId) { envelope } }',
      { id: tender.id, lotId },
    );
    const shares = await Promise.all(
      sealedBids.map(({ envelope }) => this.unwrapped(JSON.parse(envelope), officer)),
    );
    return this.do(officer.actor, 'handOverShares', {
      ...{ ...step(tender), lotId },
      shares: JSON.stringify(change(shares.flat())),
    });
  }

  /** What an officer has of one envelope. */
  async unwrapped(envelope: unknown, officer: Officer) {
    this.unlocked.set(
      officer,
      this.unlocked.get(officer) ?? unlockOfficerKey(officer.privateKey, PASSPHRASE),
    );
    const key = await this.unlocked.get(officer);
    if (!key) throw new Error('no key');
    return unwrapShares(envelope, key);
  }
  private readonly unlocked = new Map<Officer, ReturnType<typeof unlockOfficerKey>>();

  /** Two officers hand over, one of them opens. */
  async opened(tender: Told): Promise<Told> {
    const [first, , third] = await this.officers();
    if (!first || !third) throw new Error('no officers');
    await this.handOver(tender, first);
    await this.handOver(tender, third);
    return this.must(third.actor, 'openBids', step(tender));
  }

  /** Both findings of every opened bid: all qualify but those named. */
  async reviewed(tender: { id: string }, disqualified: readonly string[] = []): Promise<void> {
    const bids = await this.mulin.database.query<{ id: string }>(
      `select id from bid where tender_id = $1 and state = 'opened' order by id`,
      [tender.id],
    );
    for (const { id } of bids) {
      const out = disqualified.includes(id);
      const review = await this.must(this.officer, 'reviewQualification', {
        ...step({ id, version: 0 }),
        qualified: !out,
        ...(out ? { reasonCode: 'illegal-record', because: '两年前受过重大行政处罚。' } : {}),
      });
      const { version } = review;
      await this.must(this.approver, 'confirmQualification', step({ id, version }));
    }
  }

  /** The person as the register told it. */
  async registered(who: Actor): Promise<Actor> {
    await this.mulin.database.query('insert into known_person (id, street) values ($1, $2)', [
      ...[who.id, STREET],
    ]);
    return who;
  }

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

  /** A tender whose prices are open, with its bids in the order of these prices. */
  async pricedTender(prices: readonly string[], change: object = {}, plan: object = {}) {
    await this.clockTo(NOW);
    const tender = await this.publishedTender(change, plan);
    const bidders: Actor[] = [];
    const bids: Told[] = [];
    for (const price of prices) {
      const bidder = this.bidder();
      bidders.push(bidder);
      bids.push(
        await this.must(bidder, 'submitBid', await this.submission(tender, bidder, { price })),
      );
    }
    await this.clockTo(AFTER_DEADLINE);
    const opened = await this.opened(tender);
    await this.reviewed(tender);
    const closed = await this.must(this.approver, 'closeQualification', step(opened));
    return { tender: await this.opened(closed), bids, bidders };
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
      `select tender_id as tender, lot_id as lot, version, final_offer_version as made
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

  /** A tender whose result is announced: who won, and its award. */
  async announcedTender(prices?: readonly string[]) {
    const reported = await this.reportedTender(prices);
    const chosen = await this.must(this.officer, 'chooseWinners', step(reported.tender));
    const tender = await this.must(this.approver, 'announceResult', step(chosen));
    const [award] = await this.mulin.database.query<Told & { organisation: string }>(
      'select id, version, organisation_id as organisation from award where tender_id = $1',
      [tender.id],
    );
    const winner = reported.bidders.find(
      ({ organisation }) => organisation === award?.organisation,
    );
    return {
      ...reported,
      tender,
      award: award ?? missing('award'),
      winner: winner ?? missing('winner'),
    };
  }

  /** contracts tells that nobody has signed it in time; handled as by the consumer, with its rights. */
  async unsigned(contractId: unknown) {
    const payload = { ...ContractFundsReleased.good, contractId: String(contractId) };
    await this.mulin.service.database.asSystem((tx) =>
      // The handler reads the payload alone.
      new ContractEvents().released(
        [{ payload } as ReceivedEvent<typeof ContractFundsReleased.good>],
        { tx },
      ),
    );
  }

  async publishedTender(change: object = {}, plan: object = {}): Promise<Told> {
    const tender = await this.draftedTender(change, plan);
    return this.must(this.approver, 'publishTender', step(tender));
  }
}

/** The first moment at which the bids for a tender of `fileTerms` may be opened. */
export const AFTER_DEADLINE = new Date('2025-11-25T10:00:10+08:00');

export function missing(what: string): never {
  throw new Error(`there is no ${what}`);
}

/** What a bidder writes into the envelopes; the canary is looked for everywhere before the opening. */
export const papers = (priceFen = '85000000') => ({
  qualification: { creditCode: '52310110MJ53700015', statement: '三年内无重大违法记录' },
  price: { priceFen },
});

/** Published on Monday 10 November 2025, bids until the 25th, below the threshold. */
export const fileTerms = (openingKeyIds: string[]) => ({
  title: '第三睦邻中心托管服务公开比选',
  fileUntil: '2025-11-20',
  deadline: '2025-11-25T10:00:00+08:00',
  validityDays: 90,
  priceWeight: 1000,
  lots: [{ id: newId('lot'), title: '托管服务', budget: '90000000', ceiling: '88000000' }],
  criteria: [
    {
      id: newId('crt'),
      code: 'service-plan',
      title: '服务方案',
      factorCode: 'service-plan',
      objective: false,
      points: 6000,
    },
    {
      id: newId('crt'),
      code: 'grade',
      title: '评估等级：5A 30 分，4A 20 分，3A 10 分，未参评 20 分',
      factorCode: 'grade',
      objective: true,
      points: 3000,
      scale: GRADE_STEPS,
    },
  ],
  openingKeyIds,
  from: '2026-01-01',
  to: '2026-12-31',
  paymentRule: JSON.stringify(RULE),
  obligations: [{ code: 'volunteer-team', title: '孵化志愿者团队', metric: '年内 2 支' }],
  instalments: [
    { kind: 'ADVANCE', share: 3000, fundId: FUND },
    {
      kind: 'EVALUATED',
      share: 7000,
      fundId: FUND,
      periodFrom: '2026-01-01',
      periodTo: '2026-12-31',
    },
  ],
});

/** Nobody is worse off for never having been graded (实施条例 第二十条). */
export const GRADE_STEPS = {
  measure: 'GRADE',
  steps: [
    { atLeast: 3, points: 1000 },
    { atLeast: 4, points: 2000 },
    { atLeast: 5, points: 3000 },
  ],
  withoutRecord: 2000,
};

const FUND = newId('fun');

/** The payment rule that the tender file announces. */
export const RULE = {
  version: 1,
  bands: [
    { fromScore: 0, payShare: 0, grade: '不合格' },
    { fromScore: 6000, payShare: 7000, grade: '合格' },
    { fromScore: 8000, payShare: 10_000, grade: '良好' },
  ],
  failBelow: 6000,
  gates: [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [2] }],
  breachDeductions: [],
  retention: 1000,
  rectificationDays: 20,
  carryExcess: false,
};

/** Three people of the street, each with a key pair made on a machine of their own. */
export interface Officer {
  actor: Actor;
  keyId: string;
  publicKey: OfficerPublicKey;
  privateKey: OfficerPrivateKey;
}

export const PASSPHRASE = 'correct horse battery staple';

/** 睦邻中心托管, as the catalogue of the Yanji case has it. */
export const itemTerms = () => {
  const id = newId('itm');
  return {
    id,
    code: `centre-${id.slice(-8)}`,
    categoryCode: 'centre-custody',
    title: '睦邻中心托管',
    standard: '全年开放，每周不少于 56 小时',
    targetGroup: '辖区居民',
    unit: '年',
    legalBasis: '上海市街道办事处条例 第十六条',
  };
};

export const planTerms = (budgetLineId: string) => ({
  id: newId('ppl'),
  budgetLineId,
  title: '第三睦邻中心托管服务',
  amount: '90000000',
  method: 'BELOW_THRESHOLD',
  needIds: [newId('ned')],
});
