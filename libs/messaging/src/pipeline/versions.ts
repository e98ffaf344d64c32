/** One event of an aggregate, as far as its place in the order matters. */
export interface Versioned {
  /** `evaluation:eva_…` */
  stream: string;
  version: number;
}

export interface Judgement<T> {
  /** In the order in which to take them: per stream exactly last + 1, last + 2 …; streams as they came. */
  next: T[];
  /** A version that was already counted, under another event id. */
  stale: T[];
  /** A predecessor is missing: `missing` is the first version that has not come. */
  gaps: { item: T; missing: number }[];
}

/**
 * Sorts events into those whose turn it is, those that are late, and those that must wait. Pure: `last`
 * is what was counted before (absent means nothing), and stays as it is. What came in the wrong order
 * within `items` is put right here, without waiting.
 */
export function judge<T extends Versioned>(
  items: readonly T[],
  last: ReadonlyMap<string, number>,
): Judgement<T> {
  const counted = new Map(last);
  const waiting = new Map<string, T[]>();
  const next: T[] = [];
  const stale: T[] = [];

  const take = (item: T): void => {
    next.push(item);
    counted.set(item.stream, item.version);
    const queue = waiting.get(item.stream);
    if (!queue) return;
    const at = queue.findIndex((each) => each.version === item.version + 1);
    const follower = queue[at];
    if (!follower) return;
    queue.splice(at, 1);
    take(follower);
  };

  for (const item of items) {
    const expected = (counted.get(item.stream) ?? 0) + 1;
    if (item.version === expected) take(item);
    else if (item.version < expected) stale.push(item);
    else waiting.set(item.stream, [...(waiting.get(item.stream) ?? []), item]);
  }

  const gaps: Judgement<T>['gaps'] = [];
  for (const [stream, queue] of waiting) {
    const missing = (counted.get(stream) ?? 0) + 1;
    for (const item of queue) {
      // Two events with one version: the second became late when the first was taken.
      if (item.version < missing) stale.push(item);
      else gaps.push({ item, missing });
    }
  }
  return { next, stale, gaps };
}
