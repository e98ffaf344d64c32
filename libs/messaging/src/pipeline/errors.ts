import { sqlState, violatedConstraint } from '@mulin/database';

/**
 * conflict: chosen as a deadlock's victim; repeat at once · outage: the database is away or overloaded;
 * repeat for as long as it takes · poison: this very data can never be written · other: a mistake in the
 * code, or something nobody thought of; tried some times, then treated as poison.
 */
export type ErrorKind = 'conflict' | 'outage' | 'poison' | 'other';

const KIND_OF_CLASS: Record<string, ErrorKind> = {
  '40': 'conflict',
  '08': 'outage',
  '53': 'outage',
  '57': 'outage',
  '58': 'outage',
  '22': 'poison',
  '23': 'poison',
  P0: 'poison',
};

/** What node and pg say, without an SQLSTATE, when the connection is gone or cannot be had. */
const OUTAGE =
  /ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|connection terminated|timeout exceeded when trying to connect|not queryable|client was closed|connection timeout/i;

export function kindOf(error: unknown): ErrorKind {
  const state = sqlState(error);
  // A statement that took too long is not an outage: the same statement will take too long again.
  if (state === '57014') return 'other';
  if (state === '25P03') return 'outage';
  // A migration changed what a kept plan answers, or a proxy lost it: right again on the next connection, never poison.
  if (state === '26000' || (state === '0A000' && /cached plan/.test(String(error))))
    return 'outage';
  if (state) return KIND_OF_CLASS[state.slice(0, 2)] ?? 'other';
  return error instanceof Error && OUTAGE.test(`${codeOf(error)} ${error.message}`)
    ? 'outage'
    : 'other';
}

/** What a dead letter may say of an error: names and codes. A database message may quote a value. */
export function describe(error: unknown): { reason: string; detail: Record<string, unknown> } {
  const state = sqlState(error);
  if (state) {
    const constraint = violatedConstraint(error);
    return {
      reason: 'databaseRefused',
      detail: { sqlState: state, ...(constraint ? { constraint } : {}) },
    };
  }
  const name = error instanceof Error ? error.name : typeof error;
  return { reason: 'handlerFailed', detail: { error: name, at: firstFrame(error) } };
}

const codeOf = (error: Error): string =>
  'code' in error && typeof error.code === 'string' ? error.code : '';

/** File and line of the throw, which help a developer and quote nothing. */
function firstFrame(error: unknown): string | null {
  const frame =
    error instanceof Error ? error.stack?.split('\n').find((line) => /^\s+at /.test(line)) : null;
  return (
    frame
      ?.replace(/^.*?((?:libs|services)\/)/, '$1')
      .trim()
      .slice(0, 200) ?? null
  );
}
