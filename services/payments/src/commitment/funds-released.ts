import type { Tx } from '@mulin/database';
import {
  CommitmentReleased,
  type CommitmentReleasedPayload,
  ContractFundsReleased,
  type ContractFundsReleasedPayload,
} from '@mulin/events';
import {
  append,
  EventsController,
  type HandlerContext,
  type NewEvent,
  OnEvent,
  type Outcome,
  type ReceivedEvent,
} from '@mulin/messaging';
import { type Fen, fen, sumFen } from '@mulin/money';
import type { Place } from '../ledger/chart.js';
import { post } from '../ledger/post.js';
import { termsKnown } from '../term/terms-known.js';
import { type AnsweredRequests, answeredRequests } from './answered-requests.js';

type Released = ReceivedEvent<ContractFundsReleasedPayload>;

/** A contract that will not be signed gives its money back: the whole request, once. */
@EventsController()
export class FundsReleasedHandler {
  @OnEvent(ContractFundsReleased)
  async handle(events: Released[], { tx }: HandlerContext): Promise<Outcome> {
    const contractIds = events.map(({ payload }) => payload.contractId);
    const answered = await answeredRequests(tx, contractIds);
    const signed = await termsKnown(tx, contractIds);
    const judged = events.map((event) => ({
      event,
      verdict: judgeRelease(event, answered, signed),
    }));
    const due = judged.filter(({ verdict }) => verdict === 'due').map(({ event }) => event);

    const freed = await free(tx, due);
    const numbered = due.map((event) => ({
      event,
      no: answered.nextEventNo(event.payload.contractId),
      parts: freed.filter(({ contractId }) => contractId === event.payload.contractId),
    }));
    await number(tx, numbered);
    await append(tx, numbered.map(eventOf));
    await post(
      tx,
      freed
        .filter(({ amountFen }) => amountFen > 0n)
        .map((part) => ({
          place: part,
          from: 'committed',
          to: part.fundYearIsOver ? 'lapsed' : 'available',
          fen: part.amountFen,
          cause: { type: 'cancellation', id: part.id },
        })),
    );
    return {
      refuse: judged.flatMap(({ event, verdict }) =>
        typeof verdict === 'object' ? [{ event, ...verdict }] : [],
      ),
    };
  }
}

/** `done`: there is nothing (any more) to free. Pure. */
export function judgeRelease(
  { payload }: Released,
  answered: AnsweredRequests,
  signed: ReadonlySet<string>,
): 'due' | 'done' | { reason: string } {
  const request = answered.get(payload);
  if (!request) return { reason: 'requestUnknown' };
  if (request.outcome === 'refused' || request.released_as !== null) return 'done';
  // What is signed is decided instalment by instalment; its money does not go back on a word.
  return signed.has(payload.contractId) ? { reason: 'contractIsSigned' } : 'due';
}

interface Freed extends Place {
  id: string;
  contractId: string;
  amountFen: Fen;
  fundYearIsOver: boolean;
}

async function free(tx: Tx, events: readonly Released[]): Promise<Freed[]> {
  if (events.length === 0) return [];
  const rows = await tx.query<
    {
      id: string;
      street: string;
      fiscal_year: number;
      fund_id: string;
      contract_id: string;
      organisation_id: string;
      amount_fen: string;
      year_is_over: boolean;
    }[]
  >(
    `with freed as (
       update commitment set state = 'RELEASED'
       from unnest($1::text[], $2::int[]) as asked (contract_id, request_no)
       where commitment.contract_id = asked.contract_id and commitment.request_no = asked.request_no
       returning commitment.*
     ), lines as (
       update reserved_instalment set released = true from freed
       where reserved_instalment.commitment_id = freed.id
     )
     select freed.*, fund.fiscal_year,
       extract(year from mulin.now() at time zone 'Asia/Shanghai') > fund.fiscal_year as year_is_over
     from freed join fund on fund.id = freed.fund_id`,
    [
      events.map(({ payload }) => payload.contractId),
      events.map(({ payload }) => payload.requestNo),
    ],
  );
  return rows.map((row) => ({
    id: row.id,
    street: row.street,
    fiscalYear: row.fiscal_year,
    fundId: row.fund_id,
    contractId: row.contract_id,
    organisationId: row.organisation_id,
    amountFen: fen(row.amount_fen),
    fundYearIsOver: row.year_is_over,
  }));
}

interface Numbered {
  event: Released;
  no: number;
  parts: Freed[];
}

async function number(tx: Tx, numbered: readonly Numbered[]): Promise<void> {
  if (numbered.length === 0) return;
  await tx.query(
    `update funds_request set released_as = told.no
     from unnest($1::text[], $2::int[], $3::int[]) as told (contract_id, request_no, no)
     where funds_request.contract_id = told.contract_id and funds_request.request_no = told.request_no`,
    [
      numbered.map(({ event }) => event.payload.contractId),
      numbered.map(({ event }) => event.payload.requestNo),
      numbered.map(({ no }) => no),
    ],
  );
}

function eventOf({ event, no, parts }: Numbered): NewEvent<CommitmentReleasedPayload> {
  const { contractId, organisationId, requestNo, because } = event.payload;
  const amountFen = sumFen(parts.map((part) => part.amountFen)).toString();
  return {
    type: CommitmentReleased,
    aggregateId: contractId,
    aggregateVersion: no,
    street: event.street,
    causationId: event.id,
    payload: { contractId, organisationId, requestNo, amountFen, because },
  };
}
