import { fundWith } from '../../../services/payments/test/builders.js';
import type { World } from './world.js';

/** An open fund with more budget than any run spends, put into the database of payments. */
export function budget(world: World): Promise<string> {
  const query = async <Row>(sql: string, values?: unknown[]): Promise<Row[]> =>
    // The caller names the columns it asks for.
    (await world.ask('payments', sql, values)) as Row[];
  return fundWith({ query }, 90_000_000_000_000n);
}
