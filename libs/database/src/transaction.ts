import type { DataSource } from 'typeorm';
import type { Tx } from './database.js';

/**
 * One transaction, like TypeORM's, whose beginning travels with the first statements of `work` instead of waiting for an
 * answer of its own: for small chunks of events the way to the database and back is most of the time.
 */
export async function transaction<T>(source: DataSource, work: (tx: Tx) => Promise<T>): Promise<T> {
  const runner = source.createQueryRunner();
  // What TypeORM would set once it has begun one itself: whatever is saved within must not begin, and end, another.
  Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
  try {
    const [, result] = await Promise.all([runner.query('start transaction'), work(runner.manager)]);
    await runner.commitTransaction();
    return result;
  } catch (error) {
    // The first error is the one that tells; a connection that is gone has undone everything already.
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}
