import type { ChunkSession } from '../event-bus.js';
import type { Log } from '../log.js';
import { backoffMs, pause } from '../pause.js';
import { kindOf } from './errors.js';

/** So often is an error that nobody foresaw repeated, before it counts as poison. */
export const TRIES = 5;

/** The partition went to another process while this one was trying; that one will do the work. */
export class NotMine extends Error {
  override readonly name = 'NotMine';
}

/**
 * Repeats a chunk until it is committed. A deadlock at once; while the database is away for as long as
 * it takes; anything unforeseen {@link TRIES} times, after which the attempt is told that it is the last
 * one and buries what does not work. Never gives up by itself: only a rebalance or the end ends it.
 */
export async function untilDone<T>(
  attempt: (lastTry: boolean) => Promise<T>,
  { session, log }: { session: ChunkSession; log: Log },
): Promise<T> {
  let tries = 1;
  for (let waits = 0; ;) {
    try {
      return await attempt(tries >= TRIES);
    } catch (error) {
      if (!session.isMine()) throw new NotMine('', { cause: error });
      const kind = kindOf(error);
      if (kind === 'outage') session.waiting();
      if (kind === 'conflict') {
        await pause(Math.random() * 20);
        continue;
      }
      if (kind !== 'outage') tries += 1;
      waits += 1;
      log.warn({ error, kind, tries, waits }, 'consumer: will try this chunk again');
      await pause(backoffMs(Math.min(waits, 10)));
    }
  }
}
