import { Database } from '@mulin/database';
import { LOGGER } from '@mulin/graphql';
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';

/** How often the clock is looked at; development time may jump, and people wait for it. */
const EVERY_MS = 2_000;

/** Contracts become active on their first day in Shanghai, without anybody asking. */
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

  /** One statement, however many contracts begin today. Answers how many did. */
  async tick(): Promise<number> {
    const activated = await this.database.asSystem((tx) =>
      tx.query<{ id: string }[]>(
        `with activated as (
           update contract set state = 'active', activated_at = mulin.now(), version = version + 1
           where state = 'signed' and starts_on <= (mulin.now() at time zone 'Asia/Shanghai')::date
           returning id)
         select id from activated`,
      ),
    );
    return activated.length;
  }
}
