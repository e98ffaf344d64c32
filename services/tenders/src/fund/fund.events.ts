import {
  CommitmentReleased,
  type CommitmentReleasedPayload,
  CommitmentReserved,
  type CommitmentReservedPayload,
  FundAppropriated,
  type FundAppropriatedPayload,
  FundClosed,
  type FundClosedPayload,
  FundOpened,
  type FundOpenedPayload,
  PaymentDecided,
  type PaymentDecidedPayload,
} from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';

/**
 * Keeps what is known of funds: that they are there, for which year, and what is left in them. Every handler adds to a row
 * that may not be told yet, because a fund and a contract that takes from it travel under different keys.
 */
@EventsController()
export class FundEvents {
  @OnEvent(FundOpened)
  async opened(events: ReceivedEvent<FundOpenedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `insert into known_fund (id, street, fiscal_year)
       select "fundId", street, "fiscalYear"
       from json_to_recordset($1::json) as each ("fundId" text, street text, "fiscalYear" int)
       on conflict (id) do update set street = excluded.street, fiscal_year = excluded.fiscal_year`,
      [JSON.stringify(events.map(({ street, payload }) => ({ ...payload, street })))],
    );
  }

  @OnEvent(FundAppropriated)
  async appropriated(events: ReceivedEvent<FundAppropriatedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `insert into known_fund (id, appropriated_fen)
       select "fundId", sum("amountFen")
       from json_to_recordset($1::json) as each ("fundId" text, "amountFen" bigint) group by "fundId"
       on conflict (id) do update
         set appropriated_fen = known_fund.appropriated_fen + excluded.appropriated_fen`,
      [JSON.stringify(events.map(({ payload }) => payload))],
    );
  }

  @OnEvent(FundClosed)
  async closed(events: ReceivedEvent<FundClosedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `insert into known_fund (id, is_open) select distinct id, false from unnest($1::text[]) id
       on conflict (id) do update set is_open = false`,
      [events.map(({ payload }) => payload.fundId)],
    );
  }

  @OnEvent(CommitmentReserved)
  async reserved(events: ReceivedEvent<CommitmentReservedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `with news as (
         insert into known_commitment (contract_id, request_no, fund_id, amount_fen)
         select "contractId", "requestNo", "fundId", "amountFen"
         from json_to_recordset($1::json) as each ("contractId" text, "requestNo" int, "fundId" text, "amountFen" bigint)
         on conflict do nothing returning fund_id, amount_fen)
       insert into known_fund (id, promised_fen) select fund_id, sum(amount_fen) from news group by fund_id
       on conflict (id) do update set promised_fen = known_fund.promised_fen + excluded.promised_fen`,
      [
        JSON.stringify(
          events.flatMap(({ payload: { contractId, requestNo, commitments } }) =>
            commitments.map(({ fundId, amountFen }) => ({
              ...{ contractId, requestNo, fundId, amountFen },
            })),
          ),
        ),
      ],
    );
  }

  @OnEvent(CommitmentReleased)
  async released(events: ReceivedEvent<CommitmentReleasedPayload>[], { tx }: HandlerContext) {
    await tx.query(
      `with gone as (
         update known_commitment known set released = true
         from json_to_recordset($1::json) as news ("contractId" text, "requestNo" int)
         where (known.contract_id, known.request_no) = (news."contractId", news."requestNo") and not released
         returning fund_id, amount_fen)
       update known_fund set promised_fen = promised_fen - freed.fen
       from (select fund_id, sum(amount_fen) as fen from gone group by fund_id) freed
       where known_fund.id = freed.fund_id`,
      [JSON.stringify(events.map(({ payload }) => payload))],
    );
  }

  /** What was reduced is the fund's again, and may be promised anew within its year. */
  @OnEvent(PaymentDecided)
  async decided(events: ReceivedEvent<PaymentDecidedPayload>[], { tx }: HandlerContext) {
    const given = events.flatMap(({ payload: { fundId, posted } }) =>
      fundId === undefined || posted.reducedFen === '0'
        ? []
        : [{ fundId, reducedFen: posted.reducedFen }],
    );
    if (given.length === 0) return;
    await tx.query(
      `insert into known_fund (id, promised_fen)
       select "fundId", -sum("reducedFen")
       from json_to_recordset($1::json) as each ("fundId" text, "reducedFen" bigint) group by "fundId"
       on conflict (id) do update set promised_fen = known_fund.promised_fen + excluded.promised_fen`,
      [JSON.stringify(given)],
    );
  }
}
