import { ContractTerminated, type ContractTerminatedPayload } from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type Outcome,
  type ReceivedEvent,
} from '@mulin/messaging';
import { type Matter, readMatters } from './matter.js';
import { carryOut, decideMatter, type Verdict, waitsFor } from './verdict.js';

type Terminated = ReceivedEvent<ContractTerminatedPayload>;

/** A contract ended early: what nobody will evaluate any more goes back to the fund. */
@EventsController()
export class ContractTerminatedHandler {
  @OnEvent(ContractTerminated)
  async handle(events: Terminated[], { tx }: HandlerContext): Promise<Outcome> {
    const matters = await readMatters(
      tx,
      'termination',
      events.map(({ payload }) => ({
        ...payload,
        instalmentId: null,
        causeId: payload.contractId,
      })),
    );
    await tx.query(
      `update term set terminated_on = ended.day
       from unnest($1::text[], $2::date[]) as ended (contract_id, day)
       where term.contract_id = ended.contract_id`,
      [
        events.map(({ payload }) => payload.contractId),
        events.map(({ payload }) => payload.terminatedOn),
      ],
    );
    // What was performed is owed, and nothing would end this hold later; a challenge without an answer still does.
    const freed = events.filter(({ payload }) => payload.staysSuspended !== true);
    await tx.query('delete from held_contract where contract_id = any ($1)', [
      freed.map(({ payload }) => payload.contractId),
    ]);
    return carryOut(
      tx,
      events.map((event, question) => ({
        event,
        verdict: judgeTermination(
          event,
          matters.filter((matter) => matter.question === question),
        ),
      })),
    );
  }
}

/**
 * One decision for each instalment that nobody will evaluate any more. A period that is over by the last
 * day was worked in full: its evaluation, and the rectification after it, take their course and decide
 * (民法典 第五百六十七条: an end leaves the clauses of settlement standing). Pure.
 */
export function judgeTermination({ id, payload }: Terminated, matters: readonly Matter[]): Verdict {
  const { contractId: causeId } = payload;
  if (matters.length === 0) {
    return { waitFor: waitsFor.term(causeId), because: 'its contract is not known here yet' };
  }
  const decided = [];
  for (const matter of matters) {
    const { standing, instalment, rule, already, isReserved } = matter;
    const isOpen = standing ? standing.rectificationFen > 0n : isReserved;
    const { no, kind, amountFen, periodTo } = instalment;
    const wasWorked = periodTo !== null && periodTo <= payload.terminatedOn;
    if (already || !isOpen || wasWorked) continue;
    const inputs = {
      kind: 'termination' as const,
      ruleVersion: rule.version,
      instalment: { no, kind, amountFen },
      previous: standing,
    };
    const verdict = decideMatter({ matter, causeId, causationId: id, inputs });
    if (!('decided' in verdict)) return verdict;
    decided.push(...verdict.decided);
  }
  return { decided };
}
