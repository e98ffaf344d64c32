import { Database, now } from '@mulin/database';
import { LOGGER } from '@mulin/graphql';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { loadTender } from '../tender/load-tender.js';
import { settleHold } from './hold.js';

/** How often the clock is looked at; development time may jump, and people wait for it. */
const EVERY_MS = 2_000;

/** What time alone does here: a finance department's notice ends by itself, and the tender goes on. */
@Injectable()
export class HoldClock implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<unknown> = Promise.resolve();

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Any number of replicas may look: the lock on the tender decides who was first. */
  start(): void {
    this.timer ??= setInterval(() => {
      this.running = this.tick().catch((error: unknown) => this.log.warn({ error }, 'hold clock'));
    }, EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }

  /** Notices run out rarely: one tender after another, each in the order of the locks. */
  tick(): Promise<number> {
    return this.database.asSystem(async (tx) => {
      const over = await tx.query<{ tender: string }[]>(
        `select distinct tender_id as tender from challenge where frozen and frozen_until <= mulin.now()
         order by 1 limit 100`,
      );
      for (const { tender: id } of over) {
        const tender = await loadTender(tx, id, 'for_no_key_update');
        await tx.query(
          `update challenge set frozen = false, version = version + 1
           where tender_id = $1 and frozen and frozen_until <= mulin.now()`,
          [id],
        );
        await settleHold(tx, tender, await now(tx));
      }
      return over.length;
    });
  }
}
