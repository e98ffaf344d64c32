import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { Bench, person, planTerms, step, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

const SAME_NEED = newId('ned');

describe('a procurement plan', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const drafted = async (line: Told, change: object = {}) =>
    at.must(at.officer, 'draftProcurementPlan', { ...planTerms(line.id), ...change });
  const filed = async (plan: Told) => at.do(at.officer, 'fileProcurementPlan', step(plan));

  it('is written by one person, approved by another, and told once', async () => {
    const line = await at.budgetLine();
    const terms = planTerms(line.id);
    const plan = await at.must(at.officer, 'draftProcurementPlan', terms);
    const file = await at.must(at.officer, 'fileProcurementPlan', step(plan));
    expect(file).toMatchObject({ state: 'FILED' });
    const approve = step(file);
    const approved = await at.must(at.approver, 'approveProcurementPlan', approve);
    expect(approved).toMatchObject({ state: 'APPROVED', fiscalYear: 2026 });
    // The same key again is the same answer, and no second event.
    expect(await at.must(at.approver, 'approveProcurementPlan', approve)).toEqual(approved);
    expect(await at.outbox(plan.id)).toEqual([
      {
        type: 'mulin.procurementPlan.approved.v1',
        aggregateversion: 1,
        payload: expect.objectContaining({
          procurementPlanId: plan.id,
          amountFen: '90000000',
          method: 'belowThreshold',
          categoryCode: 'centre-custody',
          needIds: terms.needIds,
        }),
      },
    ]);
  });

  it('is for an amount: nothing is none', async () => {
    const line = await at.budgetLine();
    const terms = { ...planTerms(line.id), amount: '0' };
    expect(await at.do(at.officer, 'draftProcurementPlan', terms)).toMatchObject({
      ...{ __typename: 'InvalidInput', field: 'input.amount', problem: 'ZERO' },
    });
    const needs = { ...planTerms(line.id), needIds: Array.from({ length: 3 }, () => SAME_NEED) };
    expect(await at.do(at.officer, 'draftProcurementPlan', needs)).toMatchObject({
      ...{ __typename: 'InvalidInput', field: 'input.needIds[1]', problem: 'REPEATED' },
    });
  });

  it('is never approved by who wrote it', async () => {
    const both = person(['streetOfficer', 'streetApprover']);
    const line = await at.budgetLine();
    const plan = await at.must(both, 'draftProcurementPlan', planTerms(line.id));
    const file = await at.must(both, 'fileProcurementPlan', step(plan));
    expect(await at.do(both, 'approveProcurementPlan', step(file))).toMatchObject({
      __typename: 'SecondPersonNeeded',
      firstPersonId: both.id,
    });
    await expect(
      at.mulin.database.query(
        `update procurement_plan set state = 'approved', approved_by = written_by, approved_at = now() where id = $1`,
        [plan.id],
      ),
    ).rejects.toThrow('who writes a plan does not approve it');
  });

  it('may not take more than its budget line has left', async () => {
    const line = await at.budgetLine();
    await filed(await drafted(line));
    const second = await drafted(line, { amount: '10000001' });
    expect(await filed(second)).toMatchObject({
      __typename: 'BudgetLineExceeded',
      rule: { id: 'plan.withinBudget', article: '政府采购法 第六条' },
      budgetLineId: line.id,
    });
    await expect(
      at.mulin.database.query(`update procurement_plan set state = 'filed' where id = $1`, [
        second.id,
      ]),
    ).rejects.toThrow('take more than was planned');
  });

  it('takes the last yuan once, when two are filed at the same moment', async () => {
    const line = await at.budgetLine();
    const plans = await Promise.all([
      drafted(line, { amount: '60000000' }),
      drafted(line, { amount: '60000000' }),
    ]);
    const answers = await Promise.all(plans.map(filed));
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
      'BudgetLineExceeded',
      'ProcurementPlan',
    ]);
  });

  it('gives its amount back when it is cancelled or sent back', async () => {
    const line = await at.budgetLine();
    const remaining = async () => {
      const { budgetLine } = await at.mulin.answer<{
        budgetLine: { remaining: { fen: string } };
      }>(at.officer, 'query ($id: ID!) { budgetLine(id: $id) { remaining { fen } } }', {
        id: line.id,
      });
      return budgetLine.remaining.fen;
    };
    const plan = await filed(await drafted(line));
    expect(await remaining()).toBe('10000000');
    const back = await at.must(at.approver, 'sendBackProcurementPlan', step(plan));
    expect(await remaining()).toBe('100000000');
    const again = await filed(back);
    await at.must(at.approver, 'cancelProcurementPlan', step(again));
    expect(await remaining()).toBe('100000000');
  });

  it('below the threshold stays below it: the limit itself is already too much', async () => {
    const line = await at.budgetLine({ planned: '500000000' });
    const just = await drafted(line, { amount: '99999999' });
    expect(await filed(just)).toMatchObject({ state: 'FILED' });
    const limit = await drafted(line, { amount: '100000000' });
    expect(await filed(limit)).toMatchObject({
      __typename: 'MethodNotAllowed',
      method: 'BELOW_THRESHOLD',
      fiscalYear: 2026,
      rule: { id: 'plan.method', article: '政府采购法 第八条' },
    });
    const consultation = await drafted(line, {
      amount: '400000000',
      method: 'COMPETITIVE_CONSULTATION',
    });
    expect(await filed(consultation)).toMatchObject({
      __typename: 'MethodNotAllowed',
      rule: { article: '政府采购法 第二十七条' },
    });
    const open = await drafted(line, { amount: '400000000', method: 'OPEN_TENDERING' });
    expect(await filed(open)).toMatchObject({ state: 'FILED' });
  });

  const amounts = async (plan: Told) => {
    const { fileProcurementPlan } = await at.mulin.answer<{ fileProcurementPlan: object }>(
      at.officer,
      `mutation ($input: ProcurementPlanStepInput!) { fileProcurementPlan(input: $input)
         { ... on PurchaseSplit { sum { fen } limit { fen } } } }`,
      { input: step(plan) },
    );
    return fileProcurementPlan;
  };
  it('is not split: what a line buys otherwise than by open tendering is measured together', async () => {
    const line = await at.budgetLine({ planned: '500000000' });
    const half = (change: object = {}) => drafted(line, { amount: '50000000', ...change });
    expect(await filed(await half())).toMatchObject({ state: 'FILED' });
    expect(await filed(await half({ amount: '49999999' }))).toMatchObject({ state: 'FILED' });
    const last = await half({ amount: '1' });
    expect(await filed(last)).toMatchObject({
      ...{ __typename: 'PurchaseSplit', budgetLineId: line.id, method: 'BELOW_THRESHOLD' },
      fiscalYear: 2026,
      rule: { id: 'plan.together', article: '政府采购法实施条例 第二十八条' },
    });
    expect(await amounts(last)).toEqual({
      ...{ sum: { fen: '100000000' }, limit: { fen: '100000000' } },
    });
    // Not by the code alone.
    await expect(
      at.mulin.database.query(`update procurement_plan set state = 'filed' where id = $1`, [
        last.id,
      ]),
    ).rejects.toThrow('too large together');
    // The sum goes the way that is open for it; and what is tendered in the open is no splitting.
    const consultation = { method: 'COMPETITIVE_CONSULTATION', amount: '200000000' };
    expect(await filed(await half(consultation))).toMatchObject({ state: 'FILED' });
    expect(await amounts(await half({ ...consultation, amount: '100000001' }))).toEqual({
      ...{ sum: { fen: '400000000' }, limit: { fen: '400000000' } },
    });
    const open = { method: 'OPEN_TENDERING', amount: '200000000' };
    expect(await filed(await half(open))).toMatchObject({ state: 'FILED' });
  });

  it('is not approved when others of its line have made it part of more', async () => {
    const line = await at.budgetLine({ planned: '500000000' });
    const small = await filed(await drafted(line));
    await filed(await drafted(line, { amount: '300000000', method: 'COMPETITIVE_CONSULTATION' }));
    expect(await at.do(at.approver, 'approveProcurementPlan', step(small))).toMatchObject({
      __typename: 'PurchaseSplit',
    });
  });

  it('is split by nobody, when two are filed at the same moment', async () => {
    const line = await at.budgetLine({ planned: '500000000' });
    const plans = await Promise.all([
      drafted(line, { amount: '99999999' }),
      drafted(line, { amount: '99999999' }),
    ]);
    const answers = await Promise.all(plans.map(filed));
    expect(answers.map(({ __typename }) => __typename).sort()).toEqual([
      'ProcurementPlan',
      'PurchaseSplit',
    ]);
  });

  it('waits for the thresholds of its year', async () => {
    const line = await at.budgetLine({ fiscalYear: 2031 });
    expect(await filed(await drafted(line))).toMatchObject({
      __typename: 'ThresholdsNotSet',
      fiscalYear: 2031,
    });
  });

  it('buys only what the catalogue lists', async () => {
    const item = await at.listedItem();
    const line = await at.must(at.officer, 'addBudgetLine', {
      id: newId('bln'),
      serviceItemId: item.id,
      fiscalYear: 2026,
      planned: '90000000',
    });
    const plan = await drafted(line);
    await at.must(at.approver, 'suspendServiceItem', step(item));
    expect(await filed(plan)).toMatchObject({
      __typename: 'ServiceItemNotListed',
      serviceItemId: item.id,
      rule: { article: '财政部令第102号 第十四条' },
    });
  });

  it('is fixed once it was handed in', async () => {
    const plan = await filed(await drafted(await at.budgetLine()));
    const { id: _, budgetLineId: __, ...terms } = planTerms('');
    expect(
      await at.do(at.officer, 'reviseProcurementPlan', { ...step(plan), ...terms }),
    ).toMatchObject({ __typename: 'StateConflict', actualState: 'filed' });
    await expect(
      at.mulin.database.query('update procurement_plan set amount_fen = 1 where id = $1', [
        plan.id,
      ]),
    ).rejects.toThrow('is fixed');
  });

  it('is public when it is approved, and not before', async () => {
    const plan = await filed(await drafted(await at.budgetLine()));
    const look = 'query ($id: ID!) { procurementPlan(id: $id) { id serviceItem { title } } }';
    const hidden = await at.mulin.ask(at.resident, look, { id: plan.id });
    expect(hidden.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    await at.must(at.approver, 'approveProcurementPlan', step(plan));
    expect(await at.mulin.answer(at.resident, look, { id: plan.id })).toEqual({
      procurementPlan: { id: plan.id, serviceItem: { title: '睦邻中心托管' } },
    });
  });

  it('refuses amounts and lists that no plan can have', async () => {
    const line = await at.budgetLine();
    const draft = (change: object) =>
      at.do(at.officer, 'draftProcurementPlan', { ...planTerms(line.id), ...change });
    const need = newId('ned');
    for (const [change, field] of [
      [{ amount: '0' }, 'input.amount'],
      [{ amount: '100000000000001' }, 'input.amount'],
      [{ title: '' }, 'input.title'],
      [{ needIds: [need, need] }, 'input.needIds[1]'],
      [{ needIds: [newId('org')] }, 'input.needIds[0]'],
    ] as const)
      expect(await draft(change)).toMatchObject({ __typename: 'InvalidInput', field });
  });

  it('keeps a budget line to one for an item and a year, and never below what plans take', async () => {
    const line = await at.budgetLine();
    await filed(await drafted(line));
    expect(
      await at.do(at.officer, 'changeBudgetLine', { ...step(line), planned: '89999999' }),
    ).toMatchObject({ __typename: 'BudgetLineExceeded' });
    const [row] = await at.mulin.database.query<{ service_item_id: string }>(
      'select service_item_id from budget_line where id = $1',
      [line.id],
    );
    expect(
      await at.do(at.officer, 'addBudgetLine', {
        id: newId('bln'),
        serviceItemId: row?.service_item_id,
        fiscalYear: 2026,
        planned: '1',
      }),
    ).toMatchObject({ __typename: 'BudgetLineExists', fiscalYear: 2026 });
  });
});
