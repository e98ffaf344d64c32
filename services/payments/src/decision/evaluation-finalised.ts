import { EvaluationFinalised, type EvaluationFinalisedPayload } from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type Outcome,
  type ReceivedEvent,
} from '@mulin/messaging';
import type { Inputs } from '@mulin/payment-rule';
import { termsKnown } from '../term/terms-known.js';
import { type Matter, readMatters, takenByTermination } from './matter.js';
import { carryOut, decideMatter, metAgain, type Verdict, waitsFor } from './verdict.js';

type Finalised = ReceivedEvent<EvaluationFinalisedPayload>;

/**
 * The event that moves money. However many evaluations arrive at once, the statements are the same few:
 * one read, the rule in memory, then decisions, event rows and transfers, each in one insert.
 */
@EventsController()
export class EvaluationFinalisedHandler {
  @OnEvent(EvaluationFinalised)
  async handle(events: Finalised[], { tx }: HandlerContext): Promise<Outcome> {
    const matters = await readMatters(
      tx,
      'evaluation',
      events.map(({ payload }) => ({ ...payload, causeId: payload.evaluationId })),
    );
    const matterOf = new Map(matters.map((matter) => [matter.question, matter]));
    const without = events.filter((_, question) => !matterOf.has(question));
    const known = await termsKnown(
      tx,
      without.map(({ payload }) => payload.contractId),
    );
    return carryOut(
      tx,
      events.map((event, question) => {
        const matter = matterOf.get(question);
        return { event, verdict: matter ? judge(event, matter) : missing(event, known) };
      }),
    );
  }
}

function missing({ payload }: Finalised, known: ReadonlySet<string>): Verdict {
  const { contractId, instalmentId } = payload;
  return known.has(contractId)
    ? { refuse: 'instalmentUnknown', detail: { contractId, instalmentId } }
    : { waitFor: waitsFor.term(contractId), because: 'its contract is not known here yet' };
}

/** What the evaluation comes to, by what is known about its instalment. Pure. */
export function judge({ id, payload }: Finalised, matter: Matter): Verdict {
  const { instalment, rule, standing } = matter;
  const { evaluationId: causeId, attempt, contractId } = payload;
  const inputs = inputsOf(payload, matter);

  if (matter.already) return metAgain(asNow(matter.already, matter), inputs);
  if (payload.organisationId !== matter.organisationId) {
    return { refuse: 'organisationDiffers', detail: { organisationId: matter.organisationId } };
  }
  if (payload.ruleVersion !== rule.version) {
    const waitFor = waitsFor.rule(contractId, payload.ruleVersion);
    return { waitFor, because: `rule version ${payload.ruleVersion} is not known here yet` };
  }
  if (takenByTermination(standing)) return { decided: [] };
  if (!matter.isReserved) {
    return {
      waitFor: waitsFor.reservation(instalment.id),
      because: 'no money is reserved for its instalment yet',
    };
  }
  const gate = gateWithoutWord(payload, matter);
  if (gate) return { refuse: 'gateMissing', detail: { obligation: gate } };
  if (attempt === 2) {
    const obstacle = judgeSecond(payload, standing);
    if (obstacle) return obstacle;
  }
  return decideMatter({ matter, causeId, causationId: id, inputs });
}

/** A second evaluation follows the decision of the first, while something waits for rectification. */
function judgeSecond(
  payload: EvaluationFinalisedPayload,
  standing: Matter['standing'],
): Verdict | undefined {
  const { previousEvaluationId, breaches } = payload;
  if (previousEvaluationId === null) return { refuse: 'previousMissing', detail: {} };
  if (!standing) {
    return {
      waitFor: waitsFor.decisionBy(previousEvaluationId),
      because: 'the decision of its first evaluation is not here yet',
    };
  }
  if (standing.kind === 'evaluation' && standing.causeId !== previousEvaluationId) {
    return { refuse: 'previousDiffers', detail: { previousEvaluationId: standing.causeId } };
  }
  if (standing.rectificationFen === 0n) {
    return { refuse: 'nothingUnderRectification', detail: { decisionId: standing.id } };
  }
  const charged = new Set(breaches.map(({ id }) => id));
  const forgotten = standing.breachIds.find((id) => !charged.has(id));
  // A breach that was withdrawn is put right by a reversal, which two people decide.
  return forgotten ? { refuse: 'breachMissing', detail: { breachId: forgotten } } : undefined;
}

/** A gate of this instalment that the evaluation says nothing about: nobody guesses with money. */
function gateWithoutWord(payload: EvaluationFinalisedPayload, { rule, instalment }: Matter) {
  const said = new Set(payload.gates.map(({ code }) => code));
  return rule.gates
    .filter(({ appliesTo }) => appliesTo.includes(instalment.no))
    .find(({ obligation }) => !said.has(obligation))?.obligation;
}

/** What two people have withdrawn is not charged again, though the evaluation never heard of it. */
function standingBreaches<B extends { id: string }>(breaches: B[], { withdrawn }: Matter): B[] {
  return breaches.filter(({ id }) => !withdrawn.includes(id));
}

/** What was decided, seen without the breaches that were withdrawn since: a replay of the event is no other fact. */
function asNow(already: NonNullable<Matter['already']>, matter: Matter) {
  // Written by ourselves as the rule library's canonical inputs.
  const inputs = JSON.parse(already.inputs) as { breaches: { id: string }[] };
  const breaches = standingBreaches(inputs.breaches, matter);
  return { ...already, inputs: JSON.stringify({ ...inputs, breaches }) };
}

function inputsOf(payload: EvaluationFinalisedPayload, matter: Matter): Inputs {
  const { rule, instalment, standing, openClaims } = matter;
  const { no, kind, amountFen } = instalment;
  return {
    kind: 'evaluation',
    rule,
    instalment: { no, kind, amountFen },
    attempt: payload.attempt === 2 ? 2 : 1,
    score: payload.score,
    unfulfilledGates: payload.gates.filter(({ fulfilled }) => !fulfilled).map(({ code }) => code),
    breaches: standingBreaches(payload.breaches, matter),
    claimIn:
      standing?.claimInFen ?? openClaims.reduce((sum, { amountFen: claim }) => sum + claim, 0n),
    previous: standing,
  };
}
