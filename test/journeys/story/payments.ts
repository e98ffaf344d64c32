import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import type { Told, World } from '../world.js';
import type { Fen } from './contracts.js';

/** What a decision divides the instalment into, in fen. */
export interface Figures {
  released: bigint;
  reduced: bigint;
  rectification: bigint;
  retained: bigint;
}

export interface DecisionRead extends Figures {
  id: string;
  kind: string;
  outcome: string;
  newlyReleased: bigint;
}

const DECISIONS = `query ($id: ID!) { instalment(id: $id) { decisions { id kind outcome
  released { fen } reduced { fen } rectification { fen } retained { fen } newlyReleased { fen } } } }`;

/** All decisions about the instalment, the first one first. */
export async function decisions(world: World, instalmentId: string): Promise<DecisionRead[]> {
  const { instalment } = await world.answer<{
    instalment: { decisions: Record<string, Fen & string>[] };
  }>(world.people.auditor, DECISIONS, { id: instalmentId });
  return instalment.decisions.map((decision) => {
    const fen = (name: string) => BigInt(decision[name]?.fen ?? '-1');
    return {
      id: decision.id ?? '',
      kind: decision.kind ?? '',
      outcome: decision.outcome ?? '',
      released: fen('released'),
      reduced: fen('reduced'),
      rectification: fen('rectification'),
      retained: fen('retained'),
      newlyReleased: fen('newlyReleased'),
    };
  });
}

/** Waits for the decision of that number, and answers it. */
export function decided(world: World, instalmentId: string, no: number): Promise<DecisionRead> {
  return eventually(
    async () => {
      const all = await decisions(world, instalmentId);
      const decision = all[no - 1];
      if (!decision) throw new Error(`there are ${all.length} decisions, not ${no}`);
      return decision;
    },
    { withinMs: 20_000, everyMs: 50 },
  );
}

export interface Balance {
  committed: string;
  retained: string;
  rectification: string;
  payable: string;
  paid: string;
  reduced: string;
}

/** Where the contract's money is now, in fen. */
export async function balance(world: World, contractId: string): Promise<Balance> {
  const { contract } = await world.answer<{ contract: { balance: Record<keyof Balance, Fen> } }>(
    world.people.auditor,
    `query ($id: ID!) { contract(id: $id) { balance { committed { fen } retained { fen }
      rectification { fen } payable { fen } paid { fen } reduced { fen } } } }`,
    { id: contractId },
  );
  const { committed, retained, rectification, payable, paid, reduced } = contract.balance;
  return {
    committed: committed.fen,
    retained: retained.fen,
    rectification: rectification.fen,
    payable: payable.fen,
    paid: paid.fen,
    reduced: reduced.fen,
  };
}

/** What the fund can still promise, in fen. */
export async function available(world: World, fundId: string): Promise<bigint> {
  const { fund: found } = await world.answer<{ fund: { balance: { available: Fen } } }>(
    world.people.auditor,
    'query ($id: ID!) { fund(id: $id) { balance { available { fen } } } }',
    { id: fundId },
  );
  return BigInt(found.balance.available.fen);
}

/** Invoice, as many approvals as it needs, bank: what a decision newly released is paid out. */
export async function pay(world: World, decision: DecisionRead): Promise<Told> {
  const { officer, approver, secondApprover, cashier } = world.people;
  const id = await ordered(world, decision, officer);
  const once = await world.mustStep(approver, 'approveOrder', id);
  if (once.state !== 'APPROVED') await world.mustStep(secondApprover, 'approveOrder', id);
  return world.mustStep(cashier, 'confirmSettlement', id);
}

export async function ordered(world: World, decision: DecisionRead, by: Actor): Promise<string> {
  const id = newId('pay');
  await world.must(by, 'draftOrder', {
    id,
    decisionId: decision.id,
    invoiceNumber: `XJ${Date.now()}`,
    invoiceDate: '2026-04-07',
    invoiceAmount: String(decision.newlyReleased),
  });
  return id;
}
