import { describe, expect, it } from '@jest/globals';
import { SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { fen } from '@mulin/money';
import { standardRule } from '@mulin/payment-rule';
import { Contract } from './contract.entity.js';
import { ContractState, NEXT } from './contract.states.js';
import { ContractIsSuspended } from './signing.refusals.js';
import { TermNotBegun, TermNotOver } from './term.refusals.js';

const contract = (change: Partial<Contract> = {}): Contract =>
  Object.assign(new Contract(), {
    id: 'con_1',
    street: '310110015',
    organisationId: 'org_1',
    title: '第三睦邻中心托管协议',
    amountFen: fen(90_000_000),
    startsOn: '2026-01-01',
    endsOn: '2026-12-31',
    fiscalYear: 2026,
    tenderId: null,
    ruleTerms: standardRule,
    state: ContractState.DRAFTED,
    requestNo: 0,
    laterFundsAsked: false,
    fundsRefusalFacts: null,
    suspendedSince: null,
    writtenBy: ['per_officer'],
    terminationReason: null,
    terminationDay: null,
    terminationProposedBy: null,
    terminatedBy: null,
    version: 1,
    events: 0,
    ...change,
  });
const at = (instant: string) => new Date(instant);

describe('a contract', () => {
  it('is not begun by hand while a challenge or complaint holds it', () => {
    const held = contract({
      state: ContractState.SIGNED,
      suspendedSince: at('2026-01-05T10:00:00+08:00'),
    });
    expect(held.activate(1, at('2026-01-06T10:00:00+08:00'))).toBeInstanceOf(ContractIsSuspended);
    expect(held.state).toBe(ContractState.SIGNED);
  });

  it('begins at 0:00 in Shanghai on its first day', () => {
    const signed = { state: ContractState.SIGNED };
    const early = contract(signed);
    expect(early.activate(1, at('2025-12-31T23:59:59.999+08:00'))).toBeInstanceOf(TermNotBegun);
    expect(early.state).toBe(ContractState.SIGNED);
    const inTime = contract(signed);
    expect(inTime.activate(1, at('2026-01-01T00:00:00+08:00'))).toBeUndefined();
    expect(inTime).toMatchObject({ state: ContractState.ACTIVE, version: 2, events: 0 });
  });

  it('runs until 24:00 in Shanghai on its last day', () => {
    const active = { state: ContractState.ACTIVE };
    const lasting = contract(active);
    expect(lasting.complete(1, at('2026-12-31T23:59:59.999+08:00'))).toBeInstanceOf(TermNotOver);
    const over = contract(active);
    expect(over.complete(1, at('2027-01-01T00:00:00+08:00'))).toBeUndefined();
    expect(over).toMatchObject({
      state: ContractState.COMPLETED,
      completedOn: '2026-12-31',
      events: 1,
    });
  });

  it('counts its requests for money, and forgets why the last one was refused', () => {
    const refusal = {
      requestNo: 1,
      code: 'budgetExceeded',
      fundId: 'fun_1',
      requestedFen: '2',
      remainingFen: '1',
    };
    const again = contract({ requestNo: 1, fundsRefusalFacts: refusal, version: 3, events: 1 });
    expect(again.requestFunds(3)).toBeUndefined();
    expect(again).toMatchObject({
      state: ContractState.AWAITING_FUNDS,
      requestNo: 2,
      fundsRefusalFacts: null,
      version: 4,
      events: 2,
    });
  });

  it('tells that it is cancelled from every state, by one event', () => {
    for (const state of [
      ContractState.DRAFTED,
      ContractState.AWAITING_FUNDS,
      ContractState.FUNDED,
    ]) {
      const given = contract({ state });
      given.cancel(1, at('2026-01-01T00:00:00Z'));
      expect(given.events).toBe(1);
    }
  });

  it('gives money back when it is cancelled after it asked for it, and only then', () => {
    const now = at('2026-01-01T00:00:00Z');
    const cancel = (state: ContractState) => contract({ state }).cancel(1, now);
    expect(cancel(ContractState.DRAFTED)).toEqual({ givesBack: false });
    expect(cancel(ContractState.AWAITING_FUNDS)).toEqual({ givesBack: true });
    expect(cancel(ContractState.FUNDED)).toEqual({ givesBack: true });
    expect(cancel(ContractState.SIGNED)).toBeInstanceOf(StateConflict);
  });

  it('remembers everyone who wrote its terms', () => {
    const drafted = contract();
    drafted.revised('per_second', 1);
    drafted.revised('per_officer', 2);
    expect(drafted.writtenBy).toEqual(['per_officer', 'per_second']);
  });

  it('ends early when two people say so, and no earlier', () => {
    const active = contract({ state: ContractState.ACTIVE });
    expect(active.terminate('per_a', 1)).toBeInstanceOf(StateConflict);
    const proposal = { by: 'per_a', reason: 'agreement', lastDay: '2026-09-30' };
    expect(active.proposeTermination({ ...proposal, expectedVersion: 1 })).toBeUndefined();
    expect(active.terminate('per_a', 2)).toBeInstanceOf(SecondPersonNeeded);
    expect(active.state).toBe(ContractState.ACTIVE);
    expect(active.terminate('per_b', 2)).toEqual({ reason: 'agreement', lastDay: '2026-09-30' });
    expect(active).toMatchObject({
      state: ContractState.TERMINATED,
      terminatedBy: 'per_b',
      events: 1,
    });
  });

  it('refuses a step on a version that somebody has changed since, and changes nothing', () => {
    const drafted = contract({ version: 5 });
    expect(drafted.requestFunds(4)).toMatchObject({
      expectedVersion: 4,
      actualVersion: 5,
      actualState: 'drafted',
    });
    expect(drafted).toMatchObject({ state: ContractState.DRAFTED, version: 5, requestNo: 0 });
  });

  it.each(Object.values(ContractState))('takes from %s only the steps of the table', (state) => {
    const now = at('2030-01-01T00:00:00Z');
    const steps: Record<string, (each: Contract) => unknown> = {
      [ContractState.AWAITING_FUNDS]: (each) => each.requestFunds(1),
      [ContractState.CANCELLED]: (each) => each.cancel(1, now),
      [ContractState.ACTIVE]: (each) => each.activate(1, now),
      [ContractState.COMPLETED]: (each) => each.complete(1, now),
    };
    for (const [to, step] of Object.entries(steps)) {
      const each = contract({ state });
      step(each);
      const possible = NEXT[state].some((next) => next === to);
      expect([state, to, each.state]).toEqual([state, to, possible ? to : state]);
    }
  });
});
