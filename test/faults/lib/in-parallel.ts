/** Does the work for every item, a few at a time, and answers in the items' order. */
export async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<number, R>();
  const queue = items.map((item, place) => ({ item, place }));
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next; next = queue.shift())
      results.set(next.place, await work(next.item));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return [...results].sort(([a], [b]) => a - b).map(([, result]) => result);
}
