import { now, type Tx } from '@mulin/database';
import { ChallengeDecided, type ChallengeDecidedPayload, ContractSuspended } from '@mulin/events';
import {
  append,
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';
import { contractCancelled, fundsReleased, type Released } from '../contract/contract.events.js';

/** Awards that fell by an upheld challenge, and the contracts that were drafted from them (94号令 第三十二条). */
@EventsController()
export class InvalidAwardEvents {
  @OnEvent(ChallengeDecided)
  async decided(events: ReceivedEvent<ChallengeDecidedPayload>[], { tx }: HandlerContext) {
    const fallen = events.flatMap(({ street, payload }) =>
      (payload.overturned ?? []).flatMap(({ contractId }) =>
        contractId === null ? [] : [{ contractId, street }],
      ),
    );
    if (fallen.length === 0) return;
    await tx.query(
      `insert into invalid_award (contract_id, street)
       select "contractId", street from json_to_recordset($1::json) as each ("contractId" text, street text)
       on conflict (contract_id) do nothing`,
      [JSON.stringify(fallen)],
    );
    await endInvalid(
      tx,
      fallen.map(({ contractId }) => contractId),
    );
  }
}

/**
 * Of these contracts those whose award fell: what is not signed is cancelled and its money goes back; what is signed stays
 * suspended until two people terminate it. What is over stays as it is.
 */
export async function endInvalid(tx: Tx, contractIds: readonly string[]): Promise<void> {
  const at = await now(tx);
  const cancelled = await tx.query<(Released & { tenderId: string; asked: boolean })[]>(
    `with before as (
       select contract.id, state in ('awaitingFunds', 'funded') as asked from contract
       join invalid_award on contract_id = contract.id
       where contract.id = any ($1) and state in ('drafted', 'awaitingFunds', 'funded')
       for no key update of contract
     ), cancelled as (
       update contract set state = 'cancelled', cancelled_at = mulin.now(), version = version + 1,
         events = events + 1
       from before where contract.id = before.id
       returning contract.id, street, organisation_id, tender_id, request_no, events, asked)
     select id, street, organisation_id as "organisationId", tender_id as "tenderId", request_no as "requestNo",
       events, asked
     from cancelled`,
    [contractIds],
  );
  await append(
    tx,
    cancelled
      .filter(({ asked }) => !asked)
      .map((contract) => contractCancelled(contract, 'awardInvalid', at)),
  );
  await append(
    tx,
    cancelled.filter(({ asked }) => asked).map((contract) => fundsReleased(contract, 'cancelled')),
  );
  const suspended = await tx.query<
    (Pick<Released, 'id' | 'street' | 'organisationId' | 'events'> & {
      tenderId: string;
      anew: boolean;
    })[]
  >(
    `with before as (
       select contract.id, suspended_since is null as anew from contract
       join invalid_award on contract_id = contract.id
       where contract.id = any ($1) and state in ('signed', 'active')
         and suspended_because is distinct from 'awardInvalid'
       for no key update of contract
     ), suspended as (
       update contract set suspended_since = coalesce(suspended_since, mulin.now()),
         suspended_because = 'awardInvalid', version = version + 1, events = events + anew::int
       from before where contract.id = before.id
       returning contract.id, street, organisation_id, tender_id, events, anew)
     select id, street, organisation_id as "organisationId", tender_id as "tenderId", events, anew
     from suspended`,
    [contractIds],
  );
  const suspendedAt = at.toISOString();
  await append(
    tx,
    suspended
      .filter(({ anew }) => anew)
      .map(({ id: contractId, street, organisationId, tenderId, events }) => ({
        type: ContractSuspended,
        ...{ aggregateId: contractId, aggregateVersion: events, street },
        payload: { contractId, organisationId, tenderId, suspendedAt },
      })),
  );
}
