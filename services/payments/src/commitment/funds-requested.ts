import type { Tx } from '@mulin/database';
import {
  CommitmentRefused,
  type CommitmentRefusedPayload,
  CommitmentReserved,
  type CommitmentReservedPayload,
  ContractFundsRequested,
  type ContractFundsRequestedPayload,
} from '@mulin/events';
import { newId } from '@mulin/ids';
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
import { waitsFor } from '../decision/verdict.js';
import { insertAll } from '../insert-all.js';
import { CONTRACT_ACCOUNTS, type Place } from '../ledger/chart.js';
import { openAccounts, post } from '../ledger/post.js';
import { answeredRequests } from './answered-requests.js';
import { type FundInHand, Purse, type RequestRefused } from './purse.js';
import { reservedInstalments } from './reserved-instalments.js';

type Requested = ReceivedEvent<ContractFundsRequestedPayload>;
type Part = { id: string; fund: FundInHand; amountFen: Fen };
type Answer = { event: Requested; no: number; answer: Part[] | RequestRefused };

/**
 * Money before signatures: a contract gets all it asks for or nothing, and is told so in the same
 * transaction. The funds are held while it is decided, so that no two requests spend the same fen.
 */
@EventsController()
export class FundsRequestedHandler {
  @OnEvent(ContractFundsRequested)
  async handle(events: Requested[], { tx }: HandlerContext): Promise<Outcome> {
    const outcome: Required<Outcome> = { park: [], refuse: [], wake: [] };
    const answered = await answeredRequests(
      tx,
      events.map(({ payload }) => payload.contractId),
    );
    const fresh = events.filter(({ payload }) => !answered.has(payload));

    const instalments = fresh.flatMap(({ payload }) => payload.instalments);
    const reserved = await reservedInstalments(
      tx,
      instalments.map(({ id }) => id),
    );
    const sound = fresh.filter((event) => {
      const twice = event.payload.instalments.find(({ id }) => reserved.has(id));
      if (twice) {
        const detail = { instalmentId: twice.id };
        outcome.refuse.push({ event, reason: 'alreadyReserved', detail });
      }
      return !twice;
    });

    const purse = new Purse(
      await holdFunds(
        tx,
        fresh.flatMap(({ payload }) =>
          [...payload.instalments, ...(payload.later ?? [])].map(({ fundId }) => fundId),
        ),
      ),
    );
    const answers = sound.map((event): Answer => {
      const { instalments, later } = event.payload;
      const taken = purse.take({ street: event.street, instalments, later });
      const answer = Array.isArray(taken)
        ? taken.map((part) => ({ ...part, id: newId('cmt') }))
        : taken;
      return { event, no: answered.nextEventNo(event.payload.contractId), answer };
    });
    await writeAnswers(tx, answers);
    for (const { event, answer } of answers) {
      if (!Array.isArray(answer)) continue;
      outcome.wake.push(...event.payload.instalments.map(({ id }) => waitsFor.reservation(id)));
    }
    return outcome;
  }
}

/** The funds with what is left in them, held until the transaction ends. */
async function holdFunds(tx: Tx, fundIds: readonly string[]): Promise<FundInHand[]> {
  const rows = await tx.query<
    {
      id: string;
      street: string;
      fiscal_year: number;
      is_open: boolean;
      year_is_over: boolean;
      available: string;
    }[]
  >(
    `select *,
       (select extract(year from mulin.now() at time zone 'Asia/Shanghai')) > fiscal_year as year_is_over
     from held_funds($1::text[])`,
    [fundIds],
  );
  return rows.map((row) => ({
    id: row.id,
    street: row.street,
    fiscalYear: row.fiscal_year,
    isOpen: row.is_open,
    yearIsOver: row.year_is_over,
    availableFen: fen(row.available),
  }));
}

/** Reservations, answers and postings: one insert each. */
export async function writeAnswers(tx: Tx, answers: readonly Answer[]): Promise<void> {
  const parts = answers.flatMap(({ event, answer }) =>
    Array.isArray(answer)
      ? answer.map((part) => ({ event, part, place: placeOf(event, part) }))
      : [],
  );
  await insertAll(tx, 'funds_request', answers.map(requestRow));
  await insertAll(
    tx,
    'commitment',
    parts.map(({ event: { street, payload }, part }) => ({
      id: part.id,
      street,
      organisation_id: payload.organisationId,
      contract_id: payload.contractId,
      fund_id: part.fund.id,
      request_no: payload.requestNo,
      amount_fen: part.amountFen.toString(),
      state: 'RESERVED',
    })),
  );
  await insertAll(
    tx,
    'reserved_instalment',
    parts.flatMap(({ event: { street, payload }, part }) =>
      payload.instalments
        .filter(({ fundId }) => fundId === part.fund.id)
        .map(({ id, amountFen, fundId }) => ({
          instalment_id: id,
          commitment_id: part.id,
          street,
          organisation_id: payload.organisationId,
          contract_id: payload.contractId,
          fund_id: fundId,
          amount_fen: amountFen,
        })),
    ),
  );
  await openAccounts(
    tx,
    parts.flatMap(({ place }) => CONTRACT_ACCOUNTS.map((kind) => ({ kind, place }))),
  );
  await append<CommitmentReservedPayload | CommitmentRefusedPayload>(tx, answers.map(eventOf));
  await post(
    tx,
    parts
      .filter(({ part }) => part.amountFen > 0n)
      .map(({ part, place }) => ({
        place,
        from: 'available',
        to: 'committed',
        fen: part.amountFen,
        cause: { type: 'reservation', id: part.id },
      })),
  );
}

function placeOf({ street, payload }: Requested, { fund }: Part): Place {
  const { contractId, organisationId } = payload;
  return { street, fiscalYear: fund.fiscalYear, fundId: fund.id, contractId, organisationId };
}

function requestRow({ event: { street, payload }, no, answer }: Answer) {
  return {
    contract_id: payload.contractId,
    request_no: payload.requestNo,
    street,
    organisation_id: payload.organisationId,
    outcome: Array.isArray(answer) ? 'reserved' : 'refused',
    because: Array.isArray(answer) ? null : reasonOf(answer),
    answered_as: no,
  };
}

/** JSON knows no amounts: they are digits in it. */
function reasonOf({ requestedFen, remainingFen, ...reason }: RequestRefused) {
  return {
    ...reason,
    requestedFen: requestedFen.toString(),
    remainingFen: remainingFen?.toString() ?? null,
  };
}

function eventOf({
  event,
  no,
  answer,
}: Answer): NewEvent<CommitmentReservedPayload | CommitmentRefusedPayload> {
  const { contractId, organisationId, requestNo, instalments } = event.payload;
  const envelope = {
    aggregateId: contractId,
    aggregateVersion: no,
    street: event.street,
    causationId: event.id,
  };
  if (!Array.isArray(answer)) {
    // The list of codes is closed within the version; what it does not name is said by `ground` besides.
    const because = {
      ...answer,
      ...codeOf(answer),
      requestedFen: answer.requestedFen.toString(),
      remainingFen: answer.remainingFen?.toString() ?? null,
    };
    const payload = { contractId, organisationId, requestNo, because };
    return { ...envelope, type: CommitmentRefused, payload };
  }
  const commitments = answer.map(({ id, fund, amountFen }) => ({
    id,
    fundId: fund.id,
    amountFen: amountFen.toString(),
  }));
  const payload = {
    contractId,
    organisationId,
    requestNo,
    amountFen: sumFen(answer.map(({ amountFen }) => amountFen)).toString(),
    commitments,
    instalmentIds: instalments.map(({ id }) => id),
  };
  return { ...envelope, type: CommitmentReserved, payload };
}

function codeOf({ code }: RequestRefused) {
  switch (code) {
    case 'fundYearOver':
    case 'fundOfOtherYear':
      return { code: 'fundClosed' as const, ground: code };
    case 'discarded':
      return { code: 'fundUnknown' as const, ground: code };
    default:
      return { code };
  }
}
