import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import {
  ChallengeDecided,
  ContractCancelled,
  ContractFundsReleased,
  type EventType,
  ProcurementPlanApproved,
  TenderAmended,
  TenderAwarded,
  TenderFailed,
  TenderLotFailed,
  type TenderFailedPayload,
  TenderOpened,
  TenderPublished,
  TenderResultAnnounced,
  type TenderResultAnnouncedPayload,
} from '@mulin/events';
import { newEventId, newId } from '@mulin/ids';
import { countStatements, type TestService, testService } from '@mulin/testing';
import { keep } from '../src/fact/fact-keeper.js';
import { boot, checks, migrations, serviceName } from '../src/index.js';

const STREET = '310110015';
const person = (roles: Actor['roles'], street = STREET): Actor => ({
  ...{ id: newId('per'), street, organisation: null, roles },
});
const auditor = person(['auditor']);
/** Thirty days to bid. */
const TIMELY = { publishedAt: '2026-01-05T10:00:00+08:00', deadline: '2026-02-05T10:00:00+08:00' };

type Bid = TenderResultAnnouncedPayload['bids'][number];

describe('red flags, as queries over what was told', () => {
  let mulin: TestService;
  beforeAll(async () => {
    mulin = await testService({ serviceName, boot, migrations });
  });
  afterAll(async () => {
    for (const { name, sql } of checks)
      expect({ name, violations: await mulin.database.query(sql) }).toEqual({
        name,
        violations: [],
      });
    await mulin.stop();
  });

  const tell = <P>(type: EventType<P>, payload: P, time = '2026-01-05T10:00:00+08:00') =>
    mulin.service.database.asSystem((tx) =>
      keep(tx, type as EventType, [
        {
          id: newEventId(),
          street: STREET,
          subject: type.subject(payload),
          time: new Date(time),
          payload,
        },
      ]),
    );
  /** A published tender of thirty days. */
  const published = async (change: Partial<typeof TenderPublished.good> = {}) => {
    const tenderId = newId('ten');
    await tell(TenderPublished, {
      ...TenderPublished.good,
      tenderId,
      ...TIMELY,
      ...change,
    });
    return tenderId;
  };
  const bid = (organisationId: string, price: number | null, change: Partial<Bid> = {}): Bid => ({
    ...{ bidId: newId('bid'), lotId: 'lot', organisationId, state: 'ranked', reasonCode: null },
    ...{ priceFen: price === null ? null : `${price}`, rank: null, total: null },
    receivedAt: '2026-02-01T10:00:00+08:00',
    ...change,
  });
  /** The result of a tender of one lot; the first bid has won. */
  const announced = async (
    tenderId: string,
    bids: readonly Bid[],
    lotId: string = newId('lot'),
  ) => {
    const awardId = newId('awd');
    const [winner] = bids;
    if (!winner) throw new Error('no winner');
    await tell(TenderResultAnnounced, {
      tenderId,
      awards: [
        {
          ...{ awardId, lotId, bidId: winner.bidId, rank: 1 },
          ...{ organisationId: winner.organisationId, amountFen: winner.priceFen ?? '0' },
        },
      ],
      bids: bids.map((each) => ({ ...each, lotId })),
      announcedAt: '2026-02-10T10:00:00+08:00',
    });
    return awardId;
  };
  /** It failed; the bids are what had become of them, of one lot where no other is said. */
  const failed = async (
    tenderId: string,
    bids: readonly { organisationId: string; state: string; lotId?: string }[],
    reasonCode = 'tooFewBids',
  ) => {
    const lotId = newId('lot');
    const payload: TenderFailedPayload = {
      ...{ ...TenderFailed.good, tenderId, reasonCode },
      bids: bids.map((each) => ({ bidId: newId('bid'), lotId, reasonCode: null, ...each })),
    };
    await tell(TenderFailed, payload);
  };
  const ask = async (actor: Actor, filter: object) => {
    const { redFlags } = await mulin.answer<{
      redFlags: { nodes: { indicator: string; value: string; organisationId: string | null }[] };
    }>(
      actor,
      `query ($filter: RedFlagFilter) { redFlags(first: 100, filter: $filter) { nodes { indicator value organisationId } } }`,
      { filter },
    );
    return redFlags.nodes.map(({ indicator, value }) => [indicator, value]);
  };
  const flagsOf = (tenderId: string) => ask(auditor, { tenderId });
  const org = () => newId('org');

  it('find nothing in a tender as it should be', async () => {
    const tender = await published();
    await announced(tender, [bid(org(), 8_500_000), bid(org(), 9_000_000), bid(org(), 9_500_000)]);
    expect(await flagsOf(tender)).toEqual([]);
  });

  it('R003: fewer days to bid than the law gives, and not when the deadline was moved', async () => {
    const short = { method: 'openTendering', deadline: '2026-01-15T10:00:00+08:00' };
    const tender = await published(short);
    expect(await flagsOf(tender)).toEqual([['R003', '10']]);
    await tell(TenderAmended, {
      ...{ ...TenderAmended.good, tenderId: tender },
      deadline: '2026-02-05T10:00:00+08:00',
    });
    expect(await flagsOf(tender)).toEqual([]);
  });

  it('R003: each method has days of its own, lawful or not, and a single source, which waits for nobody, is left out', async () => {
    const days = (method: string, deadline: string) =>
      published({ method, deadline: `${deadline}T09:00:00+08:00` });
    expect(await flagsOf(await days('openTendering', '2026-01-25'))).toEqual([]);
    expect(await flagsOf(await days('openTendering', '2026-01-24'))).toEqual([['R003', '19']]);
    for (const method of ['belowThreshold', 'competitiveConsultation']) {
      expect(await flagsOf(await days(method, '2026-01-16'))).toEqual([['R003', '11']]);
      expect(await flagsOf(await days(method, '2026-01-19'))).toEqual([['R003', '14']]);
      expect(await flagsOf(await days(method, '2026-01-20'))).toEqual([]);
      expect(await flagsOf(await days(method, '2026-01-21'))).toEqual([]);
    }
    expect(await flagsOf(await days('singleSource', '2026-01-10'))).toEqual([]);
  });

  it('R018: one bid only, whether it was announced or the tender failed by it', async () => {
    const lonely = await published();
    await announced(lonely, [bid(org(), 8_500_000)]);
    expect(await flagsOf(lonely)).toEqual([['R018', '1']]);
    const alone = await published();
    await failed(alone, [{ organisationId: org(), state: 'returned' }]);
    expect(await flagsOf(alone)).toEqual([['R018', '1']]);
    const begun = await published();
    const first = { bidId: newId('bid'), organisationId: org(), lotId: newId('lot') };
    await tell(TenderOpened, {
      ...{ ...TenderOpened.good, tenderId: begun },
      bids: [{ ...first, result: 'opened' }],
    });
    expect(await flagsOf(begun)).toEqual([['R018', '1']]);
    const two = await published();
    await failed(two, [
      { organisationId: org(), state: 'returned' },
      { organisationId: org(), state: 'returned' },
    ]);
    expect(await flagsOf(two)).toEqual([]);
    const single = await published({ method: 'singleSource' });
    await announced(single, [bid(org(), 8_500_000)]);
    expect(await flagsOf(single)).toEqual([]);
  });

  it('R018: who left a consultation before the end had bid all the same, whether it failed or was won', async () => {
    const bids = [bid(org(), 8_500_000), bid(org(), null), bid(org(), null)];
    const [last] = bids;
    if (!last) throw new Error('no bid');
    const opened = async () => {
      const tender = await published({ method: 'competitiveConsultation' });
      await tell(TenderOpened, {
        ...{ ...TenderOpened.good, tenderId: tender },
        bids: bids.map(({ bidId, organisationId, lotId }) => ({
          ...{ bidId, organisationId, lotId, result: 'opened' },
        })),
      });
      return tender;
    };
    const wanting = await opened();
    // One final offer was made of three: the bids received by the deadline are still three.
    await failed(wanting, [{ ...last, state: 'compliant' }], 'tooFewFinalOffers');
    expect(await flagsOf(wanting)).toEqual([]);
    const won = await opened();
    await announced(won, [last], last.lotId);
    expect(await flagsOf(won)).toEqual([]);
  });

  it('R018: one bid only for a lot, however many were made for the others', async () => {
    const tender = await published();
    const lonely = newId('lot');
    await failed(tender, [
      { organisationId: org(), state: 'returned', lotId: lonely },
      ...[0, 1, 2].map(() => ({ organisationId: org(), state: 'returned' })),
    ]);
    const { redFlags } = await mulin.answer<{ redFlags: { nodes: object[] } }>(
      auditor,
      `query ($filter: RedFlagFilter) { redFlags(first: 9, filter: $filter) { nodes { indicator lotId } } }`,
      { filter: { tenderId: tender } },
    );
    expect(redFlags.nodes).toEqual([{ indicator: 'R018', lotId: lonely }]);
  });

  it('R024: the next price within one per cent of the winner’s; R058: half as much again and more', async () => {
    const close = await published();
    await announced(close, [bid(org(), 8_500_000), bid(org(), 8_580_000)]);
    expect(await flagsOf(close)).toEqual([['R024', '94']]);
    const onTheLine = await published();
    await announced(onTheLine, [bid(org(), 1_000_000), bid(org(), 1_010_001)]);
    expect(await flagsOf(onTheLine)).toEqual([]);
    const deep = await published();
    await announced(deep, [bid(org(), 6_000_000), bid(org(), 9_000_000)]);
    expect(await flagsOf(deep)).toEqual([['R058', '5000']]);
    const less = await published();
    await announced(less, [bid(org(), 6_000_001), bid(org(), 9_000_000)]);
    expect(await flagsOf(less)).toEqual([]);
  });

  it('R028: two with the same price in one lot, and each of the two', async () => {
    const tender = await published();
    const [one, other] = [org(), org()];
    const bids = [bid(org(), 8_000_000), bid(one, 8_500_000), bid(other, 8_500_000)];
    await announced(tender, bids);
    expect(await flagsOf(tender)).toEqual(Array.from({ length: 3 }, () => ['R028', '2']));
    expect(await ask(auditor, { organisationId: one })).toEqual([['R028', '2']]);
  });

  it('R024, R028, R036 and R058 say nothing where the buyer has set the price', async () => {
    const tender = await published({ priceWeight: 0 });
    await announced(tender, [
      bid(org(), 8_500_000),
      bid(org(), 8_500_000),
      bid(org(), 4_000_000, { state: 'invalid' }),
    ]);
    expect(await flagsOf(tender)).toEqual([]);
  });

  it('R030: the winner’s bid came at or after the deadline', async () => {
    const tender = await published();
    const late = { receivedAt: '2026-02-05T10:00:01+08:00' };
    await announced(tender, [bid(org(), 8_000_000, late), bid(org(), 8_500_000)]);
    expect(await flagsOf(tender)).toEqual([['R030', '1']]);
  });

  it('R030 says nothing of a late bid that did not win', async () => {
    const tender = await published();
    const late = { receivedAt: '2026-02-05T10:00:01+08:00' };
    await announced(tender, [bid(org(), 8_000_000), bid(org(), 8_500_000, late)]);
    expect(await flagsOf(tender)).toEqual([]);
  });

  it('R035: all but the winner were found invalid, and not where another stood, or merely went unopened', async () => {
    const tender = await published();
    const [invalid, disqualified] = [{ state: 'invalid' }, { state: 'disqualified' }];
    await announced(tender, [
      bid(org(), 8_000_000),
      bid(org(), 9_000_000, invalid),
      bid(org(), null, disqualified),
      bid(org(), null, { state: 'unconfirmed' }),
    ]);
    expect(await flagsOf(tender)).toEqual([['R035', '2']]);
    const contested = await published();
    await announced(contested, [
      bid(org(), 8_000_000),
      bid(org(), 9_000_000, invalid),
      bid(org(), 9_500_000),
    ]);
    expect(await flagsOf(contested)).toEqual([]);
    const unopened = await published();
    const two = [bid(org(), 8_000_000), bid(org(), null, { state: 'unconfirmed' })];
    await announced(unopened, two);
    expect(await flagsOf(unopened)).toEqual([]);
  });

  it('R035: all but one were found invalid, and the tender failed by it', async () => {
    const last = org();
    const tender = await published();
    const bids = [
      { organisationId: last, state: 'compliant' },
      { organisationId: org(), state: 'invalid' },
      { organisationId: org(), state: 'disqualified' },
    ];
    await failed(tender, bids, 'tooFewCompliant');
    expect(await flagsOf(tender)).toEqual([['R035', '2']]);
    expect(await ask(auditor, { organisationId: last })).toEqual([['R035', '2']]);
    // Nobody won: the title speaks of the bid that was left.
    const { redFlagIndicators } = await mulin.answer<{ redFlagIndicators: object[] }>(
      auditor,
      '{ redFlagIndicators { code title } }',
    );
    expect(redFlagIndicators).toContainEqual({
      ...{ code: 'R035', title: '仅一份投标有效，其余均被认定无效' },
    });
    const wanted = await published();
    await failed(wanted, bids.slice(1), 'tooFewCompliant');
    expect(await flagsOf(wanted)).toEqual([]);
  });

  it('R035: a lot that failed beside others is looked at like a tender that failed', async () => {
    const [last, other] = [org(), org()];
    const tenderId = await published();
    const lotId = newId('lot');
    const bids = [bid(other, 8_000_000), bid(org(), 9_000_000)];
    const ofTheLot = [
      bid(last, null, { state: 'returned' }),
      bid(org(), null, { state: 'invalid' }),
      bid(org(), null, { state: 'disqualified' }),
    ];
    await tell(TenderLotFailed, {
      ...{ ...TenderLotFailed.good, tenderId, lotId },
      reasonCode: 'tooFewCompliant',
    });
    const won = newId('lot');
    await tell(TenderResultAnnounced, {
      tenderId,
      awards: [
        {
          ...{ awardId: newId('awd'), lotId: won, bidId: bids[0]?.bidId ?? '', rank: 1 },
          ...{ organisationId: other, amountFen: '8000000' },
        },
      ],
      bids: [
        ...bids.map((each) => ({ ...each, lotId: won })),
        ...ofTheLot.map((each) => ({ ...each, lotId })),
      ],
      announcedAt: '2026-02-10T10:00:00+08:00',
    });
    expect(await flagsOf(tenderId)).toEqual([['R035', '2']]);
    expect(await ask(auditor, { organisationId: last })).toEqual([['R035', '2']]);
  });

  it('R036: the lowest price was found invalid, said once for a tender', async () => {
    const tender = await published();
    await announced(tender, [
      bid(org(), 8_000_000),
      bid(org(), 9_000_000),
      bid(org(), 7_500_000, { state: 'invalid', reasonCode: 'not-signed' }),
      bid(org(), 7_000_000, { state: 'invalid', reasonCode: 'not-signed' }),
    ]);
    expect(await flagsOf(tender)).toEqual([['R036', '7000000']]);
    const higher = await published();
    await announced(higher, [
      bid(org(), 8_000_000),
      bid(org(), 9_000_000),
      bid(org(), 9_500_000, { state: 'invalid' }),
    ]);
    expect(await flagsOf(higher)).toEqual([]);
  });

  it('who refused is not the winner: the next candidate is, and nobody where the tender failed after all', async () => {
    const tender = await published();
    const [first, second, third] = [
      bid(org(), 8_000_000),
      bid(org(), 8_050_000),
      bid(org(), 9_500_000),
    ];
    await announced(tender, [first, second, third]);
    expect(await flagsOf(tender)).toEqual([['R024', '62']]);
    await announced(tender, [second, { ...first, state: 'lost' }, third]);
    expect(await flagsOf(tender)).toEqual([]);
    const gone = await published();
    await announced(gone, [bid(org(), 8_000_000), bid(org(), 8_050_000)]);
    expect(await flagsOf(gone)).toHaveLength(1);
    await tell(TenderFailed, {
      ...TenderFailed.good,
      tenderId: gone,
      reasonCode: 'noCandidateLeft',
    });
    expect(await flagsOf(gone)).toEqual([]);
  });

  it('who refused the last lot is not its winner, though the tender has others and never failed', async () => {
    const tenderId = await published();
    await announced(tenderId, [bid(org(), 8_000_000), bid(org(), 8_050_000)]);
    expect(await flagsOf(tenderId)).toHaveLength(1);
    const [{ lot: lotId } = { lot: '' }] = await mulin.database.query<{ lot: string }>(
      'select lot_id as lot from winner_fact where tender_id = $1',
      [tenderId],
    );
    await tell(TenderLotFailed, { ...TenderLotFailed.good, tenderId, lotId: newId('lot') });
    expect(await flagsOf(tenderId)).toHaveLength(1);
    await tell(TenderLotFailed, { ...TenderLotFailed.good, tenderId, lotId });
    expect(await flagsOf(tenderId)).toEqual([]);
  });

  it('whose award an upheld challenge overturned is not the winner', async () => {
    const tenderId = await published();
    const awardId = await announced(tenderId, [bid(org(), 8_000_000), bid(org(), 8_050_000)]);
    expect(await flagsOf(tenderId)).toHaveLength(1);
    await tell(ChallengeDecided, {
      ...{ ...ChallengeDecided.good, challengeId: newId('chl'), tenderId, outcome: 'upheld' },
      ...{ remedy: 'awardInvalid', overturned: [{ awardId, contractId: null }] },
    });
    expect(await flagsOf(tenderId)).toEqual([]);
  });

  it('whose contract nobody signed is not the winner, from the day it is given up', async () => {
    for (const [type, good] of [
      [ContractCancelled, ContractCancelled.good],
      [ContractFundsReleased, ContractFundsReleased.good],
    ] as const) {
      const [tenderId, contractId] = [await published(), newId('con')];
      const awardId = await announced(tenderId, [bid(org(), 8_000_000), bid(org(), 8_050_000)]);
      await tell(TenderAwarded, { ...TenderAwarded.good, tenderId, awardId, contractId });
      await tell<object>(type as EventType<object>, { ...good, contractId: newId('con') });
      expect(await flagsOf(tenderId)).toHaveLength(1);
      await tell<object>(type as EventType<object>, { ...good, contractId });
      expect(await flagsOf(tenderId)).toEqual([]);
    }
  });

  it('who lost the award of a lot by an upheld challenge is not its winner, whether the lot fell with it or another follows', async () => {
    const [first, second] = [bid(org(), 8_000_000), bid(org(), 8_050_000)];
    const fallen = async (remedy: string) => {
      const tenderId = await published();
      const awardId = await announced(tenderId, [first, second]);
      await tell(ChallengeDecided, {
        ...{ ...ChallengeDecided.good, challengeId: newId('chl'), tenderId, outcome: 'upheld' },
        ...{ remedy, overturned: [{ awardId, contractId: newId('con') }] },
      });
      return tenderId;
    };
    const gone = await fallen('awardInvalid');
    const [row] = await mulin.database.query<{ lot: string }>(
      'select lot_id as lot from bid_fact where tender_id = $1 limit 1',
      [gone],
    );
    await tell(TenderLotFailed, {
      ...{ ...TenderLotFailed.good, tenderId: gone, lotId: row?.lot ?? '' },
      reasonCode: 'challengeUpheld',
    });
    expect(await flagsOf(gone)).toEqual([]);
    const followed = await fallen('nextCandidate');
    await announced(followed, [second, { ...first, state: 'lost' }]);
    expect(await flagsOf(followed)).toEqual([]);
    const winners = await mulin.database.query(
      'select organisation_id as winner from winner_fact where tender_id = any ($1)',
      [[gone, followed]],
    );
    expect(winners).toEqual([{ winner: second.organisationId }]);
  });

  it('R025: five valid bids and no award; bids that were not valid are not counted', async () => {
    const loser = org();
    const r025 = { organisationId: loser, indicator: { in: ['R025'] } };
    const lose = async (change: Partial<Bid> = {}) => {
      await announced(await published(), [
        bid(org(), 8_000_000),
        bid(loser, change.state ? null : 9_000_000, change),
        bid(org(), 9_500_000),
      ]);
    };
    for (let made = 0; made < 4; made += 1) await lose();
    await lose({ state: 'unconfirmed' });
    expect(await ask(auditor, r025)).toEqual([]);
    const without = await published();
    await failed(without, [
      { organisationId: loser, state: 'compliant' },
      { organisationId: org(), state: 'compliant' },
      { organisationId: org(), state: 'compliant' },
    ]);
    expect(await ask(auditor, r025)).toEqual([['R025', '5']]);
    await announced(await published(), [bid(loser, 8_000_000), bid(org(), 8_500_000)]);
    expect(await ask(auditor, r025)).toEqual([]);
  });

  it('R038: half of the bids of an organisation fell away, those of failed tenders included', async () => {
    const clumsy = org();
    const take = async (state: string) => {
      const tender = await published();
      await failed(tender, [
        { organisationId: clumsy, state },
        { organisationId: org(), state: 'qualified' },
        { organisationId: org(), state: 'qualified' },
      ]);
    };
    const r038 = { organisationId: clumsy, indicator: { in: ['R038'] } };
    for (const state of ['disqualified', 'qualified', 'qualified']) await take(state);
    expect(await ask(auditor, r038)).toEqual([]);
    await take('invalid');
    expect(await ask(auditor, r038)).toEqual([['R038', '5000']]);
    await take('qualified');
    expect(await ask(auditor, r038)).toEqual([]);
  });

  it('R038: half of what is bid to a street falls away, from its second tender on', async () => {
    const there = '310110017';
    const take = (states: readonly string[]) =>
      mulin.service.database.asSystem(async (tx) => {
        const tenderId = newId('ten');
        const at = new Date('2026-02-10T10:00:00+08:00');
        const event = (type: EventType, payload: object) =>
          keep(tx, type, [
            { id: newEventId(), street: there, subject: tenderId, time: at, payload },
          ]);
        await event(TenderPublished as EventType, { ...TenderPublished.good, tenderId });
        const bids = states.map((state) => ({
          ...{ bidId: newId('bid'), lotId: 'lot', organisationId: org(), state, reasonCode: null },
        }));
        await event(TenderFailed as EventType, { ...TenderFailed.good, tenderId, bids });
      });
    const flagged = () => ask(person(['auditor'], there), { indicator: { in: ['R038'] } });
    await take(['invalid', 'disqualified', 'qualified']);
    expect(await flagged()).toEqual([]);
    await take(['invalid', 'qualified', 'qualified']);
    expect(await flagged()).toEqual([['R038', '5000']]);
    await take(['qualified', 'qualified']);
    expect(await flagged()).toEqual([]);
  });

  it('R048: one organisation wins in four categories of the catalogue, and not by four items of one', async () => {
    const winner = org();
    const categories = ['elderly', 'youth', 'culture-sports', 'culture-sports', 'evaluation'];
    for (const [made, categoryCode] of categories.entries()) {
      expect(await ask(auditor, { organisationId: winner })).toEqual([]);
      const procurementPlanId = newId('ppl');
      const plan = {
        ...ProcurementPlanApproved.good,
        ...{ procurementPlanId, serviceItemId: newId('itm'), categoryCode },
      };
      await tell(ProcurementPlanApproved, plan);
      const tender = await published({ procurementPlanId });
      await announced(tender, [bid(winner, 8_500_000 + made), bid(org(), 9_000_000 + made)]);
    }
    expect(await ask(auditor, { organisationId: winner })).toEqual([['R048', '4']]);
  });

  it('follow the thresholds in force, and say which version found them', async () => {
    const tender = await published({
      ...{ method: 'openTendering', deadline: '2026-01-25T10:00:00+08:00' },
    });
    expect(await flagsOf(tender)).toEqual([]);
    await mulin.database.query(
      `insert into indicator (code, version, title_zh, title_en, params, in_force_from)
       values ('R003', 4, '投标期限过短', 'Submission period too short', '{"openTendering": 21}', '2020-01-01')`,
    );
    expect(await flagsOf(tender)).toEqual([['R003', '20']]);
    const { redFlagIndicators } = await mulin.answer<{
      redFlagIndicators: { code: string; version: number; title: string }[];
    }>(auditor, '{ redFlagIndicators { code version title } }');
    expect(redFlagIndicators).toHaveLength(11);
    expect(redFlagIndicators[0]).toEqual({
      ...{ code: 'R003', version: 4, title: '投标期限过短' },
    });
    await mulin.database.query(`delete from indicator where version = 4`);
  });

  it('can be asked for by indicator and time, and come in the order that is asked for', async () => {
    const bidder = org();
    const days = ['2026-03-01', '2026-03-03', '2026-03-02'];
    for (const day of days) {
      const payload = { ...TenderPublished.good, tenderId: newId('ten') };
      await tell(TenderPublished, { ...payload, ...TIMELY }, `${day}T09:00:00+08:00`);
      const alone = { ...TenderFailed.good, tenderId: payload.tenderId };
      const bids = [
        {
          bidId: newId('bid'),
          lotId: newId('lot'),
          organisationId: bidder,
          state: 'returned',
          reasonCode: null,
        },
      ];
      await tell(TenderFailed, { ...alone, bids }, `${day}T10:00:00+08:00`);
    }
    const page = async (filter: object, direction = 'ASC', after: string | null = null) => {
      const { redFlags } = await mulin.answer<{
        redFlags: { nodes: { toldAt: string }[]; pageInfo: { endCursor: string } };
      }>(
        auditor,
        `query ($filter: RedFlagFilter, $orderBy: RedFlagOrder, $after: String) {
           redFlags(first: 2, after: $after, filter: $filter, orderBy: $orderBy) {
             nodes { toldAt } pageInfo { endCursor } } }`,
        {
          ...{ filter: { organisationId: bidder, ...filter }, after },
          orderBy: { field: 'TOLD_AT', direction },
        },
      );
      const { nodes, pageInfo } = redFlags;
      return { days: nodes.map(({ toldAt }) => toldAt.slice(0, 10)), next: pageInfo.endCursor };
    };
    const first = await page({});
    expect(first.days).toEqual(['2026-03-01', '2026-03-02']);
    expect((await page({}, 'ASC', first.next)).days).toEqual(['2026-03-03']);
    expect((await page({}, 'DESC')).days).toEqual(['2026-03-03', '2026-03-02']);
    const from = '2026-03-01T10:00:00.001+08:00';
    expect((await page({ from, to: '2026-03-03T10:00:00+08:00' })).days).toEqual(['2026-03-02']);
    expect((await page({ indicator: { in: ['R018', 'R003'] } })).days).toHaveLength(2);
    expect((await page({ indicator: { in: ['R025'] } })).days).toEqual([]);
  });

  it('lead to the tender and the organisation they are about, and to nothing where they name none', async () => {
    const subjects = async (filter: object) => {
      const { redFlags } = await mulin.answer<{ redFlags: { nodes: object[] } }>(
        auditor,
        `query ($filter: RedFlagFilter) { redFlags(first: 5, filter: $filter) {
           nodes { tender { __typename id } organisation { __typename id } } } }`,
        { filter },
      );
      return redFlags.nodes;
    };
    const [alone, unfit] = [org(), org()];
    const tender = await published();
    await announced(tender, [bid(alone, 8_500_000)]);
    expect(await subjects({ tenderId: tender })).toEqual([
      {
        tender: { __typename: 'Tender', id: tender },
        organisation: { __typename: 'Organisation', id: alone },
      },
    ]);
    for (let n = 0; n < 4; n += 1) {
      await failed(await published(), [{ organisationId: unfit, state: 'disqualified' }]);
    }
    const ofAll = { indicator: { in: ['R038'] }, organisationId: unfit };
    expect(await subjects(ofAll)).toEqual([
      { tender: null, organisation: { __typename: 'Organisation', id: unfit } },
    ]);
    const cheap = await published();
    await announced(cheap, [bid(org(), 8_500_000), bid(org(), 8_500_000)]);
    expect(await subjects({ indicator: { in: ['R028'] }, tenderId: cheap })).toContainEqual({
      tender: { __typename: 'Tender', id: cheap },
      organisation: null,
    });
  });

  it('are of one’s own street, and cost as many statements for a hundred as for one', async () => {
    expect(await ask(person(['auditor'], '310110016'), {})).toEqual([]);
    const page = async (first: number) => {
      const { count } = await countStatements(mulin.service.database.app, () =>
        mulin.answer(auditor, 'query ($first: Int!) { redFlags(first: $first) { nodes { id } } }', {
          first,
        }),
      );
      return count;
    };
    expect(await page(100)).toBe(await page(1));
  });
});
