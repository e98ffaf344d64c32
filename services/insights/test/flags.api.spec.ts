import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import {
  type EventType,
  ProcurementPlanApproved,
  TenderAmended,
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
      publishedAt: '2026-01-05T10:00:00+08:00',
      deadline: '2026-02-05T10:00:00+08:00',
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
  const announced = async (tenderId: string, bids: readonly Bid[]) => {
    const lotId = newId('lot');
    const [winner] = bids;
    if (!winner) throw new Error('no winner');
    await tell(TenderResultAnnounced, {
      tenderId,
      awards: [
        {
          ...{ awardId: newId('awd'), lotId, bidId: winner.bidId, rank: 1 },
          ...{ organisationId: winner.organisationId, amountFen: winner.priceFen ?? '0' },
        },
      ],
      bids: bids.map((each) => ({ ...each, lotId })),
      announcedAt: '2026-02-10T10:00:00+08:00',
    });
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

  it('R003: fewer than fifteen days to bid, and not when the deadline was moved', async () => {
    const short = { deadline: '2026-01-15T10:00:00+08:00' };
    const tender = await published(short);
    expect(await flagsOf(tender)).toEqual([['R003', '10']]);
    await tell(TenderAmended, {
      ...{ ...TenderAmended.good, tenderId: tender },
      deadline: '2026-02-05T10:00:00+08:00',
    });
    expect(await flagsOf(tender)).toEqual([]);
  });

  it('R018: one bid only, whether it was announced or the tender failed at the opening', async () => {
    const lonely = await published();
    await announced(lonely, [bid(org(), 8_500_000)]);
    expect(await flagsOf(lonely)).toEqual([['R018', '1']]);
    const failed = await published();
    await tell(TenderOpened, {
      ...TenderOpened.good,
      tenderId: failed,
      bids: [
        { bidId: newId('bid'), organisationId: org(), lotId: newId('lot'), result: 'returned' },
      ],
    });
    expect(await flagsOf(failed)).toEqual([['R018', '1']]);
    const single = await published({ method: 'singleSource' });
    await announced(single, [bid(org(), 8_500_000)]);
    expect(await flagsOf(single)).toEqual([]);
  });

  it('R024: the next price within one per cent of the winner’s; R058: thirty per cent and more below it', async () => {
    const close = await published();
    await announced(close, [bid(org(), 8_500_000), bid(org(), 8_580_000)]);
    expect(await flagsOf(close)).toEqual([['R024', '94']]);
    const onTheLine = await published();
    await announced(onTheLine, [bid(org(), 1_000_000), bid(org(), 1_010_001)]);
    expect(await flagsOf(onTheLine)).toEqual([]);
    const deep = await published();
    await announced(deep, [bid(org(), 5_950_000), bid(org(), 8_500_000)]);
    expect(await flagsOf(deep)).toEqual([['R058', '3000']]);
  });

  it('R028: two with the same price in one lot', async () => {
    const tender = await published();
    await announced(tender, [bid(org(), 8_000_000), bid(org(), 8_500_000), bid(org(), 8_500_000)]);
    expect(await flagsOf(tender)).toEqual([['R028', '2']]);
  });

  it('R030: the winner’s bid came at or after the deadline', async () => {
    const tender = await published();
    const late = { receivedAt: '2026-02-05T10:00:01+08:00' };
    await announced(tender, [bid(org(), 8_000_000, late), bid(org(), 8_500_000)]);
    expect(await flagsOf(tender)).toEqual([['R030', '1']]);
  });

  it('R035: all but the winner fell away; R036: a lower price was found invalid', async () => {
    const tender = await published();
    await announced(tender, [
      bid(org(), 8_000_000),
      bid(org(), 7_000_000, { state: 'invalid', reasonCode: 'not-signed' }),
      bid(org(), null, { state: 'disqualified' }),
    ]);
    expect((await flagsOf(tender)).sort()).toEqual([
      ['R035', '2'],
      ['R036', '7000000'],
    ]);
  });

  it('R025: five bids and no award; R038: half of them disqualified', async () => {
    const loser = org();
    for (let made = 0; made < 5; made += 1) {
      expect(await ask(auditor, { organisationId: loser, indicator: 'R025' })).toEqual([]);
      const change = made < 3 ? { state: 'disqualified' } : {};
      await announced(await published(), [
        bid(org(), 8_000_000),
        bid(loser, made < 3 ? null : 9_000_000 + made, change),
        bid(org(), 9_500_000 + made),
      ]);
    }
    expect((await ask(auditor, { organisationId: loser })).sort()).toEqual([
      ['R025', '5'],
      ['R038', '6000'],
    ]);
  });

  it('R048: one organisation wins four different items of the catalogue', async () => {
    const winner = org();
    for (let made = 0; made < 4; made += 1) {
      expect(await ask(auditor, { organisationId: winner })).toEqual([]);
      const procurementPlanId = newId('ppl');
      const plan = {
        ...ProcurementPlanApproved.good,
        procurementPlanId,
        serviceItemId: newId('itm'),
      };
      await tell(ProcurementPlanApproved, plan);
      const tender = await published({ procurementPlanId });
      await announced(tender, [bid(winner, 8_500_000 + made), bid(org(), 9_000_000 + made)]);
    }
    expect(await ask(auditor, { organisationId: winner })).toEqual([['R048', '4']]);
  });

  it('follow the thresholds in force, and say which version found them', async () => {
    const tender = await published({ deadline: '2026-01-25T10:00:00+08:00' });
    expect(await flagsOf(tender)).toEqual([]);
    await mulin.database.query(
      `insert into indicator (code, version, title_zh, title_en, params, in_force_from)
       values ('R003', 2, '投标期限过短', 'Submission period too short', '{"days": 21}', '2020-01-01')`,
    );
    expect(await flagsOf(tender)).toEqual([['R003', '20']]);
    const { redFlagIndicators } = await mulin.answer<{
      redFlagIndicators: { code: string; version: number; title: string }[];
    }>(auditor, '{ redFlagIndicators { code version title } }');
    expect(redFlagIndicators).toHaveLength(11);
    expect(redFlagIndicators[0]).toEqual({
      ...{ code: 'R003', version: 2, title: '投标期限过短' },
    });
    await mulin.database.query(`delete from indicator where version = 2`);
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
