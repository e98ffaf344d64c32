import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource } from 'typeorm';

const HOUR_MS = 3_600_000;
/** Small enough that no lock is held for long, and that a mutation beside it notices nothing. */
const ROWS = 1_000;

/** Rows whose time is over. A statement deletes at most `$1` of them and answers one row for each. */
export interface CleanUpTask {
  what: string;
  sql: string;
}

const EXPIRED_KEYS: CleanUpTask = {
  what: 'expired idempotency keys',
  sql: /* sql */ `
    delete from mulin.idempotency where ctid = any (array(
      select ctid from mulin.idempotency where kept_until <= now() limit $1))
    returning 1`,
};

/**
 * Deletes what nobody asks for any more (docs/decisions/0009), in every service, once an hour and in small
 * batches. Replicas may do it at the same time: what one has deleted, another does not find.
 */
export class CleanUp {
  private readonly tasks: CleanUpTask[] = [EXPIRED_KEYS];
  private readonly ending = new AbortController();
  private running: Promise<void> | null = null;

  constructor(
    private readonly source: DataSource,
    private readonly options: { everyMs?: number; rows?: number } = {},
  ) {}

  /** What a library keeps in tables of its own. */
  add(task: CleanUpTask): void {
    this.tasks.push(task);
  }

  /** @param failed hears of a round that did not go through; the next one comes in an hour */
  start(failed: (error: unknown) => void): void {
    this.running ??= this.run(failed);
  }

  /** Finishes the batch that is on its way. */
  async stop(): Promise<void> {
    this.ending.abort();
    await this.running;
  }

  /** One round; answers how many rows went, by what they were. */
  async round(): Promise<Record<string, number>> {
    const gone: Record<string, number> = {};
    const rows = this.options.rows ?? ROWS;
    for (const { what, sql } of this.tasks) {
      gone[what] = 0;
      for (let batch = rows; batch === rows && !this.ending.signal.aborted;) {
        batch = rowsOf(await this.source.query<unknown>(sql, [rows]));
        gone[what] += batch;
      }
    }
    return gone;
  }

  private async run(failed: (error: unknown) => void): Promise<void> {
    const { signal } = this.ending;
    while (!signal.aborted) {
      await this.round().catch(failed);
      // Nobody waits for this timer: it must not hold a process that has nothing else to do.
      await pause(this.options.everyMs ?? HOUR_MS, null, { signal, ref: false }).catch(() => null);
    }
  }
}

/** TypeORM answers a DELETE with its rows and their number. */
function rowsOf(answer: unknown): number {
  const [, affected] = Array.isArray(answer) ? (answer as unknown[]) : [];
  return typeof affected === 'number' ? affected : 0;
}
