import {
  RectificationLapsed,
  type RectificationLapsedPayload,
  RectificationSubmitted,
  type RectificationSubmittedPayload,
} from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type Outcome,
  type ReceivedEvent,
} from '@mulin/messaging';
import { insertAll } from '../insert-all.js';
import { termsKnown } from '../term/terms-known.js';
import { type Matter, readMatters, takenByTermination } from './matter.js';
import { carryOut, decideMatter, type Verdict, waitsFor } from './verdict.js';

type Lapsed = ReceivedEvent<RectificationLapsedPayload>;

/** The two ends of waiting for a rectification report: it was handed in, or its time ran out. */
@EventsController()
export class RectificationHandler {
  /** Moves no money. From here on nothing of this evaluation can lapse: the second one decides. */
  @OnEvent(RectificationSubmitted)
  async submitted(
    events: ReceivedEvent<RectificationSubmittedPayload>[],
    { tx }: HandlerContext,
  ): Promise<void> {
    const rows = events.map(({ street, payload }) => ({
      id: payload.rectificationId,
      street,
      organisation_id: payload.organisationId,
      contract_id: payload.contractId,
      instalment_id: payload.instalmentId,
      evaluation_id: payload.evaluationId,
      submitted_on: payload.submittedOn,
    }));
    await insertAll(tx, 'rectification', rows, { onConflict: 'on conflict do nothing' });
  }

  @OnEvent(RectificationLapsed)
  async lapsed(events: Lapsed[], { tx }: HandlerContext): Promise<Outcome> {
    const matters = await readMatters(
      tx,
      'lapse',
      events.map(({ payload }) => ({ ...payload, causeId: payload.rectificationId })),
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
        return { event, verdict: matter ? judgeLapse(event, matter) : missing(event, known) };
      }),
    );
  }
}

function missing({ payload }: Lapsed, known: ReadonlySet<string>): Verdict {
  const { contractId, instalmentId } = payload;
  return known.has(contractId)
    ? { refuse: 'instalmentUnknown', detail: { contractId, instalmentId } }
    : { waitFor: waitsFor.term(contractId), because: 'its contract is not known here yet' };
}

/** What a lapse comes to: it takes what waits for rectification, and only that. Pure. */
export function judgeLapse({ id, payload }: Lapsed, matter: Matter): Verdict {
  const { standing } = matter;
  const { evaluationId, rectificationId: causeId } = payload;
  if (matter.already) {
    // All that a lapse asks is which evaluation it ends, and that is what the unique cause names.
    return { decided: [] };
  }
  if (takenByTermination(standing)) return { decided: [] };
  if (!standing) {
    return {
      waitFor: waitsFor.decisionBy(evaluationId),
      because: 'the decision of its evaluation is not here yet',
    };
  }
  if (matter.rectified.includes(evaluationId)) {
    return { refuse: 'rectificationWasSubmitted', detail: { evaluationId } };
  }
  if (standing.kind === 'evaluation' && standing.causeId !== evaluationId) {
    return { refuse: 'previousDiffers', detail: { previousEvaluationId: standing.causeId } };
  }
  if (standing.rectificationFen === 0n) {
    return { refuse: 'nothingUnderRectification', detail: { decisionId: standing.id } };
  }
  const inputs = { kind: 'lapse' as const, previous: standing };
  return decideMatter({ matter, causeId, causationId: id, inputs });
}
