import type { Actor } from '@mulin/auth';
import { civilDateInShanghai, dayDeadline, startOfCivilDay } from '@mulin/clock';
import { loadedCalendar, now, type Tx } from '@mulin/database';
import { InvalidInput, NotFound } from '@mulin/graphql';
import { type Fen, fen } from '@mulin/money';
import { In } from 'typeorm';
import { Decision } from '../decision/decision.entity.js';
import { OrderState, PaymentOrder } from './order.entity.js';
import type { DraftOrderInput } from './order.inputs.js';
import {
  AlreadyOrdered,
  InvoiceBeforeContract,
  InvoiceNotMatching,
  NothingToPay,
} from './order.refusals.js';

/** 财库〔2019〕38号 三: within 30 days from the invoice. */
const DAYS_TO_PAY = 30;
const LIVE = [OrderState.DRAFTED, OrderState.APPROVED, OrderState.SETTLED];

/** An order needs its invoice, and the invoice is for exactly what the decision released. */
export async function draftOrder(tx: Tx, actor: Actor, input: DraftOrderInput) {
  const { decisionId, invoiceNumber, invoiceDate, invoiceAmount: invoiceFen } = input;
  const invalid = invalidInvoice(input, civilDateInShanghai(await now(tx)));
  if (invalid) return invalid;
  const decision = await tx.findOneBy(Decision, { id: decisionId });
  if (!decision) throw new NotFound('decision', decisionId);
  const { organisationId, contractId, instalmentId, postedReleasedFen: amountFen } = decision;
  if (amountFen <= 0n) return new NothingToPay(decisionId);
  if (invoiceFen !== amountFen) {
    return new InvoiceNotMatching({ releasedFen: amountFen, invoicedFen: invoiceFen });
  }
  const signedOn = await signingDay(tx, contractId);
  if (invoiceDate < signedOn) return new InvoiceBeforeContract(invoiceDate, signedOn);
  // Drafts for one organisation take turns, so that neither a decision nor an invoice is taken twice.
  await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [organisationId]);
  if (await wasTakenBack(tx, decision)) return new NothingToPay(decisionId);
  const other = await tx.findOne(PaymentOrder, {
    where: [
      { decisionId, state: In(LIVE) },
      { organisationId, invoiceNumber, state: In(LIVE) },
    ],
  });
  if (other) {
    const what = other.decisionId === decisionId ? 'decision' : 'invoice';
    return new AlreadyOrdered({ orderId: other.id, what });
  }
  const order = PaymentOrder.draft({
    id: input.id,
    street: actor.street,
    organisationId,
    contractId,
    instalmentId,
    fundId: await fundOf(tx, instalmentId),
    decisionId,
    amountFen,
    invoiceNumber,
    invoiceDate,
    invoiceFen,
    dueOn: await dueOn(tx, invoiceDate),
    draftedBy: actor.id,
    limit: await limitInForce(tx),
  });
  await tx.insert(PaymentOrder, order);
  return order;
}

/** Its contract ended before it began: the advance went back to the fund. */
async function wasTakenBack(tx: Tx, { id }: Decision): Promise<boolean> {
  const [row] = await tx.query<{ taken: boolean }[]>('select was_taken_back($1) as taken', [id]);
  return row?.taken ?? false;
}

function invalidInvoice(input: DraftOrderInput, today: string): InvalidInput | undefined {
  const { invoiceNumber, invoiceDate } = input;
  if (invoiceNumber.trim() === '') {
    return new InvalidInput('input.invoiceNumber', { problem: 'EMPTY', given: invoiceNumber });
  }
  if (invoiceNumber.length > 64) {
    const given = invoiceNumber.slice(0, 64);
    return new InvalidInput('input.invoiceNumber', { problem: 'TOO_LONG', given });
  }
  // The 30 days cannot begin before there is an invoice.
  if (invoiceDate > today) {
    return new InvalidInput('input.invoiceDate', { problem: 'IN_THE_FUTURE', given: invoiceDate });
  }
  return undefined;
}

async function signingDay(tx: Tx, contractId: string): Promise<string> {
  const [row] = await tx.query<{ day: string }[]>(
    `select (signed_at at time zone 'Asia/Shanghai')::date::text as day from term where contract_id = $1`,
    [contractId],
  );
  if (!row) throw new Error('A decision is about a contract that is not here.');
  return row.day;
}

async function dueOn(tx: Tx, invoiceDate: string): Promise<string> {
  const calendar = await loadedCalendar(tx);
  return dayDeadline({ from: startOfCivilDay(invoiceDate), days: DAYS_TO_PAY, calendar }).date;
}

async function fundOf(tx: Tx, instalmentId: string): Promise<string> {
  const [row] = await tx.query<{ fund_id: string }[]>(
    'select fund_id from instalment where id = $1',
    [instalmentId],
  );
  if (!row) throw new Error('A decision is about an instalment that is not here.');
  return row.fund_id;
}

/** The limit above which a second person approves, as of today. */
async function limitInForce(tx: Tx): Promise<{ version: number; limitFen: Fen }> {
  const [row] = await tx.query<{ version: number; limit_fen: string }[]>(
    `select version, limit_fen from policy_limit
     where name = 'order.secondApprover'
       and in_force_from <= (mulin.now() at time zone 'Asia/Shanghai')::date
     order by in_force_from desc limit 1`,
  );
  if (!row) throw new Error('No limit order.secondApprover is in force.');
  return { version: row.version, limitFen: fen(row.limit_fen) };
}
