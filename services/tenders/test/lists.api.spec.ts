import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { countStatements, queryPlan } from '@mulin/testing';
import { Bench, missing, NOW, person, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

describe('lists are searched and sorted', () => {
  let at: Bench;
  const tenders: Told[] = [];
  beforeAll(async () => {
    at = await Bench.open();
    for (let made = 0; made < 3; made += 1) {
      await at.clockTo(new Date(NOW.getTime() + made * 3_600_000));
      tenders.push(await at.publishedTender({ title: `列表 ${made}` }));
    }
    tenders.push(await at.draftedTender({ title: '列表 草稿' }));
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const auditor = person(['auditor']);
  /** The ids of a list, and the statement that its page was. */
  const list = async (asked: string, actor = auditor) => {
    const { result, statements } = await countStatements(at.mulin.service.database.app, () =>
      at.mulin.answer<Record<string, { nodes: { id: string }[] }>>(
        actor,
        `{ ${asked} { nodes { id } } }`,
      ),
    );
    const [page] = Object.values(result);
    return {
      ids: (page ?? missing('page')).nodes.map(({ id }) => id),
      plan: await queryPlan(at.mulin.service.database.app, statements.at(-1) ?? ''),
    };
  };
  const tendersBy = async (args: string) => (await list(`tenders(first: 50, ${args})`)).ids;
  const ids = (...places: number[]) => places.map((place) => tenders[place]?.id);

  it('tenders by the day of publication, newest first, or by the deadline; drafts have no such day', async () => {
    const newest = 'orderBy: { field: PUBLISHED_AT, direction: DESC }';
    expect(await tendersBy(newest)).toEqual(ids(2, 1, 0));
    const [after, before] = [1, 2].map((hours) => new Date(NOW.getTime() + hours * 3_600_000));
    const range = `{ from: "${after?.toISOString()}", before: "${before?.toISOString()}" }`;
    expect(await tendersBy(`filter: { published: ${range} }`)).toEqual(ids(1));
    expect(
      await tendersBy('filter: { search: "列表" }, orderBy: { field: DEADLINE }'),
    ).toHaveLength(4);
    // Page after page in this order, none twice.
    const [first] = await tendersBy(`${newest}, filter: { search: "列表" }`);
    const { tenders: page } = await at.mulin.answer<{
      tenders: { pageInfo: { endCursor: string } };
    }>(auditor, `{ tenders(first: 1, ${newest}) { pageInfo { endCursor } } }`);
    const rest = await tendersBy(`${newest}, after: "${page.pageInfo.endCursor}"`);
    expect([first, ...rest]).toEqual(ids(2, 1, 0));
  });

  it('tenders by category, budget line and plan of what is bought, for the public too', async () => {
    const [row] = await at.mulin.database.query<{ line: string; category: string }>(
      `select budget_line_id as line, category_code as category from tender
       join procurement_plan plan on plan.id = plan_id
       join service_item item on item.id = service_item_id where tender.id = $1`,
      [tenders[0]?.id],
    );
    expect(await tendersBy(`filter: { budgetLineId: "${row?.line}" }`)).toEqual(ids(0));
    const category = `tenders(first: 50, filter: { category: { in: ["${row?.category}"] } })`;
    expect((await list(category)).ids).toEqual(ids(0, 1, 2, 3));
    expect(
      (
        await at.mulin.answer<{ tenders: { nodes: object[] } }>(
          null,
          `{ ${category} { nodes { id } } }`,
        )
      ).tenders.nodes,
    ).toHaveLength(3);
    expect(await tendersBy('filter: { category: { in: ["none"] } }')).toEqual([]);
    expect(await tendersBy(`filter: { budgetLineId: "${newId('bln')}" }`)).toEqual([]);
  });

  it('experts by part of their name, their field and their state', async () => {
    await at.experts(2);
    await at.must(at.officer, 'registerExpert', {
      ...{ id: newId('exp'), personId: newId('per'), name: '某会计（虚构）', speciality: '财务' },
    });
    const experts = async (args: string) => (await list(`experts(first: 50, ${args})`)).ids;
    expect(await experts('filter: { name: "会计" }')).toHaveLength(1);
    expect(await experts('filter: { name: "%" }')).toEqual([]);
    expect(await experts('filter: { speciality: "社区", states: [LISTED] }')).toHaveLength(2);
    expect(await experts('filter: { states: [REGISTERED] }')).toHaveLength(1);
    expect(await experts('orderBy: { field: SPECIALITY }')).toHaveLength(3);
  });

  it('awards, challenges and proposals by their states and times', async () => {
    const { award, tender, bidders, winner } = await at.announcedTender();
    const loser = bidders.find((each) => each !== winner) ?? missing('loser');
    const challenge = await at.must(loser, 'fileChallenge', {
      ...{ id: newId('chl'), tenderId: tender.id, kind: 'CHALLENGE', stage: 'RESULT' },
      ...{ grounds: [{ ground: '评分有误', evidence: '评审报告', remedy: '重新评审' }] },
    });
    const announced = 'orderBy: { field: ANNOUNCED_AT, direction: DESC }';
    const since = `{ from: "${NOW.toISOString()}" }`;
    const until = `{ before: "${NOW.toISOString()}" }`;
    expect((await list(`awards(${announced}, filter: { announced: ${since} })`)).ids).toEqual([
      award.id,
    ]);
    expect((await list(`awards(filter: { states: [ANNOUNCED, NOTICED] })`)).ids).toEqual([
      award.id,
    ]);
    expect((await list('awards(filter: { states: [REFUSED] })')).ids).toEqual([]);
    expect((await list(`awards(filter: { announced: ${until} })`)).ids).toEqual([]);
    const filed = 'orderBy: { field: FILED_AT, direction: DESC }';
    const whose = `organisationId: "${loser.organisation}"`;
    expect((await list(`challenges(${filed}, filter: { ${whose}, states: [FILED] })`)).ids).toEqual(
      [challenge.id],
    );
    expect((await list(`challenges(filter: { states: [ANSWERED] })`)).ids).toEqual([]);
    expect((await list(`challenges(filter: { filed: ${until} })`)).ids).toEqual([]);
    expect((await list('singleSourceProposals(filter: { states: [PUBLISHED] })')).ids).toEqual([]);
  });

  it.each([
    ['tenders', 'PUBLISHED_AT'],
    ['tenders', 'DEADLINE'],
    ['awards', 'ANNOUNCED_AT'],
    ['awards', 'CHOSEN_AT'],
    ['challenges', 'FILED_AT'],
    ['challenges', 'DUE_AT'],
    ['singleSourceProposals', 'NOTICED_AT'],
    ['experts', 'NAME'],
    ['experts', 'SPECIALITY'],
    ['refusals', 'AT'],
  ])('%s by %s come from an index, both ways, and nothing is sorted', async (what, field) => {
    for (const direction of ['ASC', 'DESC']) {
      const { plan } = await list(`${what}(orderBy: { field: ${field}, direction: ${direction} })`);
      expect(plan).toContain('Index');
      expect(plan).not.toMatch(/Sort/);
    }
  });

  it('what is looked up by another row is found by an index', async () => {
    for (const asked of [
      `tenders(filter: { budgetLineId: "${newId('bln')}" })`,
      'tenders(filter: { category: { in: ["elderly"] } })',
      `bids(tenderId: "${newId('ten')}", orderBy: { field: RECEIVED_AT })`,
      `singleSourceProposals(filter: { organisationId: "${newId('org')}" })`,
      `challenges(filter: { organisationId: "${newId('org')}" }, orderBy: { field: FILED_AT })`,
    ])
      expect((await list(asked)).plan).not.toContain('Seq Scan');
  });

  it('as many statements for three tenders as for one, however they are searched', async () => {
    const count = async (first: number) => {
      const { count: counted } = await countStatements(at.mulin.service.database.app, () =>
        at.mulin.answer(
          auditor,
          `{ tenders(first: ${first}, filter: { search: "列表", category: { in: ["elderly"] } },
             orderBy: { field: PUBLISHED_AT }) { totalCount nodes { id procurementPlan { id } } } }`,
        ),
      );
      return counted;
    };
    expect(await count(3)).toBe(await count(1));
  });
});
