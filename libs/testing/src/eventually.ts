export interface EventuallyOptions {
  /** How long to go on trying. Default 10,000 ms. */
  withinMs?: number;
  /** Pause between two tries. Default 25 ms. */
  everyMs?: number;
}

/**
 * Waits for something that happens by itself: calls `probe` until it neither throws nor answers false,
 * and answers what it answered. At the deadline the last failure is thrown, so that the test says what
 * was still missing. Use it wherever a test would otherwise sleep.
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  { withinMs = 10_000, everyMs = 25 }: EventuallyOptions = {},
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const failure = await attempt(probe);
    if ('value' in failure) return failure.value;
    if (Date.now() >= deadline) throw failure.error;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

async function attempt<T>(probe: () => T | Promise<T>): Promise<{ value: T } | { error: unknown }> {
  try {
    const value = await probe();
    return value === false ? { error: new Error('what was waited for did not happen') } : { value };
  } catch (error) {
    return { error };
  }
}
