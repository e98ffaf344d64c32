/** What messaging writes to; pino fits. Facts are ids, codes and counts, never a payload. */
export interface Log {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** For tests that listen to something else. */
export const silent: Log = { info: () => {}, warn: () => {}, error: () => {} };
