import { now, type Tx } from '@mulin/database';
import {
  ContractResumed,
  ContractSuspended,
  TenderResumed,
  type TenderResumedPayload,
  TenderSuspended,
  type TenderSuspendedPayload,
} from '@mulin/events';
import {
  append,
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';

interface Held {
  id: string;
  street: string;
  organisationId: string;
  tenderId: string;
  events: number;
}

/**
 * A tender that is held holds the contracts made of it (实施条例 第五十四条): they are neither signed nor performed, and
 * the time to sign, once it runs, stands still. Of a contract that is over what is still unpaid waits, retention money as
 * well. One whose award fell by an earlier challenge has its answer: it stays as it is, and the new one holds what took
 * its place.
 */
@EventsController()
export class SuspensionEvents {
  @OnEvent(TenderSuspended)
  async suspended(events: ReceivedEvent<TenderSuspendedPayload>[], { tx }: HandlerContext) {
    const at = await now(tx);
    const held = await hold(
      tx,
      events.map(({ payload }) => payload.tenderId),
    );
    await append(
      tx,
      held.map(({ id: contractId, street, organisationId, tenderId, events: told }) => ({
        type: ContractSuspended,
        ...{ aggregateId: contractId, aggregateVersion: told, street },
        payload: { contractId, organisationId, tenderId, suspendedAt: at.toISOString() },
      })),
    );
  }

  @OnEvent(TenderResumed)
  async resumed(events: ReceivedEvent<TenderResumedPayload>[], { tx }: HandlerContext) {
    const at = await now(tx);
    const freed = await tx.query<Held[]>(
      `with freed as (
         update contract set sign_by = sign_by + (mulin.now() - suspended_since),
           suspended_since = null, suspended_because = null, version = version + 1, events = events + 1
         where tender_id = any ($1) and suspended_because = 'challenge'
         returning id, street, organisation_id, tender_id, events)
       select id, street, organisation_id as "organisationId", tender_id as "tenderId", events from freed`,
      [events.map(({ payload }) => payload.tenderId)],
    );
    await append(
      tx,
      freed.map(({ id: contractId, street, organisationId, tenderId, events: told }) => ({
        type: ContractResumed,
        ...{ aggregateId: contractId, aggregateVersion: told, street },
        payload: { contractId, organisationId, tenderId, resumedAt: at.toISOString() },
      })),
    );
  }
}

function hold(tx: Tx, tenderIds: readonly string[]): Promise<Held[]> {
  return tx.query<Held[]>(
    `with held as (
       update contract set suspended_since = mulin.now(), suspended_because = 'challenge', version = version + 1, events = events + 1
       where tender_id = any ($1) and suspended_since is null and state <> 'cancelled'
         and not exists (select from invalid_award fallen where fallen.contract_id = contract.id)
       returning id, street, organisation_id, tender_id, events)
     select id, street, organisation_id as "organisationId", tender_id as "tenderId", events from held`,
    [[...tenderIds]],
  );
}
