import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import pg from 'pg';
// The operator's own command; it is plain Node and belongs to no package.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { loadRules, serviceOf } from '../../../infra/dev/lib/rules.mjs';
import { type Bench, bench, key, NOW, STREET, terms } from './builders.js';
import { expectChecksToHold } from './checks.js';

describe('how far a contract may go without a tender', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await bench();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const because = '睦邻中心托管内容固定、须连续服务，经费已列入三年滚动预算，价格稳定';
  /** Terms of that price for that time; one instalment on signing, the rest when the last day is evaluated. */
  const asking = (change: { to?: string; amount?: string; longTermBecause?: string } = {}) => {
    const whole = terms(at.organisationId);
    const { to = whole.to, amount = whole.amount } = change;
    const half = (BigInt(amount) / 2n).toString();
    const [first, second] = whole.instalments;
    return {
      ...{ ...whole, ...change },
      rule: { ...whole.rule, gates: [] },
      instalments: [
        { ...first, amount: half },
        { ...second, amount: half, periodTo: to },
      ],
    };
  };
  const draft = (change = {}) => at.do(at.officer, 'draftContract', asking(change));

  it.each([
    ['2026-12-31', 'a year'],
    ['2026-06-30', 'half a year'],
  ])('a contract until %s, %s, needs no reason', async (to) => {
    expect(await draft({ to })).toMatchObject({ __typename: 'Contract' });
  });

  it('one day longer than a year, and it says why', async () => {
    expect(await draft({ to: '2027-01-01' })).toMatchObject({
      __typename: 'LongTermUnexplained',
      usualMonths: 12,
      rule: { id: 'contract.term.usual', article: '财政部令第102号 第二十四条' },
    });
    expect(await draft({ to: '2027-01-01', longTermBecause: '  ' })).toMatchObject({
      __typename: 'InvalidInput',
      field: 'input.longTermBecause',
    });
    const input = asking({ to: '2027-01-01', longTermBecause: because });
    expect(await at.do(at.officer, 'draftContract', input)).toMatchObject({
      __typename: 'Contract',
    });
    const { contract } = await at.mulin.answer<{ contract: { longTermBecause: string } }>(
      at.manager,
      'query ($id: ID!) { contract(id: $id) { longTermBecause } }',
      { id: input.id },
    );
    expect(contract.longTermBecause).toBe(because);
  });

  it('three years are the most, whatever the reason', async () => {
    const longTermBecause = because;
    expect(await draft({ to: '2028-12-31', longTermBecause })).toMatchObject({
      __typename: 'Contract',
    });
    expect(await draft({ to: '2029-01-01', longTermBecause })).toMatchObject({
      __typename: 'TermTooLong',
      mostMonths: 36,
      rule: { id: 'contract.term.most', article: '财政部令第102号 第二十四条' },
    });
  });

  it('from the procurement limit on, it is awarded by a procedure: the number itself included', async () => {
    expect(await draft({ amount: '99999998' })).toMatchObject({ __typename: 'Contract' });
    expect(await draft({ amount: '100000000' })).toMatchObject({
      __typename: 'TenderNeeded',
      limit: { fen: '100000000' },
      rule: { id: 'contract.tender.needed', article: '政府采购法 第六十四条' },
    });
  });

  it('what counts is the price of a year: a longer term does not make it small, a shorter one not smaller', async () => {
    const longTermBecause = because;
    const twoYears = { to: '2027-12-31', longTermBecause };
    expect(await draft({ ...twoYears, amount: '199999998' })).toMatchObject({
      __typename: 'Contract',
    });
    expect(await draft({ ...twoYears, amount: '200000000' })).toMatchObject({
      __typename: 'TenderNeeded',
    });
    expect(await draft({ to: '2026-01-31', amount: '100000000' })).toMatchObject({
      __typename: 'TenderNeeded',
    });
  });

  it('a draft is not revised beyond a limit', async () => {
    const drafted = asking();
    await at.do(at.officer, 'draftContract', drafted);
    const { organisationId: _, ...revised } = { ...asking({ amount: '100000000' }), ...drafted };
    const [first, second] = revised.instalments;
    const input = { ...revised, ...key(drafted.id), expectedVersion: 1 };
    const dear = { amount: '120000000', instalments: [first, { ...second, amount: '75000000' }] };
    expect(await at.do(at.officer, 'reviseContract', { ...input, ...dear })).toMatchObject({
      __typename: 'TenderNeeded',
    });
  });

  it('a street’s own rule goes before the common one, from its day on', async () => {
    const own = (version: number, amount: number, inForceFrom: string) => ({
      ...{ code: 'directFen', street: STREET, version, amount, inForceFrom },
      ...{
        article: '街道内部控制办法（示例）',
        titleZh: '直接签约限额',
        titleEn: 'Direct contracts',
      },
    });
    const contractLimits = [own(1, 50_000_000, '2026-01-01'), own(2, 70_000_000, '2027-01-01')];
    expect(serviceOf({ contractLimits })).toBe('contracts');
    const operator = new pg.Client({ connectionString: at.mulin.database.adminUrl });
    await operator.connect();
    await loadRules(operator, { contractLimits });
    await operator.end();
    expect(await draft({ amount: '60000000' })).toMatchObject({
      __typename: 'TenderNeeded',
      rule: { article: '街道内部控制办法（示例）' },
    });
    await at.mulin.database.query('delete from contract_limit where version = 1 and street = $1', [
      STREET,
    ]);
    // What begins next year judges nothing yet.
    expect(await draft({ amount: '80000000' })).toMatchObject({ __typename: 'Contract' });
    await at.mulin.database.query('delete from contract_limit where street = $1', [STREET]);
  });

  it('everyone of the street can read the limits', async () => {
    const { contractLimits } = await at.mulin.answer<{ contractLimits: object[] }>(
      at.manager,
      '{ contractLimits { code amount version article title street inForceFrom } }',
    );
    expect(contractLimits).toHaveLength(3);
    expect(contractLimits).toContainEqual({
      code: 'mostMonths',
      amount: '36',
      version: 1,
      article: '财政部令第102号 第二十四条',
      title: expect.any(String),
      street: null,
      inForceFrom: '2020-03-01',
    });
  });

  it.each([
    ['none drafted by hand is dear', null, '2026-12-31', 100_000_000n],
    ['none drafted by hand is long and unexplained', null, '2027-01-01', 1000n],
    ['not even an awarded one runs longer than the law lets it', newId('ten'), '2029-01-01', 1000n],
  ])('whoever writes the table: %s', async (_, tenderId, to, fen) => {
    const write = at.mulin.database.query(
      `insert into contract (id, street, organisation_id, title, amount_fen, starts_on, ends_on, fiscal_year, tender_id,
         rule, state, drafted_at, written_by, version)
       values ($1, $2, $3, 'x', $4, '2026-01-01', $5, 2026, $6, '{}', 'drafted', $7, '{}', 1)`,
      [newId('con'), STREET, at.organisationId, fen.toString(), to, tenderId, NOW],
    );
    await expect(write).rejects.toMatchObject({
      constraint: 'a contract keeps the limits of the law',
    });
  });
});
