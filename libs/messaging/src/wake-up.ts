/** The relay keeps polling this long after it last had work, so notes in between are not needed. */
export const RELAY_STAYS_AWAKE_MS = 2_000;
const DEBOUNCE_MS = 200;

const lastNote = new WeakMap<object, number>();

/**
 * Whether this transaction should wake the relay. PostgreSQL queues transactions that notify one behind
 * the other at their commit, so of many in a row only the first may; the relay, once woken, stays awake
 * far longer than that, and looks each second in any case.
 */
export function mayWake(tx: { dataSource: object }): boolean {
  const nowMs = performance.now();
  const last = lastNote.get(tx.dataSource);
  if (last !== undefined && nowMs - last < DEBOUNCE_MS) return false;
  lastNote.set(tx.dataSource, nowMs);
  return true;
}
