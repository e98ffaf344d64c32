/** Waits, or stops waiting at once when the signal says so. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal?.addEventListener('abort', end, { once: true });
  });
}

/** 50 ms, doubling to 1 s: the wait before the n-th repetition (n from 1). */
export const backoffMs = (attempt: number): number => Math.min(50 * 2 ** (attempt - 1), 1_000);
