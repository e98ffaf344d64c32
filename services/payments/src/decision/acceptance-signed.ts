import { AcceptanceSigned, type AcceptanceSignedPayload } from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type Outcome,
  type ReceivedEvent,
} from '@mulin/messaging';
import { type Matter, readMatters } from './matter.js';
import { carryOut, decideMatter, metAgain, type Verdict, waitsFor } from './verdict.js';

type Signed = ReceivedEvent<AcceptanceSignedPayload>;

/** Final acceptance (履约验收): what every instalment retained is released, or, if it failed, reduced. */
@EventsController()
export class AcceptanceSignedHandler {
  @OnEvent(AcceptanceSigned)
  async handle(events: Signed[], { tx }: HandlerContext): Promise<Outcome> {
    const matters = await readMatters(
      tx,
      'acceptance',
      events.map(({ payload }) => ({
        ...payload,
        instalmentId: null,
        causeId: payload.acceptanceId,
      })),
    );
    return carryOut(
      tx,
      events.map((event, question) => ({
        event,
        verdict: judgeAcceptance(
          event,
          matters.filter((matter) => matter.question === question),
        ),
      })),
    );
  }
}

/**
 * Whether something may still be decided. Of a contract that ended early, a period that nobody will evaluate
 * and whose money was never reserved, because its fiscal year had not come, is not waited for.
 */
function isOpen({ standing, isReserved, terminatedOn, instalment: { periodTo } }: Matter): boolean {
  if (standing) return standing.rectificationFen > 0n;
  const wasWorked = terminatedOn === null || periodTo === null || periodTo <= terminatedOn;
  return isReserved || wasWorked;
}

/** One decision for each instalment that retained something; none before all of them are decided. Pure. */
export function judgeAcceptance({ id, payload }: Signed, matters: readonly Matter[]): Verdict {
  const { contractId, acceptanceId: causeId, outcome } = payload;
  if (matters.length === 0) {
    return { waitFor: waitsFor.term(contractId), because: 'its contract is not known here yet' };
  }
  const accepted = outcome === 'accepted';
  const again = matters.flatMap(({ already, standing }) =>
    already && standing
      ? [metAgain(already, { kind: 'acceptance', accepted, previous: standing })]
      : [],
  );
  if (again.length > 0) return again.find((verdict) => 'refuse' in verdict) ?? { decided: [] };

  const open = matters.find(isOpen);
  if (open) {
    return {
      waitFor: waitsFor.anyDecision(contractId),
      because: open.standing
        ? `instalment ${open.instalment.no} is under rectification`
        : `instalment ${open.instalment.no} is not decided yet`,
    };
  }
  const decided = [];
  for (const matter of matters) {
    if (!matter.standing || matter.standing.retainedFen === 0n) continue;
    const inputs = { kind: 'acceptance' as const, accepted, previous: matter.standing };
    const verdict = decideMatter({ matter, causeId, causationId: id, inputs });
    if (!('decided' in verdict)) return verdict;
    decided.push(...verdict.decided);
  }
  return { decided };
}
