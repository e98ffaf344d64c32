/**
 * The points at which a fault test may kill the process (reliability.md, case R7). In order of a
 * fact's way: state write → outbox insert → commit → send → ack → mark → inbox insert → effect →
 * offset commit.
 */
export const FAILPOINTS = [
  'beforeStateWrite',
  'afterOutboxInsert',
  'afterCommit',
  'beforeSend',
  'afterSend',
  'afterAck',
  'afterMark',
  'afterInboxInsert',
  'afterEffect',
  'beforeOffsetCommit',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];

const [armed, nth] = (process.env.MULIN_FAILPOINT ?? '').split(':');
let passes = 0;

/**
 * Aborts the process here when the environment says `MULIN_FAILPOINT=<name>` or `<name>:<nth pass>`.
 * Costs one comparison otherwise; in production the variable is refused at start.
 */
export function failpoint(name: Failpoint): void {
  if (name !== armed) return;
  passes += 1;
  if (passes >= Number(nth ?? 1)) process.abort();
}
