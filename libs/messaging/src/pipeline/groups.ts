/**
 * Splits a chunk into groups for the set-based handlers: one type per group, each record key at most
 * once in it, and the order within each key kept from group to group. Between keys there is no order,
 * which is what makes the groups large: each time the type that most keys are waiting with is taken.
 */
export function groupsOf<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
  typeOf: (item: T) => string,
): T[][] {
  let queues = [...byKey(items, keyOf).values()];
  const groups: T[][] = [];
  while (queues.length > 0) {
    const waiting = byKey(queues, ([head]) => (head === undefined ? '' : typeOf(head)));
    let largest: T[][] = [];
    for (const each of waiting.values()) if (each.length > largest.length) largest = each;
    groups.push(largest.flatMap((queue) => queue.splice(0, 1)));
    queues = queues.filter((queue) => queue.length > 0);
  }
  return groups;
}

/** In the order in which the keys first appear. (`Map.groupBy` is not in Node 20.) */
function byKey<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
