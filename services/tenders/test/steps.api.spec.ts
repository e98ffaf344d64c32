import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { countStatements } from '@mulin/testing';
import pg from 'pg';
// The operator's own command; it is plain Node and belongs to no package.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { loadRules } from '../../../infra/dev/lib/rules.mjs';
import { AFTER_DEADLINE, Bench, missing, NOW, step, STREET, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

const AFTER_STAND_STILL = new Date('2025-12-02T00:00:01+08:00');

interface Step {
  fromState?: string;
  toState: string;
  clock: string | null;
  conditions: string[];
  article: string | null;
  at?: string | null;
}
interface Procedure {
  method: string;
  street: string | null;
  version: number;
  terms: string;
  steps: Step[];
}

describe('the steps of a tender', () => {
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

  const procedures = async (method?: string): Promise<Procedure[]> => {
    const answer = await at.mulin.answer<{ procedures: Procedure[] }>(
      at.resident,
      `query ($method: ProcurementMethod) { procedures(method: $method) { method street version terms
         steps { fromState toState clock conditions article } } }`,
      { method },
    );
    return answer.procedures;
  };
  const newest = async (method: string) =>
    (await procedures(method)).filter(({ street }) => street === null).at(-1) ?? missing(method);
  const ways = ({ steps }: Procedure) =>
    steps.map(({ fromState, toState }) => `${fromState} → ${toState}`);
  const stepOf = ({ steps }: Procedure, from: string, to: string) =>
    steps.find(({ fromState, toState }) => fromState === from && toState === to);
  const next = async (tender: { id: string }): Promise<Step[]> => {
    const answer = await at.mulin.answer<{ tender: { nextSteps: Step[] } }>(
      at.officer,
      '{ tender(id: "' + tender.id + '") { nextSteps { toState clock conditions article at } } }',
    );
    return answer.tender.nextSteps;
  };
  const to = async (tender: { id: string }) => (await next(tender)).map(({ toState }) => toState);
  const tenderNow = async ({ id }: { id: string }) => {
    const [row] = await at.mulin.database.query<Told & { state: string }>(
      'select id, version, state from tender where id = $1',
      [id],
    );
    return row ?? missing('tender');
  };
  const force = (tender: { id: string }, state: string) =>
    at.mulin.database.query('update tender set state = $1 where id = $2', [state, tender.id]);
  const own = (article: string) => `街道限额以下公开比选办法（示例） ${article}`;

  it('are a table of each procedure, which anyone may read with clocks, conditions and articles', async () => {
    const open = await newest('OPEN_TENDERING');
    expect(ways(open)).toEqual([
      'DRAFT → PUBLISHED',
      'DRAFT → CANCELLED',
      'PUBLISHED → OPENED',
      'PUBLISHED → FAILED',
      'OPENED → QUALIFIED',
      'OPENED → FAILED',
      'QUALIFIED → EVALUATING',
      'QUALIFIED → FAILED',
      'EVALUATING → RESULT_NOTICE',
      'EVALUATING → FAILED',
      'RESULT_NOTICE → AWARDED',
      'RESULT_NOTICE → FAILED',
      'AWARDED → RESULT_NOTICE',
      'AWARDED → FAILED',
    ]);
    expect(stepOf(open, 'PUBLISHED', 'OPENED')).toMatchObject({
      ...{ clock: 'BID_DEADLINE', conditions: ['TWO_OFFICERS', 'MINIMUM_BIDDERS'] },
      article: '87号令 第三十三条',
    });
    expect(stepOf(open, 'RESULT_NOTICE', 'AWARDED')).toMatchObject({
      ...{ clock: 'STAND_STILL', article: '政府采购法 第五十二条' },
    });
    for (const version of await procedures()) expect(version.steps.length).toBeGreaterThan(0);
  });

  it('differ where the procedures differ: one supplier has a notice before and no next candidate after', async () => {
    const [open, below, consultation, single] = await Promise.all(
      ['OPEN_TENDERING', 'BELOW_THRESHOLD', 'COMPETITIVE_CONSULTATION', 'SINGLE_SOURCE'].map(
        newest,
      ),
    );
    if (!open || !below || !consultation || !single) throw new Error('no procedures');
    expect(ways(below)).toEqual(ways(open));
    expect(stepOf(below, 'PUBLISHED', 'OPENED')?.article).toBe(own('第八条'));
    expect(stepOf(open, 'EVALUATING', 'RESULT_NOTICE')?.clock).toBeNull();
    for (const each of [consultation, single])
      expect(stepOf(each, 'EVALUATING', 'RESULT_NOTICE')).toMatchObject({
        ...{ clock: 'FINAL_OFFERS', conditions: expect.arrayContaining(['FINAL_OFFERS_OPENED']) },
      });
    expect(ways(single)).toEqual(ways(open).filter((way) => way !== 'AWARDED → RESULT_NOTICE'));
    expect(stepOf(single, 'DRAFT', 'PUBLISHED')).toMatchObject({
      ...{ clock: 'SINGLE_SOURCE_NOTICE', article: '74号令 第三十八条' },
      conditions: ['TWO_PEOPLE', 'OBJECTIONS_ANSWERED'],
    });
  });

  it('tell at every state where the tender may go, by which clock and under which article', async () => {
    const draft = await at.draftedTender();
    expect(await to(draft)).toEqual(['PUBLISHED', 'CANCELLED']);
    const { tender, award, winner } = await at.announcedTender();
    expect(await next(tender)).toEqual([
      {
        ...{ toState: 'AWARDED', clock: 'STAND_STILL', article: own('第十四条') },
        conditions: ['WINNERS_ACCEPTED', 'NOTHING_UNDECIDED', 'NOT_SUSPENDED'],
        at: '2025-12-01T16:00:00.000Z',
      },
      expect.objectContaining({ toState: 'FAILED', at: null, article: own('第十五条') }),
    ]);
    await at.clockTo(AFTER_STAND_STILL);
    await at.must(
      winner,
      'acceptAward',
      step(await at.must(at.approver, 'noticeAward', step(award))),
    );
    expect(await to(tender)).toEqual(['RESULT_NOTICE', 'FAILED']);
    expect((await tenderNow(tender)).state).toBe('awarded');
  });

  it('are told of many tenders with one statement', async () => {
    for (let each = 0; each < 3; each += 1) await at.draftedTender();
    const counted = (first: number) =>
      countStatements(at.mulin.service.database.app, () =>
        at.mulin.ask(
          at.officer,
          `{ tenders(first: ${first}) { nodes { id nextSteps { toState at } } } }`,
        ),
      );
    expect((await counted(3)).count).toBe((await counted(1)).count);
  });

  it('of a consultation wait for the final offers, and of an open tendering for the deadline and three bidders', async () => {
    const { tender } = await at.consultedTender();
    expect(await next(tender)).toMatchObject([
      { toState: 'RESULT_NOTICE', clock: 'FINAL_OFFERS', at: null },
      { toState: 'FAILED' },
    ]);
    await expect(force(tender, 'resultNotice')).rejects.toThrow('finalOffersOpened does not hold');
    await at.clockTo(NOW);
    const times = { fileUntil: '2025-11-20', deadline: '2025-12-05T10:00:00+08:00' };
    const open = await at.publishedTender(times, { method: 'OPEN_TENDERING' });
    expect(await next(open)).toMatchObject([
      { toState: 'OPENED', at: '2025-12-05T02:00:10.000Z', article: '87号令 第三十三条' },
      { toState: 'FAILED', article: '政府采购法 第三十六条；87号令 第四十三条' },
    ]);
    await at.bid(open);
    await at.clockTo(new Date('2025-12-05T10:00:10+08:00'));
    expect(await at.opened(open)).toMatchObject({ state: 'FAILED' });
  });

  it('that a procedure does not have are refused by the database, and those whose clock has not run', async () => {
    const tender = await at.publishedTender();
    await expect(force(tender, 'awarded')).rejects.toThrow('never goes from published to awarded');
    await expect(force(tender, 'cancelled')).rejects.toThrow(
      'never goes from published to cancelled',
    );
    await expect(force(tender, 'opened')).rejects.toThrow('the clock bidDeadline');
    await at.clockTo(AFTER_DEADLINE);
    await expect(force(tender, 'opened')).rejects.toThrow('does not hold');
    const { tender: announced } = await at.announcedTender();
    await expect(force(announced, 'awarded')).rejects.toThrow('the clock standStill');
    await at.clockTo(AFTER_STAND_STILL);
    await expect(force(announced, 'awarded')).rejects.toThrow('winnersAccepted does not hold');
  });

  it('that are not possible from here are refused under the article of the step', async () => {
    const tender = await at.publishedTender();
    expect(await at.do(at.approver, 'closeQualification', step(tender))).toMatchObject({
      ...{ __typename: 'StateConflict', rule: { article: own('第八条') } },
    });
    expect(await at.do(at.officer, 'chooseWinners', step(tender))).toMatchObject({
      ...{ __typename: 'StateConflict', rule: { article: own('第十三条') } },
    });
    const draft = await at.draftedTender();
    expect(
      await at.do(at.approver, 'declareTenderFailed', { ...step(draft), reasonCode: 'illegality' }),
    ).toMatchObject({ __typename: 'StateConflict', rule: { article: own('第八条') } });
  });

  describe('of a street’s own version', () => {
    /** The common version, as a street would enter its own; its steps as the file has them. */
    const ownRule = async (version: number, change: (steps: object[]) => object[]) => {
      const common = await newest('BELOW_THRESHOLD');
      const rows = await at.mulin.database.query<{ fromState: string; toState: string }>(
        `select from_state as "fromState", to_state as "toState", clock, conditions, '本街道办法 第九条' as article
         from procedure_step where method = 'belowThreshold' and scope = '' and version = $1`,
        [common.version],
      );
      return {
        ...{ method: 'belowThreshold', street: STREET, version, inForceFrom: '2025-11-01' },
        ...{ article: '延吉街道公开比选办法', titleZh: '延吉街道公开比选', titleEn: 'Yanji' },
        terms: JSON.parse(common.terms) as object,
        steps: change(rows),
      };
    };
    const without = (from: string, state: string) => (steps: object[]) =>
      (steps as { fromState: string; toState: string }[]).filter(
        ({ fromState, toState }) => fromState !== from || toState !== state,
      );
    const withoutNext = without('awarded', 'resultNotice');
    const load = async (version: number, change: (steps: object[]) => object[]) =>
      loadRules(operator, { procedures: [await ownRule(version, change)] });
    const accept = async ({
      award,
      winner,
    }: Pick<Awaited<ReturnType<Bench['announcedTender']>>, 'award' | 'winner'>) => {
      await at.clockTo(AFTER_STAND_STILL);
      const noticed = await at.must(at.approver, 'noticeAward', step(award));
      return at.must(winner, 'acceptAward', step(noticed));
    };

    it('come from its file, and a step that it left out is refused, in the code and by the database', async () => {
      const before = await at.announcedTender();
      await loadRules(operator, { procedures: [await ownRule(1, withoutNext)] });
      expect(await loadRules(operator, { procedures: [await ownRule(1, withoutNext)] })).toEqual([
        `unchanged  procedures belowThreshold ${STREET} 1`,
      ]);
      await expect(load(1, (steps) => steps)).rejects.toThrow('something else of steps');
      await at.clockTo(NOW);
      const announced = await at.announcedTender();
      const { tender } = announced;
      const accepted = await accept(announced);
      expect(await next(tender)).toMatchObject([
        { toState: 'FAILED', article: '本街道办法 第九条' },
      ]);
      await expect(force(tender, 'resultNotice')).rejects.toThrow(
        'never goes from awarded to resultNotice',
      );
      // Nobody signs, and the only lot has failed, whoever came second.
      await at.unsigned(accepted.contractId);
      const rows = await at.mulin.database.query(
        `select tender.state, tender.failed_because, lot.failed_because as lot from tender
         join lot on lot.tender_id = tender.id where tender.id = $1`,
        [tender.id],
      );
      expect(rows).toEqual([
        { state: 'failed', failed_because: 'noCandidateLeft', lot: 'noCandidateLeft' },
      ]);
      // What was published before the version goes by the one of its publication, with its next candidate.
      const went = await accept(before);
      expect(await to(before.tender)).toEqual(['RESULT_NOTICE', 'FAILED']);
      await at.unsigned(went.contractId);
      expect((await tenderNow(before.tender)).state).toBe('resultNotice');
    });

    it('leave no way out that the law gives: without a step to fail, or to give a draft up, no version is loaded or written', async () => {
      const rule = await ownRule(5, (steps) => steps);
      const ends = (rule.steps as { fromState: string; toState: string }[]).filter(({ toState }) =>
        ['failed', 'cancelled'].includes(toState),
      );
      expect(ends.map(({ fromState }) => fromState).sort()).toEqual([
        'awarded',
        'draft',
        'evaluating',
        'opened',
        'published',
        'qualified',
        'resultNotice',
      ]);
      for (const { fromState, toState } of ends) {
        await expect(load(5, without(fromState, toState))).rejects.toThrow(
          `${fromState} → ${toState} may not be left out: a tender would be stuck there`,
        );
        await expect(
          at.mulin.database.query(
            `delete from procedure_step where method = 'belowThreshold' and from_state = $1 and to_state = $2`,
            [fromState, toState],
          ),
        ).rejects.toThrow(`${fromState} has no step to ${toState}`);
      }
      // The same at the commit, whoever writes a version and its steps.
      await operator.query('begin');
      await operator.query(
        `insert into procedure (method, street, version, in_force_from, terms, article, title_zh, title_en)
         select method, '${STREET}', 5, in_force_from, terms, article, title_zh, title_en from procedure
         where method = 'belowThreshold' and scope = '' order by version desc limit 1`,
      );
      await operator.query(
        `insert into procedure_step values ('belowThreshold', '${STREET}', 5, 'draft', 'published', null, '{}', null)`,
      );
      await expect(operator.query('commit')).rejects.toThrow('published has no step to failed');
      expect((await procedures()).some(({ version }) => version === 5)).toBe(false);
    });

    it('that a file does not say are those of the common version, under the articles of its own terms', async () => {
      const rule = await ownRule(4, (steps) => steps);
      const terms = rule.terms as { articles: object };
      const articles = { ...terms.articles, opening: '本街道办法 第六条' };
      await loadRules(operator, {
        procedures: [{ ...rule, steps: undefined, terms: { ...terms, articles } }].map(
          ({ steps: _none, ...each }) => each,
        ),
      });
      const found = (await procedures('BELOW_THRESHOLD')).find(({ version }) => version === 4);
      expect(ways(found ?? missing('version'))).toEqual(ways(await newest('BELOW_THRESHOLD')));
      expect(found && stepOf(found, 'PUBLISHED', 'OPENED')?.article).toBe('本街道办法 第六条');
    });

    it('are refused as a whole when the way they describe leads nowhere, each with its reason', async () => {
      const more = (change: object) => (steps: object[]) => [
        ...steps,
        {
          fromState: 'draft',
          toState: 'opened',
          clock: null,
          conditions: [],
          article: null,
          ...change,
        },
      ];
      const wrong: [(steps: object[]) => object[], string][] = [
        [more({}), 'draft → opened is no step of belowThreshold'],
        [more({ toState: 'paid' }), 'draft → paid is no step of belowThreshold'],
        [more({ toState: 'cancelled' }), 'draft → cancelled is there twice'],
        [
          (steps) => steps.map((each) => ({ ...each, clock: 'fullMoon' })),
          'the clock of published → opened is bidDeadline, not fullMoon',
        ],
        [
          (steps) => steps.map((each) => ({ ...each, conditions: ['onePerson'] })),
          'the conditions of draft → published are twoPeople, not onePerson',
        ],
        [without('draft', 'published'), 'opened is never reached'],
        [without('resultNotice', 'awarded'), 'nothing is ever awarded'],
        [
          (steps) => steps.filter((each) => (each as { fromState: string }).fromState !== 'draft'),
          'no step begins with draft',
        ],
      ];
      for (const [change, problem] of wrong) await expect(load(9, change)).rejects.toThrow(problem);
      expect((await procedures()).some(({ version }) => version === 9)).toBe(false);
    });
  });

  it('of one supplier alone begin when its notice is over, and say the moment from the day it runs', async () => {
    await at.clockTo(NOW);
    const bidder = at.bidder();
    await at.known(bidder.organisation);
    const on = await at.approvedPlan({ method: 'SINGLE_SOURCE' });
    const proposal = await at.must(at.officer, 'proposeSingleSource', {
      ...{ id: newId('ssp'), planId: on.id, organisationId: bidder.organisation },
      ...{ reasonCode: 'onlySupplier', statement: '只有一家机构能够承担。' },
      opinions: [{ name: '王某（虚构）', position: '副教授', opinion: '全市仅该机构持有资质。' }],
    });
    const draft = await at.must(at.officer, 'draftTender', {
      ...{ id: newId('ten'), procurementPlanId: on.id },
      ...(await at.tenderFile({ priceWeight: 10_000, criteria: [] })),
    });
    expect(await next(draft)).toMatchObject([
      {
        toState: 'PUBLISHED',
        clock: 'SINGLE_SOURCE_NOTICE',
        article: '74号令 第三十八条',
        at: null,
      },
      { toState: 'CANCELLED' },
    ]);
    await at.must(at.approver, 'noticeSingleSource', step(proposal));
    expect(await next(draft)).toMatchObject([{ at: '2025-11-17T16:00:00.000Z' }, { at: null }]);
    const publish = () =>
      at.mulin.database.query(
        `update tender set state = 'published', published_by = 'x', published_at = now(), procedure_version = 1
         where id = $1`,
        [draft.id],
      );
    await expect(publish()).rejects.toThrow('the clock singleSourceNotice');
    await at.clockTo(new Date('2025-11-18T00:00:05+08:00'));
    await at.mulin.database.query(
      'update tender set invited_organisation_id = null where id = $1',
      [draft.id],
    );
    await expect(publish()).rejects.toThrow('a single source has one supplier');
  });
});
