import { ContractTerminated, type ContractTerminatedPayload } from '@mulin/events';
import type { Tx } from '@mulin/database';
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
    // What was performed is owed, and nothing would end this hold later; a challenge without an answer still does. Of
    // what never began nothing is owed: its orders stay held.
    const freed = events.filter(
      ({ payload }) => payload.staysSuspended !== true && payload.neverBegan !== true,
    );
    await tx.query('delete from held_contract where contract_id = any ($1)', [
      freed.map(({ payload }) => payload.contractId),
    ]);
    const onTheWay = await stopOrders(
      tx,
      events.filter(({ payload }) => payload.neverBegan === true),
    );
    return carryOut(
      tx,
      events.map((event, question) => ({
        event,
        verdict: judgeTermination(
          event,
          matters.filter((matter) => matter.question === question),
          onTheWay,
        ),
      })),
    );
  }
}

/**
 * Of contracts that never began: withdraws the orders that nobody approved, and answers the instalments whose order the
 * bank may have. From here on their contracts are held, so that no further order is approved. Drafts for an
 * organisation take turns with this (order/draft-order.ts).
 */
async function stopOrders(tx: Tx, ended: readonly Terminated[]): Promise<ReadonlySet<string>> {
  if (ended.length === 0) return new Set();
  const organisations = [...new Set(ended.map(({ payload }) => payload.organisationId))].sort();
  for (const organisation of organisations)
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [organisation]);
  const held = ended.map(({ street, payload: { contractId, organisationId } }) => ({
    ...{ street, contractId, organisationId },
  }));
  await tx.query(
    `insert into held_contract (contract_id, street, organisation_id, held_since)
     select "contractId", street, "organisationId", mulin.now()
     from json_to_recordset($1::json) as each ("contractId" text, street text, "organisationId" text)
     on conflict (contract_id) do nothing`,
    [JSON.stringify(held)],
  );
  const rows = await tx.query<{ instalment: string; state: string }[]>(
    `with locked as (
       select id, instalment_id, state from payment_order where contract_id = any ($1) for no key update
     ), withdrawn as (
       update payment_order set state = 'WITHDRAWN', version = version + 1
       from locked where payment_order.id = locked.id and locked.state = 'DRAFTED')
     select instalment_id as instalment, state from locked`,
    [held.map(({ contractId }) => contractId)],
  );
  const atTheBank = rows.filter(({ state }) => state === 'APPROVED' || state === 'SETTLED');
  return new Set(atTheBank.map(({ instalment }) => instalment));
}

/**
 * One decision for each instalment that nobody will evaluate any more. A period that is over by the last
 * day was worked in full: its evaluation, and the rectification after it, take their course and decide
 * (民法典 第五百六十七条: an end leaves the clauses of settlement standing). The advance of a contract that
 * never began is taken back, unless its order is on the way to the bank. Pure.
 */
export function judgeTermination(
  { id, payload }: Terminated,
  matters: readonly Matter[],
  onTheWay: ReadonlySet<string> = new Set(),
): Verdict {
  const { contractId: causeId } = payload;
  if (matters.length === 0) {
    return { waitFor: waitsFor.term(causeId), because: 'its contract is not known here yet' };
  }
  const decided = [];
  for (const matter of matters) {
    const { standing, instalment, rule, already, isReserved } = matter;
    const { no, kind, amountFen, periodTo } = instalment;
    const takesBack =
      payload.neverBegan === true && standing?.kind === 'advance' && !onTheWay.has(instalment.id);
    const isOpen = standing ? takesBack || standing.rectificationFen > 0n : isReserved;
    const wasWorked = periodTo !== null && periodTo <= payload.terminatedOn;
    if (already || !isOpen || wasWorked) continue;
    const inputs = {
      kind: 'termination' as const,
      ruleVersion: rule.version,
      instalment: { no, kind, amountFen },
      previous: standing,
      ...(takesBack ? { takesBack } : {}),
    };
    const verdict = decideMatter({ matter, causeId, causationId: id, inputs });
    if (!('decided' in verdict)) return verdict;
    decided.push(...verdict.decided);
  }
  return { decided };
}
