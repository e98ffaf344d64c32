import { Database, type Tx } from '@mulin/database';
import { LOGGER } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { fen } from '@mulin/money';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import {
  contractCancelled,
  fundsReleased,
  fundsRequested,
  type Released,
} from './contract.events.js';

/** How often the clock is looked at; development time may jump, and people wait for it. */
const EVERY_MS = 2_000;

/**
 * What time alone does to contracts: they begin on their first day, expire when nobody signs, and ask for
 * the money of a later fiscal year when it begins.
 */
@Injectable()
export class ContractClock implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Any number of replicas may look: the row's state decides who was first. */
  start(): void {
    this.timer ??= setInterval(() => {
      this.running = this.tick().catch((error: unknown) =>
        this.log.warn({ error }, 'contract clock'),
      );
    }, EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }

  /** A constant number of statements, however many contracts begin today or were not signed in time. */
  tick(): Promise<{ activated: number; expired: number; asked: number }> {
    return this.database.asSystem(async (tx) => ({
      activated: await activate(tx),
      expired: await expire(tx),
      asked: await askForTheYear(tx),
    }));
  }
}

async function activate(tx: Tx): Promise<number> {
  const activated = await tx.query<object[]>(
    `with activated as (
       update contract set state = 'active', activated_at = mulin.now(), version = version + 1
       where state = 'signed' and suspended_since is null and starts_on <= (mulin.now() at time zone 'Asia/Shanghai')::date
       returning id)
     select id from activated`,
  );
  return activated.length;
}

interface Expired extends Released {
  tenderId: string | null;
  was: 'drafted' | 'awaitingFunds' | 'funded';
  cancelledAt: Date;
}

/**
 * What nobody signed in time is given up, also an award whose money was refused or never asked for; reserved money goes
 * back to its fund (政府采购法 第四十六条).
 */
async function expire(tx: Tx): Promise<number> {
  const expired = await tx.query<Expired[]>(
    `with due as (
       select id, state from contract
       where state in ('drafted', 'awaitingFunds', 'funded') and sign_by <= mulin.now() and suspended_since is null
       order by id for no key update
     ), expired as (
       update contract set state = 'cancelled', cancelled_at = mulin.now(), version = version + 1,
         events = events + 1
       from due where contract.id = due.id
       returning contract.id, street, organisation_id, tender_id, request_no, events, due.state as was, cancelled_at)
     select id, street, organisation_id as "organisationId", tender_id as "tenderId", request_no as "requestNo", events,
       was, cancelled_at as "cancelledAt" from expired`,
  );
  // Each is told once: with the money that goes back, or without any.
  const [unasked, asked] = [true, false].map((wanted) =>
    expired.filter(({ was }) => (was === 'drafted') === wanted),
  );
  await append(
    tx,
    (unasked ?? []).map((contract) => contractCancelled(contract, 'expired', contract.cancelledAt)),
  );
  await append(
    tx,
    (asked ?? []).map((contract) => fundsReleased(contract, 'expired')),
  );
  return expired.length;
}

interface Asking extends Released {
  instalments: { id: string; no: number; amount: string; fundId: string }[];
}

/**
 * Asks once for each signed contract's instalments whose year has come. A refusal is for people: the fund
 * may not have its budget yet, and requestFunds asks again.
 */
async function askForTheYear(tx: Tx): Promise<number> {
  const asking = await tx.query<Asking[]>(
    `with due as (
       select contract_id, json_agg(json_build_object('id', instalment.id, 'no', no, 'amount', instalment.amount_fen::text,
         'fundId', fund_id) order by no) as instalments
       from instalment join contract signed on signed.id = contract_id
       where not reserved and (state <> 'terminated' or period_to <= termination_day)
         and instalment.fiscal_year <= extract(year from mulin.now() at time zone 'Asia/Shanghai')
       group by contract_id
     ), asked as (
       update contract set later_funds_asked = true, request_no = request_no + 1, version = version + 1,
         events = events + 1
       from due where contract.id = due.contract_id and state in ('signed', 'active', 'completed', 'terminated')
         and not later_funds_asked and funds_refusal is null and suspended_since is null
       returning id, street, organisation_id, request_no, events, instalments)
     select id, street, organisation_id as "organisationId", request_no as "requestNo", events,
       instalments from asked`,
  );
  await append(
    tx,
    asking.map(({ instalments, ...contract }) =>
      fundsRequested(
        contract,
        instalments.map(({ amount, ...each }) => ({ ...each, amountFen: fen(amount) })),
      ),
    ),
  );
  return asking.length;
}
