import type { Tx } from '@mulin/database';

/** What became of the parts of a group: the answers of those that ran, and each item that cannot. */
export interface Bisected<T, R> {
  ran: { part: T[]; result: R }[];
  poisoned: { item: T; error: unknown }[];
}

/**
 * Runs a group in one go; when it is poisoned, each half on its own, down to the items that carry the
 * poison. Savepoints undo what a failed part wrote. The parts are independent of each other (each key
 * is in a group once), so their order among themselves does not matter.
 *
 * @param isPoison whether an error says that this data can never be handled; every other one is thrown
 */
export async function bisect<T, R>(
  tx: Tx,
  group: T[],
  run: (part: T[]) => Promise<R>,
  isPoison: (error: unknown) => boolean,
): Promise<Bisected<T, R>> {
  const found: Bisected<T, R> = { ran: [], poisoned: [] };
  const parts = [group];
  for (let part = parts.pop(); part; part = parts.pop()) {
    const saved = tx.query('savepoint part');
    try {
      // Sent ahead of what the part asks for, without waiting for its answer.
      const [result] = await Promise.all([run(part), saved]);
      found.ran.push({ part, result });
      // The commit releases the last one: what was posted is held, and others wait for it.
      if (parts.length > 0) await tx.query('release savepoint part');
    } catch (error) {
      if (!isPoison(error)) throw error;
      await tx.query('rollback to savepoint part');
      await tx.query('release savepoint part');
      const [only] = part;
      const middle = Math.floor(part.length / 2);
      if (only && middle === 0) found.poisoned.push({ item: only, error });
      else parts.push(part.slice(middle), part.slice(0, middle));
    }
  }
  return found;
}
