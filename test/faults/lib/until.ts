export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until the probe answers true. Fails with `what` after `withinMs`. */
export async function until(
  probe: () => boolean | Promise<boolean>,
  { what, withinMs = 120_000, everyMs = 50 }: { what: string; withinMs?: number; everyMs?: number },
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await probe())) {
    if (Date.now() > deadline) throw new Error(`${what} (waited ${withinMs / 1000} s)`);
    await pause(everyMs);
  }
}

/**
 * Waits as long as something still moves: a slow machine takes its time, a stuck one is told within
 * `stuckAfterMs`. The probe answers what is still missing (nothing: done) and a figure that grows.
 * Answers what was missing in the end.
 */
export async function whileItMoves(
  probe: () => Promise<{ missing: string[]; progress: string }>,
  { stuckAfterMs = 90_000, everyMs = 250 }: { stuckAfterMs?: number; everyMs?: number } = {},
): Promise<string[]> {
  let last = '';
  let movedAt = Date.now();
  for (;;) {
    const { missing, progress } = await probe();
    if (missing.length === 0) return [];
    if (progress !== last) movedAt = Date.now();
    last = progress;
    if (Date.now() - movedAt > stuckAfterMs) return missing;
    await pause(everyMs);
  }
}
