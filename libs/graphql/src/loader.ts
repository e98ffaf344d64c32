import DataLoader from 'dataloader';
import type { GraphqlContext } from './context.js';

/**
 * The request's DataLoader of this name: the keys that one tick asks for become one SQL statement.
 *
 * @param batch answers keys → value; a key without a value resolves to null
 */
export function loader<K, V>(
  context: GraphqlContext,
  name: string,
  batch: (keys: readonly K[]) => Promise<Map<K, V>>,
): DataLoader<K, V | null> {
  const known = context.loaders.get(name);
  // The name stands for one key and value type: a loader is made in one place only.
  if (known) return known as unknown as DataLoader<K, V | null>;
  const made = new DataLoader<K, V | null>(
    async (keys) => {
      const found = await batch(keys);
      return keys.map((key) => found.get(key) ?? null);
    },
    { maxBatchSize: 1_000 },
  );
  context.loaders.set(name, made as unknown as DataLoader<never, unknown>);
  return made;
}

/** Rows by a key, for loaders of one row per key. */
export function byKey<K, V>(rows: readonly V[], key: (row: V) => K): Map<K, V> {
  return new Map(rows.map((row) => [key(row), row]));
}

/** Rows grouped by a key, for loaders of many rows per key; keys without rows get an empty list. */
export function groupedBy<K, V>(
  keys: readonly K[],
  rows: readonly V[],
  key: (row: V) => K,
): Map<K, V[]> {
  const groups = new Map<K, V[]>(keys.map((each) => [each, []]));
  for (const row of rows) groups.get(key(row))?.push(row);
  return groups;
}
