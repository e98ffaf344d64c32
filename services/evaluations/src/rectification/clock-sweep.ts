import { workingDayDeadline } from '@mulin/clock';
import { Database, loadedCalendar, type Tx } from '@mulin/database';
import { RectificationLapsed } from '@mulin/events';
import { LOGGER } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { Logger } from 'pino';

const EVERY_MS = 2_000;
const AT_ONCE = 200;

/**
 * The clocks of evaluations: looks every two seconds of real time what `mulin.now()` has let run out.
 * Any number of processes may do so at once; a row that one holds the others skip.
 */
@Injectable()
export class ClockSweep implements OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Runs at once, then again and again until the service ends. */
  start(): void {
    this.timer = setInterval(() => this.tick(), EVERY_MS);
    this.tick();
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  /** Ends every rectification whose last day is over; answers how many. */
  async lapse(): Promise<number> {
    let lapsed = 0;
    for (let some = AT_ONCE; some === AT_ONCE; lapsed += some) {
      some = await this.database.asSystem(lapseSome);
    }
    return lapsed;
  }

  private tick(): void {
    this.running ??= this.sweep().finally(() => (this.running = undefined));
  }

  private async sweep(): Promise<void> {
    try {
      await this.database.asSystem(recountProvisional);
      const lapsed = await this.lapse();
      if (lapsed > 0) this.log.info({ lapsed }, 'rectifications lapsed');
    } catch (error) {
      // The database may be away; the next tick finds the same rows.
      this.log.warn({ error }, 'clock sweep failed, will try again');
    }
  }
}

interface Lapsed {
  id: string;
  street: string;
  organisationId: string;
  contractId: string;
  instalmentId: string;
  evaluationId: string;
  events: number;
  lapsedAt: Date;
}

/** One set-based step: the state says that it lapsed, so that it is said exactly once. */
async function lapseSome(tx: Tx): Promise<number> {
  const rows = await tx.query<Lapsed[]>(
    `with due as (
       select id from rectification where state = 'open' and due_at <= mulin.now()
       order by due_at limit ${AT_ONCE} for update skip locked
     ), lapsed as (
       update rectification set state = 'lapsed', lapsed_at = due_at,
         version = version + 1, events = events + 1
       where id in (select id from due)
       returning id, street, organisation_id, contract_id, instalment_id, evaluation_id, events, lapsed_at
     ), closed as (
       update term_instalment set closed_at = lapsed_at from lapsed
       where term_instalment.id = lapsed.instalment_id
     )
     select id, street, organisation_id as "organisationId", contract_id as "contractId",
       instalment_id as "instalmentId", evaluation_id as "evaluationId", events,
       lapsed_at as "lapsedAt" from lapsed order by lapsed_at, id`,
  );
  await append(
    tx,
    rows.map(({ id, street, events, lapsedAt, ...ids }) => ({
      type: RectificationLapsed,
      aggregateId: id,
      aggregateVersion: events,
      street,
      payload: { rectificationId: id, ...ids, lapsedAt: lapsedAt.toISOString() },
    })),
  );
  return rows.length;
}

interface Provisional {
  kind: 'window' | 'rectification';
  id: string;
  begun: Date;
  workingDays: number;
}

/**
 * Counts deadlines again that ran into a year without a calendar, once that year is loaded. A term
 * that is over by now stays over: the next lapse finds it.
 */
async function recountProvisional(tx: Tx): Promise<void> {
  const rows = await tx.query<Provisional[]>(
    `select 'window' as kind, id, notified_at as begun, appeal_days as "workingDays" from evaluation
     where appeal_provisional and state = 'notified'
     union all
     select 'rectification', id, opened_at, working_days from rectification
     where provisional and state = 'open'`,
  );
  if (rows.length === 0) return;
  const calendar = await loadedCalendar(tx);
  const known = rows
    .map(({ id, kind, begun, workingDays }) => ({
      id,
      kind,
      ...workingDayDeadline({ from: begun, workingDays, calendar }),
    }))
    .filter(({ provisional }) => !provisional);
  if (known.length === 0) return;
  await tx.query(
    `with counted as (
       select * from jsonb_to_recordset($1::jsonb) as each (id text, kind text, date date, "endsAt" timestamptz)
     ), windows as (
       update evaluation set appeal_until = "endsAt", appeal_provisional = false from counted
       where evaluation.id = counted.id and kind = 'window' and state = 'notified'
     )
     update rectification set due_on = date, due_at = "endsAt", provisional = false from counted
     where rectification.id = counted.id and kind = 'rectification' and state = 'open'`,
    [JSON.stringify(known)],
  );
}
