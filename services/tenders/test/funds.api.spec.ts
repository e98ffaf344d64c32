import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { Bench, step } from './builders.js';
import { expectChecksToHold } from './checks.js';

describe('the money behind a tender', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  /** The terms of `fileTerms`, paid from this fund. */
  const paidFrom = async (fundId: string, change: object = {}) => {
    const { instalments } = await at.tenderFile();
    return { ...change, instalments: instalments.map((each) => ({ ...each, fundId })) };
  };
  const publishing = async (change: object) => {
    const tender = await at.draftedTender(change);
    return at.do(at.approver, 'publishTender', step(tender));
  };
  /** A contract of this year: its money must be there when it is tendered. */
  const OF_2025 = {
    from: '2025-12-01',
    to: '2025-12-31',
  };
  const of2025 = async (fundId: string) => {
    const file = await paidFrom(fundId, OF_2025);
    const period = { periodFrom: '2025-12-01', periodTo: '2025-12-31' };
    const [advance, evaluated] = file.instalments;
    return { ...file, instalments: [advance, { ...evaluated, ...period }] };
  };

  it('must exist: a fund that nobody opened in this street carries no tender', async () => {
    for (const fundId of [newId('fun'), await at.fund({ street: '310110016' })])
      expect(await publishing(await paidFrom(fundId))).toMatchObject({
        __typename: 'TenderFileInvalid',
        rule: { article: '政府采购法 第六条、预算法 第十三条' },
        message: expect.stringContaining(`${fundId} is not known in this street, or not yet`),
      });
  });

  it('is not of a closed fund, nor of one whose year ends before the contract', async () => {
    expect(await publishing(await paidFrom(await at.fund({ open: false })))).toMatchObject({
      message: expect.stringContaining('is closed'),
    });
    expect(await publishing(await paidFrom(await at.fund({ year: 2025 })))).toMatchObject({
      rule: { article: '预算法 第十八条' },
      message: expect.stringContaining('is of 2025 and cannot carry another year'),
    });
  });

  it('suffices for the dearest award of this year; that of a later year may still come', async () => {
    const short = await at.fund({ year: 2025, fen: '87999999' });
    expect(await publishing(await of2025(short))).toMatchObject({
      __typename: 'TenderFileInvalid',
      message: expect.stringContaining('has CNY 879,999.99, and up to CNY 880,000.00 is needed'),
    });
    const enough = await at.fund({ year: 2025, fen: '88000000' });
    expect(await publishing(await of2025(enough))).toMatchObject({ state: 'PUBLISHED' });
    const stillEmpty = await at.fund({ year: 2026, fen: '0' });
    expect(await publishing(await paidFrom(stillEmpty))).toMatchObject({ state: 'PUBLISHED' });
  });

  it('keeps a tender from the public in the database too', async () => {
    const tender = await at.draftedTender(await paidFrom(newId('fun')));
    await expect(
      at.mulin.database.query(
        `update tender set state = 'published', published_by = 'per_2', published_at = now(), version = version + 1
         where id = $1`,
        [tender.id],
      ),
    ).rejects.toMatchObject({ constraint: 'a tender is published on funds that exist' });
  });

  it('is planned on a fund of the line’s own year', async () => {
    const item = await at.listedItem();
    const line = (fundId: string) => ({
      ...{ id: newId('bln'), serviceItemId: item.id, fiscalYear: 2026, planned: '1', fundId },
    });
    const unknown = newId('fun');
    expect(await at.do(at.officer, 'addBudgetLine', line(unknown))).toMatchObject({
      __typename: 'FundNotUsable',
      ...{ fundId: unknown, because: 'FUND_UNKNOWN', fiscalYear: null },
      rule: { id: 'plan.fund', article: '政府采购法 第六条、预算法 第十三条' },
    });
    expect(
      await at.do(at.officer, 'addBudgetLine', line(await at.fund({ year: 2027 }))),
    ).toMatchObject({
      ...{ __typename: 'FundNotUsable', because: 'FUND_OF_OTHER_YEAR', fiscalYear: 2027 },
    });
    const added = await at.must(at.officer, 'addBudgetLine', line(await at.fund()));
    expect(
      await at.do(at.officer, 'changeBudgetLine', {
        ...{ ...step(added), planned: '2', fundId: await at.fund({ open: false }) },
      }),
    ).toMatchObject({ __typename: 'FundNotUsable', because: 'FUND_CLOSED' });
  });
});
