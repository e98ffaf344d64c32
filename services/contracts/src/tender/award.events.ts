import { yearOf } from '@mulin/clock';
import { now } from '@mulin/database';
import { TenderAwarded, type TenderAwardedPayload } from '@mulin/events';
import { newId } from '@mulin/ids';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';
import { parseFen } from '@mulin/money';
import { parseRule, type PaymentRule } from '@mulin/payment-rule';
import { Contract } from '../contract/contract.entity.js';
import { signingDeadline } from '../contract/signing-term.js';
import { ContractState } from '../contract/contract.states.js';
import { Instalment, InstalmentKind } from '../instalment/instalment.entity.js';
import { Obligation } from '../obligation/obligation.entity.js';
import { endInvalid } from './invalid-award.js';

/**
 * Drafts the contract of an award from what the tender file said and the price that won, and from nothing else
 * (政府采购法 第四十六条): nobody writes these terms, so nobody is their writer.
 */
@EventsController()
export class AwardEvents {
  @OnEvent(TenderAwarded)
  async awarded(events: ReceivedEvent<TenderAwardedPayload>[], { tx }: HandlerContext) {
    const draftedAt = await now(tx);
    const contracts: Contract[] = [];
    for (const { street, payload } of events) {
      const { endsAt } = await signingDeadline(
        tx,
        new Date(payload.noticedAt ?? payload.awardedAt),
      );
      contracts.push(Object.assign(contractOf(street, payload, draftedAt), { signBy: endsAt }));
    }
    await tx.insert(Contract, contracts);
    await tx.insert(
      Instalment,
      events.flatMap(({ street, payload }) => instalmentsOf(street, payload)),
    );
    const obligations = events.flatMap(({ street, payload }) => obligationsOf(street, payload));
    if (obligations.length > 0) await tx.insert(Obligation, obligations);
    // Its award may have fallen before it was drafted here.
    await endInvalid(
      tx,
      events.map(({ payload }) => payload.contractId),
    );
  }
}

function contractOf(street: string, payload: TenderAwardedPayload, draftedAt: Date): Contract {
  return Object.assign(new Contract(), {
    id: payload.contractId,
    street,
    organisationId: payload.organisationId,
    title: payload.title,
    amountFen: parseFen(payload.amountFen),
    startsOn: payload.from,
    endsOn: payload.to,
    longTermBecause: null,
    fiscalYear: yearOf(payload.from),
    tenderId: payload.tenderId,
    lotId: payload.lotId,
    ruleTerms: ruleOf(payload),
    state: ContractState.DRAFTED,
    ...{ requestNo: 0, laterFundsAsked: false, fundsRefusalFacts: null, draftedAt, writtenBy: [] },
    ...{ fundedAt: null, signedAt: null, activatedAt: null, completedOn: null },
    ...{
      suspendedSince: null,
      suspendedBecause: null,
      cancelledAt: null,
      terminationReason: null,
      terminationDay: null,
    },
    ...{ terminationProposedBy: null, terminatedBy: null, version: 1, events: 0 },
  });
}

function instalmentsOf(street: string, payload: TenderAwardedPayload) {
  const { contractId, organisationId, from, instalments } = payload;
  return instalments.map(({ no, kind, amountFen, fundId, periodFrom, periodTo }) => ({
    id: newId('ins'),
    ...{ contractId, street, organisationId, no, fundId, reserved: false },
    kind: kind === 'advance' ? InstalmentKind.ADVANCE : InstalmentKind.EVALUATED,
    amountFen: parseFen(amountFen),
    periodFrom: periodFrom ?? null,
    periodTo: periodTo ?? null,
    fiscalYear: yearOf(periodTo ?? from),
  }));
}

function obligationsOf(
  street: string,
  { contractId, organisationId, obligations }: TenderAwardedPayload,
) {
  return obligations.map(({ code, title, metric }, position) => ({
    id: newId('obl'),
    ...{ contractId, street, organisationId, position, code, title, metric },
  }));
}

/** Tenders checked it before the file was published; what does not parse here is a broken event. */
function ruleOf({ rule, tenderId }: TenderAwardedPayload): PaymentRule {
  const parsed = parseRule(rule);
  if (!parsed.ok) throw new Error(`The rule of ${tenderId} does not parse.`);
  return parsed.rule;
}
