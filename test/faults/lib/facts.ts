import type { NewEvent } from '@mulin/messaging';
import { decide, type PaymentRule, standardRule } from '@mulin/payment-rule';
import { breaches, ContractStory, type Told } from '../../../services/payments/test/builders.js';
import type { Random } from './random.js';

/** How an instalment must be divided in the end, in fen: released, reduced, rectification, retained. */
export type Figures = readonly [bigint, bigint, bigint, bigint];

/** A contract, its evaluation, and what the rule says about it, computed here and not by the service. */
export interface Fact {
  contract: ContractStory;
  requested: Told;
  signed: Told;
  finalised: Told;
  /** Every cause of a payment, with the instalment it decides and the figures it must come to. */
  causes: Cause[];
}

export interface Cause {
  kind: 'advance' | 'evaluation';
  causeId: string;
  instalmentId: string;
  expected: Figures;
}

const ruleFor = (instalmentNo: number): PaymentRule => ({
  ...standardRule,
  gates: [{ obligation: 'hotline', capShare: 5000, appliesTo: [instalmentNo] }],
  breachDeductions: [{ obligation: 'opening', per: { fen: '5000' }, cap: { share: 1000 } }],
  retention: 500,
});

/** Invents that many contracts, every fourth with an advance, and an evaluation of each. */
export function inventFacts(random: Random, count: number, fundId: string): Fact[] {
  return Array.from({ length: count }, (_, index) => inventFact(random, fundId, index % 4 === 0));
}

function inventFact(random: Random, fundId: string, advance: boolean): Fact {
  const amounts = Array.from({ length: advance ? 2 : 1 }, () =>
    BigInt(random.whole(1_000, 90_000_000)),
  );
  const no = amounts.length;
  const contract = new ContractStory({ fundId, amounts, advance, rule: ruleFor(no) });
  const score = random.whole(0, 10_000);
  const unfulfilled = random.fraction() < 0.2 ? ['hotline'] : [];
  const charged = breaches('opening', random.whole(0, 3));
  const finalised = contract.finalised({ no, score, unfulfilled, breaches: charged });
  const decision = decide({
    rule: contract.rule,
    instalment: { no, kind: 'evaluated', amountFen: BigInt(contract.instalment(no).amountFen) },
    attempt: 1,
    score,
    unfulfilledGates: unfulfilled,
    breaches: charged,
    claimIn: 0n,
  });
  const { releasedFen, reducedFen, rectificationFen, retainedFen } = decision;
  const evaluation: Cause = {
    kind: 'evaluation',
    causeId: finalised.subject,
    instalmentId: contract.instalment(no).id,
    expected: [releasedFen, reducedFen, rectificationFen, retainedFen],
  };
  const advances = advance ? [advanceOf(contract)] : [];
  return {
    contract,
    requested: contract.requested(),
    signed: contract.signed(),
    finalised,
    causes: [...advances, evaluation],
  };
}

function advanceOf(contract: ContractStory): Cause {
  const { id: instalmentId, amountFen } = contract.instalment(1);
  return {
    kind: 'advance',
    causeId: contract.id,
    instalmentId,
    expected: [BigInt(amountFen), 0n, 0n, 0n],
  };
}

/** The same fact as its own service would append it to its outbox. */
export function asNewEvent({ type, subject, aggregateVersion, street, payload }: Told): NewEvent {
  return { type, aggregateId: subject, aggregateVersion, street, payload };
}
