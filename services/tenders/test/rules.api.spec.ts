import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import pg from 'pg';
// The operator's own command; it is plain Node and belongs to no package.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { loadRules } from '../../../infra/dev/lib/rules.mjs';
import {
  AFTER_DEADLINE,
  Bench,
  fileTerms,
  missing,
  NOW,
  person,
  step,
  STREET,
  type Told,
} from './builders.js';
import { expectChecksToHold } from './checks.js';

const OTHER_STREET = '310110016';
const AFTER_2026 = new Date('2026-02-09T10:00:00+08:00');

interface Row {
  method: string;
  street: string | null;
  version: number;
  terms: string;
}

describe('the rules', () => {
  let at: Bench;
  let operator: pg.Client;
  beforeAll(async () => {
    at = await Bench.open();
    operator = new pg.Client({ connectionString: at.mulin.database.urls.migrate });
    await operator.connect();
  });
  beforeEach(async () => {
    await at.clockTo(NOW);
  });
  afterAll(async () => {
    await operator.end();
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const procedures = async (actor = at.resident, method = 'BELOW_THRESHOLD'): Promise<Row[]> => {
    const answer = await at.mulin.answer<{ procedures: Row[] }>(
      actor,
      `query ($method: ProcurementMethod) { procedures(method: $method)
         { method street version inForceFrom article title terms } }`,
      { method },
    );
    return answer.procedures;
  };
  /** The common rule below the threshold, as a street would enter its own. */
  const ownRule = async (change: object = {}, terms: object = {}) => {
    const [common = missing('rule')] = await procedures();
    return {
      ...{ method: 'belowThreshold', street: STREET, version: 1, inForceFrom: '2025-11-01' },
      article: '延吉街道公开比选办法',
      ...{ titleZh: '延吉街道公开比选', titleEn: 'Comparison in Yanji' },
      terms: { ...(JSON.parse(common.terms) as object), ...terms },
      ...change,
    };
  };
  const problemsOf = async (tender: Told) => {
    const { data } = await at.mulin.ask<{ publishTender: { problems?: { code: string }[] } }>(
      at.approver,
      `mutation ($input: TenderStepInput!) { publishTender(input: $input)
         { ... on TenderFileInvalid { problems { code article } } } }`,
      { input: step(tender) },
    );
    return data?.publishTender.problems ?? [];
  };

  it('are read by everyone, with their title, article, version and first day', async () => {
    const { data } = await at.mulin.ask(
      at.resident,
      `{ procurementThresholds(fiscalYear: 2026) { code title article version inForceFrom street
           amount { fen } }
         failingReasons { code title article version inForceFrom }
         disqualificationReasons { code title article version inForceFrom } }`,
      {},
      { 'accept-language': 'en' },
    );
    expect(data).toMatchObject({
      procurementThresholds: [
        {
          ...{ code: 'procurementLimit', title: 'Procurement limit', article: '政府采购法 第八条' },
          ...{ version: 1, inForceFrom: '2026-01-01', street: null, amount: { fen: '100000000' } },
        },
        { code: 'tenderThreshold', amount: { fen: '400000000' } },
      ],
      failingReasons: expect.arrayContaining([
        {
          ...{ code: 'taskCancelled', title: 'The task was cancelled', version: 1 },
          ...{ article: '政府采购法 第三十六条第四项', inForceFrom: '2003-01-01' },
        },
      ]),
      disqualificationReasons: expect.arrayContaining([
        expect.objectContaining({ code: 'illegal-record', version: 1 }),
      ]),
    });
  });

  it('names as grounds to fail those that somebody may declare, and no others', async () => {
    const tender = await at.publishedTender();
    const { failingReasons } = await at.mulin.answer<{ failingReasons: { code: string }[] }>(
      at.resident,
      '{ failingReasons { code } }',
      {},
    );
    const refused = await at.do(at.approver, 'declareTenderFailed', {
      ...{ ...step(tender), reasonCode: 'tooFewBids' },
    });
    expect(refused).toMatchObject({ __typename: 'FailingReasonUnknown' });
    expect(failingReasons.map(({ code }) => code)).toEqual(refused.known);
  });

  it('refuse under the article of their own procedure, never of another', async () => {
    const tender = await at.publishedTender();
    const bidder = at.bidder();
    const bid = await at.bid(tender, bidder);
    const own = (article: string) => `街道限额以下公开比选办法（示例） ${article}`;
    const [officer = missing('officer')] = await at.officers();
    expect(await at.do(officer.actor, 'openBids', step(tender))).toMatchObject({
      ...{ __typename: 'OpeningTooEarly', rule: { article: own('第八条') } },
    });
    await at.clockTo(AFTER_DEADLINE);
    const late = at.bidder();
    expect(await at.do(late, 'submitBid', await at.submission(tender, late))).toMatchObject({
      __typename: 'BidLate',
      rule: { article: own('第六条') },
    });
    expect(await at.do(bidder, 'withdrawBid', step(bid))).toMatchObject({
      ...{ __typename: 'DeadlinePassed', rule: { article: own('第六条') } },
    });
    const opened = await at.pricedTender(['80000000', '85000000', '87000000']);
    expect(await at.do(at.officer, 'chooseWinners', step(opened.tender))).toMatchObject({
      ...{ __typename: 'NothingToChoose', rule: { article: own('第十二条') } },
    });
    const { award } = await at.announcedTender();
    expect(await at.do(at.approver, 'noticeAward', step(award))).toMatchObject({
      ...{ __typename: 'StandStill', rule: { article: own('第十四条') } },
    });
  });

  it('of a street come from a file, stand before the common ones there, and stay unknown elsewhere', async () => {
    const before = await at.publishedTender();
    const articles = {
      ...(JSON.parse((await procedures())[0]?.terms ?? '{}') as { articles: object }).articles,
      bidDays: '延吉街道公开比选办法 第三条',
    };
    const rule = await ownRule({}, { bidDays: 20, articles });
    expect(await loadRules(operator, { procedures: [rule] })).toEqual([
      `added      procedures belowThreshold ${STREET} 1, in force from 2025-11-01`,
    ]);
    expect(await loadRules(operator, { procedures: [rule] })).toEqual([
      `unchanged  procedures belowThreshold ${STREET} 1`,
    ]);
    try {
      expect(await problemsOf(await at.draftedTender())).toEqual([
        { code: 'deadlineTooEarly', article: '延吉街道公开比选办法 第三条' },
      ]);
      const own = await at.publishedTender({ deadline: '2025-12-01T10:00:00+08:00' });
      expect(own).toMatchObject({ procedureVersion: 1, procedureStreet: STREET });
      expect(before).toMatchObject({ procedureVersion: 1, procedureStreet: null });
      expect((await procedures()).map(({ street }) => street)).toEqual([null, STREET]);
      const elsewhere = person(['resident'], { street: OTHER_STREET });
      expect((await procedures(elsewhere)).map(({ street }) => street)).toEqual([null]);
    } finally {
      // It ends here for the tests that follow: its next version is the common rule again.
      const [common = missing('rule')] = await procedures();
      await loadRules(operator, {
        procedures: [await ownRule({ version: 2 }, JSON.parse(common.terms) as object)],
      });
    }
  });

  it('never say something else under a version that is there, and come in order, all or none', async () => {
    const threshold = {
      ...{ fiscalYear: 2030, code: 'procurementLimit', street: STREET, version: 1 },
      ...{ inForceFrom: '2030-01-01', amountFen: 50_000_000, article: '延吉街道采购内控制度' },
      ...{ titleZh: '街道限额', titleEn: 'Limit of the street' },
    };
    await loadRules(operator, { procurementThresholds: [threshold] });
    await expect(
      loadRules(operator, {
        procurementThresholds: [
          { ...threshold, version: 2, amountFen: 60_000_000 },
          { ...threshold, amountFen: 60_000_000 },
        ],
      }),
    ).rejects.toThrow('something else of amountFen');
    await expect(
      loadRules(operator, {
        procurementThresholds: [{ ...threshold, version: 2, inForceFrom: '2029-12-31' }],
      }),
    ).rejects.toThrow('would come before version 1');
    await expect(
      loadRules(operator, { procedures: [await ownRule({ version: 3 }, { bidDays: 'many' })] }),
    ).rejects.toThrow('/procedures/0/terms/bidDays must be integer');
    await expect(loadRules(operator, { x: 1 })).rejects.toThrow(
      /未录入任何规则[^]*knows no "x": procedures, procurementThresholds/,
    );
    await expect(
      loadRules(operator, { procurementThresholds: [{ ...threshold, amount: 1 }] }),
    ).rejects.toThrow('/procurementThresholds/0 没有名为 amount 的内容');
    const [row] = await at.mulin.database.query<{ count: number }>(
      'select count(*)::int as count from procurement_threshold where fiscal_year = 2030',
    );
    expect(row?.count).toBe(1);
    // A plan of that year is measured by the street's own limit.
    const line = await at.budgetLine({ fiscalYear: 2030 });
    const plan = await at.must(at.officer, 'draftProcurementPlan', {
      ...{ id: newId('ppl'), budgetLineId: line.id, title: '第三睦邻中心托管服务' },
      ...{ amount: '50000000', method: 'BELOW_THRESHOLD', needIds: [] },
    });
    expect(await at.do(at.officer, 'fileProcurementPlan', step(plan))).toMatchObject({
      ...{ __typename: 'MethodNotAllowed', rule: { article: '延吉街道采购内控制度' } },
    });
  });

  it('that were not in force yet ask nobody to explain a price: the shares of 2026 begin in February 2026', async () => {
    const shares = (await procedures(at.resident, 'OPEN_TENDERING')).map(({ version, terms }) => {
      const { abnormallyLow } = JSON.parse(terms) as {
        abnormallyLow: { meanShare: number | null };
      };
      return [version, abnormallyLow.meanShare];
    });
    expect(shares).toEqual([
      [1, null],
      [2, 5000],
    ]);
    await at.clockTo(AFTER_2026);
    const times = { fileUntil: '2026-02-20', deadline: '2026-03-10T10:00:00+08:00' };
    const term = { from: '2026-04-01', to: '2026-12-31' };
    const { instalments } = fileTerms([]);
    const file = {
      ...{ ...times, ...term },
      instalments: instalments.map((each) =>
        each.kind === 'EVALUATED' ? { ...each, periodFrom: term.from } : each,
      ),
    };
    const tender = await at.publishedTender(file, { method: 'OPEN_TENDERING' });
    expect(tender).toMatchObject({ procedureVersion: 2, procedureStreet: null });
  });

  it('let a file ask for an explanation sooner, up to 65 %, and give more time for it, never less', async () => {
    const low = async (lowPrice: object) =>
      (await problemsOf(await at.draftedTender({ lowPrice }))).map(({ code }) => code);
    expect(await low({ meanShare: 6501 })).toEqual(['lowPriceOutOfRange']);
    expect(await low({ limitShare: 4499 })).toEqual(['lowPriceOutOfRange']);
    expect(await low({ explainMinutes: 29 })).toEqual(['lowPriceOutOfRange']);
    const asked = async (lowPrice: object | null) => {
      const { tender, bids } = await at.pricedTender(['50000000', '85000000', '87000000'], {
        lowPrice,
      });
      const { committee, members } = await at.seatedCommittee(tender);
      await at.checkedBids(committee, members, bids);
      return at.mulin.database.query<{ minutes: number }>(
        `select extract(epoch from due_at - asked_at)::int / 60 as minutes from price_explanation
         where tender_id = $1`,
        [tender.id],
      );
    };
    expect(await asked(null)).toEqual([]);
    expect(await asked({ meanShare: 6500, limitShare: 6500, explainMinutes: 60 })).toEqual([
      { minutes: 60 },
    ]);
  });

  it('know fixed prices: the price is no factor, and every bid asks just that price', async () => {
    const [plan, grade] = (await at.tenderFile()).criteria;
    const file = () => ({
      ...{ fixedPrice: true, priceWeight: 0 },
      criteria: [
        { ...plan, id: newId('crt'), points: 7000 },
        { ...grade, id: newId('crt') },
      ],
    });
    const lots = [{ id: newId('lot'), title: '托管服务', budget: '90000000' }];
    for (const wrong of [
      { lots },
      { priceWeight: 1000, criteria: (await at.tenderFile()).criteria },
    ])
      expect(await problemsOf(await at.draftedTender({ ...file(), ...wrong }))).toMatchObject([
        { code: 'fixedPriceWeighed', article: '街道限额以下公开比选办法（示例） 第十条' },
      ]);
    expect(
      await problemsOf(await at.draftedTender({ ...file(), fixedPrice: false })),
    ).toMatchObject([{ code: 'priceWeightOutOfRange' }]);
    const { bids } = await at.pricedTender(
      ['88000000', '88000000', '88000000', '87999999'],
      file(),
    );
    const rows = await at.mulin.database.query<{ id: string; state: string }>(
      'select id, state from bid where id = any ($1) order by received_at',
      [bids.map(({ id }) => id)],
    );
    expect(rows.map(({ state }) => state)).toEqual(['priced', 'priced', 'priced', 'invalid']);
  });

  it('that are known by a code change from a day on: one version of each holds, and what was judged by stays', async () => {
    const reason = {
      ...{ code: 'illegal-record', version: 2, inForceFrom: '2026-01-01' },
      ...{
        article: '政府采购法 第二十二条（修订）',
        titleZh: '重大违法记录',
        titleEn: 'Illegal record',
      },
    };
    expect(await loadRules(operator, { disqualificationReasons: [reason] })).toEqual([
      'added      disqualificationReasons illegal-record 2, in force from 2026-01-01',
    ]);
    const versions = async () => {
      const { disqualificationReasons: rows } = await at.mulin.answer<{
        disqualificationReasons: { code: string; version: number }[];
      }>(at.resident, '{ disqualificationReasons { code version } }');
      return rows.filter(({ code }) => code === reason.code).map(({ version }) => version);
    };
    expect(await versions()).toEqual([1]);
    await at.clockTo(AFTER_2026);
    expect(await versions()).toEqual([2]);
    await expect(
      at.mulin.database.query(
        `insert into single_source_proposal (id, street, plan_id, organisation_id, reason_code, statement,
           opinions, state, written_by, version)
         values ('x', '310110015', 'x', 'x', 'weLikeThem', 'x', '[]', 'draft', 'x', 1)`,
      ),
    ).rejects.toThrow('weLikeThem is no reason');
  });

  it('say how long a relation keeps a judge away: a new version of the years does', async () => {
    const tender = await at.publishedTender();
    const bidder = at.bidder();
    await at.bid(tender, bidder);
    const judge = newId('per');
    await at.mulin.database.query(
      `insert into relation (id, street, person_id, organisation_id, kind, valid_from, valid_to)
       values ($1, $2, $3, $4, 'director', '2015-01-01', '2021-06-30')`,
      [newId('rel'), STREET, judge, bidder.organisation],
    );
    const must = async () => {
      const [row] = await at.mulin.database.query<{ must: boolean }>(
        'select must_recuse($1, $2) as must',
        [judge, tender.id],
      );
      return row?.must;
    };
    expect(await must()).toBe(false);
    await at.mulin.database.query(
      `insert into recusal_rule select 2, '2025-01-01', 5, judge_article, same_hand_kinds, bidder_article
       from recusal_rule where version = 1`,
    );
    expect(await must()).toBe(true);
    await at.mulin.database.query('delete from recusal_rule where version = 2');
  });
});
