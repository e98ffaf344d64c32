import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { countStatements } from '@mulin/testing';
import { Bench, itemTerms, person, step } from './builders.js';
import { expectChecksToHold } from './checks.js';

describe('the catalogue of services', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  it('takes an item from one person and lists it by another', async () => {
    const item = await at.must(at.officer, 'draftServiceItem', itemTerms());
    expect(item).toMatchObject({ __typename: 'ServiceItem', state: 'DRAFT', version: 1 });
    const both = person(['streetOfficer', 'streetApprover']);
    const own = await at.must(both, 'draftServiceItem', itemTerms());
    expect(await at.do(both, 'listServiceItem', step(own))).toMatchObject({
      __typename: 'SecondPersonNeeded',
      firstPersonId: both.id,
    });
    expect(await at.do(at.approver, 'listServiceItem', step(item))).toMatchObject({
      state: 'LISTED',
      version: 2,
    });
    await expect(
      at.mulin.database.query('update service_item set listed_by = written_by where id = $1', [
        item.id,
      ]),
    ).rejects.toThrow('who writes an item does not list it');
  });

  it('refuses what is on the negative list, with the article', async () => {
    const answer = await at.do(at.officer, 'draftServiceItem', {
      ...itemTerms(),
      natureCode: 'staffing',
    });
    expect(answer).toMatchObject({
      __typename: 'OnNegativeList',
      code: 'staffing',
      rule: { id: 'catalogue.negativeList', article: '财政部令第102号 第十条第五项' },
    });
    const zh = await at.do(
      at.officer,
      'draftServiceItem',
      { ...itemTerms(), natureCode: 'staffing' },
      'zh-CN',
    );
    expect(zh).toMatchObject({ __typename: 'OnNegativeList' });
  });

  it('has a category for everything that the street of the story buys', async () => {
    const { serviceCategories } = await at.mulin.answer<{
      serviceCategories: { code: string; title: string }[];
    }>(at.resident, '{ serviceCategories { code title } }');
    const titles = serviceCategories.map(({ title }) => title);
    for (const title of [
      ...['睦邻中心托管', '助老服务', '青少年服务', '亲子服务', '文体服务', '志愿服务', '慈善超市'],
      ...['双拥服务', '阳光之家', '重残养护', '精神康复', '96890 热线'],
    ])
      expect(titles).toContain(title);
  });

  it('refuses a category that it does not have, a code used twice, and blank text', async () => {
    const draft = (change: object) =>
      at.do(at.officer, 'draftServiceItem', { ...itemTerms(), ...change });
    expect(await draft({ categoryCode: 'catering' })).toMatchObject({
      __typename: 'CategoryUnknown',
      code: 'catering',
    });
    const first = itemTerms();
    await at.must(at.officer, 'draftServiceItem', first);
    expect(await draft({ code: first.code })).toMatchObject({
      __typename: 'ServiceItemCodeTaken',
      code: first.code,
    });
    expect(await draft({ title: '  ' })).toMatchObject({
      __typename: 'InvalidInput',
      field: 'input.title',
    });
    expect(await draft({ code: 'Not A Code' })).toMatchObject({ field: 'input.code' });
    expect(await at.do(at.officer, 'draftServiceItem', { ...first, title: '别的' })).toMatchObject({
      __typename: 'IdAlreadyUsed',
    });
    expect(await at.do(at.officer, 'draftServiceItem', first)).toMatchObject({ id: first.id });
  });

  it('changes the text of an item only while no plan may use it', async () => {
    const item = await at.listedItem();
    const terms = { ...itemTerms(), title: '睦邻中心托管（修订）' };
    const { id: _, code: __, ...text } = terms;
    const revise = (row: typeof item) =>
      at.do(at.officer, 'reviseServiceItem', { ...step(row), ...text });
    expect(await revise(item)).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'listed',
    });
    const suspended = await at.must(at.approver, 'suspendServiceItem', step(item));
    const revised = await revise(suspended);
    expect(revised).toMatchObject({ title: terms.title, state: 'SUSPENDED' });
    expect(await at.must(at.approver, 'listServiceItem', step(revised))).toMatchObject({
      state: 'LISTED',
    });
  });

  it('retires an item for good, in the code and in the database', async () => {
    const item = await at.listedItem();
    const retired = await at.must(at.approver, 'retireServiceItem', step(item));
    expect(await at.do(at.approver, 'listServiceItem', step(retired))).toMatchObject({
      __typename: 'StateConflict',
    });
    await expect(
      at.mulin.database.query(`update service_item set state = 'listed' where id = $1`, [item.id]),
    ).rejects.toThrow('service_item never goes from retired to listed');
  });

  it('remembers every price and overwrites none', async () => {
    const item = await at.listedItem();
    const price = (validFrom: string, unitPrice: string) =>
      at.do(at.officer, 'recordItemPrice', {
        id: newId('prc'),
        serviceItemId: item.id,
        validFrom,
        unitPrice,
        source: 'MARKET_SURVEY',
      });
    await price('2024-01-01', '28000000');
    await price('2025-01-01', '30000000');
    expect(await price('2025-06-01', '0')).toMatchObject({ __typename: 'InvalidInput' });
    const { serviceItem } = await at.mulin.answer<{ serviceItem: object }>(
      at.resident,
      `query ($id: ID!) { serviceItem(id: $id) {
         category { code title } priceHistory { validFrom unitPrice { fen } source } } }`,
      { id: item.id },
    );
    expect(serviceItem).toEqual({
      category: { code: 'centre-custody', title: '睦邻中心托管' },
      priceHistory: [
        { validFrom: '2025-01-01', unitPrice: { fen: '30000000' }, source: 'MARKET_SURVEY' },
        { validFrom: '2024-01-01', unitPrice: { fen: '28000000' }, source: 'MARKET_SURVEY' },
      ],
    });
  });

  it('shows residents what is listed, and drafts to the staff alone', async () => {
    const draft = await at.must(at.officer, 'draftServiceItem', itemTerms());
    const look = 'query ($id: ID!) { serviceItem(id: $id) { id state } }';
    const hidden = await at.mulin.ask(at.resident, look, { id: draft.id });
    expect(hidden.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    await at.must(at.approver, 'listServiceItem', step(draft));
    expect(await at.mulin.answer(at.resident, look, { id: draft.id })).toEqual({
      serviceItem: { id: draft.id, state: 'LISTED' },
    });
  });

  it('is searched, filtered and read page by page, in as many statements for two items as for twenty', async () => {
    const ask = (first: number) =>
      at.mulin.answer<{ serviceItems: { nodes: { title: string }[]; totalCount: number } }>(
        at.officer,
        `query ($first: Int!) { serviceItems(first: $first, filter: { state: { in: [LISTED] },
           category: { in: ["youth"] }, search: "青少年" }, orderBy: { field: CODE }) {
           totalCount nodes { title category { title } priceHistory { validFrom }
             budgetLines { fiscalYear planned { fen } remaining { fen } } } } }`,
        { first },
      );
    for (let made = 0; made < 6; made += 1) {
      const item = await at.listedItem({ categoryCode: 'youth', title: `青少年活动 ${made}` });
      await at.must(at.officer, 'addBudgetLine', {
        id: newId('bln'),
        serviceItemId: item.id,
        fiscalYear: 2026,
        planned: '1000',
      });
    }
    const counted = async (first: number) =>
      (await countStatements(at.mulin.service.database.app, () => ask(first))).count;
    expect(await counted(6)).toBe(await counted(1));
    const { serviceItems } = await ask(6);
    expect(serviceItems.totalCount).toBe(6);
  });
});
