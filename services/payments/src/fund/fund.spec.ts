import { describe, expect, it } from '@jest/globals';
import { SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import { fen } from '@mulin/money';
import { Appropriation, AppropriationState } from './appropriation.entity.js';
import { Fund, FundState } from './fund.entity.js';

const officer = newId('per');
const approver = newId('per');

describe('a fund', () => {
  const open = () =>
    Fund.open({
      id: newId('fun'),
      street: '310110015',
      fiscalYear: 2026,
      title: '睦邻中心运营',
      openedBy: officer,
    });

  it('is closed once', () => {
    const fund = open();
    expect(fund.close(1)).toBeUndefined();
    expect(fund.state).toBe(FundState.CLOSED);
    expect(fund.close(2)).toBeInstanceOf(StateConflict);
  });

  it('is not closed by somebody who saw an older version', () => {
    expect(open().close(0)).toMatchObject({ expectedVersion: 0, actualVersion: 1 });
  });
});

describe('an appropriation', () => {
  const propose = () =>
    Appropriation.propose({
      id: newId('apr'),
      street: '310110015',
      fundId: newId('fun'),
      amountFen: fen(100n),
      document: '杨财预〔2026〕1号',
      proposedBy: officer,
    });

  it('is approved by a second person, once', () => {
    const appropriation = propose();
    expect(appropriation.approve(officer, 1)).toBeInstanceOf(SecondPersonNeeded);
    expect(appropriation.approve(approver, 1)).toBeUndefined();
    expect(appropriation).toMatchObject({
      state: AppropriationState.APPROVED,
      approvedBy: approver,
      version: 2,
    });
    expect(appropriation.approve(approver, 2)).toBeInstanceOf(StateConflict);
  });
});
