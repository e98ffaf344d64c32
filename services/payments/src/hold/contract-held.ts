import {
  ContractResumed,
  type ContractResumedPayload,
  ContractSuspended,
  type ContractSuspendedPayload,
} from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';

/** Which contracts are suspended: their orders are held, their decisions are not (实施条例 第五十四条). */
@EventsController()
export class ContractHeldHandler {
  @OnEvent(ContractSuspended)
  async suspended(events: ReceivedEvent<ContractSuspendedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `insert into held_contract (contract_id, street, organisation_id, held_since)
       select "contractId", street, "organisationId", "suspendedAt"
       from json_to_recordset($1::json) as each ("contractId" text, street text, "organisationId" text,
         "suspendedAt" timestamptz)
       on conflict (contract_id) do nothing`,
      [JSON.stringify(events.map(({ payload, street }) => ({ ...payload, street })))],
    );
  }

  @OnEvent(ContractResumed)
  async resumed(events: ReceivedEvent<ContractResumedPayload>[], { tx }: HandlerContext) {
    await tx.query('delete from held_contract where contract_id = any ($1)', [
      events.map(({ payload }) => payload.contractId),
    ]);
  }
}
