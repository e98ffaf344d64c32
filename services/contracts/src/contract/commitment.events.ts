import {
  CommitmentRefused,
  type CommitmentRefusedPayload,
  CommitmentReleased,
  type CommitmentReleasedPayload,
  CommitmentReserved,
  type CommitmentReservedPayload,
} from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';
import type { FundsRefusalFacts } from './contract.entity.js';
import { signingDeadline } from './signing-term.js';

/**
 * What payments answers to a request for funds. An answer counts for the request that is open: a late
 * one, of an earlier request or a contract that was cancelled meanwhile, changes nothing (payments gets
 * contract.fundsReleased for it and frees the money).
 */
@EventsController()
export class CommitmentEvents {
  @OnEvent(CommitmentReserved)
  async reserved(events: ReceivedEvent<CommitmentReservedPayload>[], { tx }: HandlerContext) {
    const { endsAt } = await signingDeadline(tx);
    await tx.query(
      `with news as (
         select * from json_to_recordset($1::json) as (contract_id text, request_no int, instalment_ids jsonb)
       ), marked as (
         update instalment set reserved = true from news, contract
         where contract.id = news.contract_id and contract.request_no = news.request_no
           and (contract.state = 'awaitingFunds' or contract.later_funds_asked)
           and instalment.contract_id = contract.id and news.instalment_ids ? instalment.id
       ), later as (
         update contract set later_funds_asked = false, version = version + 1
         from news where contract.id = news.contract_id and contract.request_no = news.request_no
           and contract.later_funds_asked
       )
       update contract set state = 'funded', funded_at = mulin.now(), sign_by = coalesce(sign_by, $2), version = version + 1
       from news where contract.id = news.contract_id and contract.request_no = news.request_no
         and contract.state = 'awaitingFunds'`,
      [
        JSON.stringify(
          events.map(({ payload }) => ({
            contract_id: payload.contractId,
            request_no: payload.requestNo,
            instalment_ids: payload.instalmentIds,
          })),
        ),
        endsAt,
      ],
    );
  }

  /**
   * Back to drafted, with the reason where the drafter sees it: other terms may fit the fund. A signed
   * contract stays signed, and a person asks again once the fund of that year can carry it.
   */
  @OnEvent(CommitmentRefused)
  async refused(events: ReceivedEvent<CommitmentRefusedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `update contract set funds_refusal = news.refusal, later_funds_asked = false, version = version + 1,
         state = case state when 'awaitingFunds' then 'drafted' else state end
       from json_to_recordset($1::json) as news (contract_id text, request_no int, refusal jsonb)
       where contract.id = news.contract_id and contract.request_no = news.request_no
         and (contract.state = 'awaitingFunds' or contract.later_funds_asked)`,
      [
        JSON.stringify(
          events.map(({ payload: { contractId, requestNo, because } }) => {
            const { ground, ...facts } = because;
            return {
              contract_id: contractId,
              request_no: requestNo,
              refusal: {
                ...facts,
                requestNo,
                code: ground ?? facts.code,
              } satisfies FundsRefusalFacts,
            };
          }),
        ),
      ],
    );
  }

  /** A cancelled contract holds no money any more; a terminated one keeps the marks of what was signed. */
  @OnEvent(CommitmentReleased)
  async released(events: ReceivedEvent<CommitmentReleasedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `update instalment set reserved = false
       from json_to_recordset($1::json) as news (contract_id text, request_no int), contract
       where contract.id = news.contract_id and contract.request_no = news.request_no
         and contract.state = 'cancelled' and instalment.contract_id = contract.id`,
      [
        JSON.stringify(
          events.map(({ payload }) => ({
            contract_id: payload.contractId,
            request_no: payload.requestNo,
          })),
        ),
      ],
    );
  }
}
