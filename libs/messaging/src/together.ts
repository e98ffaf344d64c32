import { setImmediate } from 'node:timers/promises';
import type { ChunkSession, IncomingRecord, Subscription } from './event-bus.js';
import { NotMine } from './pipeline/until-done.js';

type OnChunk = Subscription['onChunk'];

interface Waiting {
  records: IncomingRecord[];
  session: ChunkSession;
  done: () => void;
  failed: (error: unknown) => void;
}

/**
 * Chunks of several partitions that come at the same moment, as they do after one fetch, are worked off as one, as long
 * as they are small: the price of a transaction is then paid once, and none waits for the other to let go of the fund's
 * account. Full ones stay by themselves and run side by side. Each partition's offset is still committed on its own.
 *
 * @param most how many records a transaction takes
 */
export function together(onChunk: OnChunk, most: number): OnChunk {
  let waiting: Waiting[] = [];
  return (records, session) =>
    new Promise<void>((done, failed) => {
      waiting.push({ records, session, done, failed });
      if (waiting.length > 1) return;
      void setImmediate().then(() => {
        const came = waiting;
        waiting = [];
        for (const group of packed(came, most)) void workOff(group, onChunk);
      });
    });
}

/** First come, first packed: a group never holds more than `most` records, unless a single chunk does. */
function packed(came: readonly Waiting[], most: number): Waiting[][] {
  const groups: Waiting[][] = [];
  let room = 0;
  for (const each of came) {
    const last = groups.at(-1);
    if (last && each.records.length <= room) last.push(each);
    else groups.push([each]);
    room = (last === groups.at(-1) ? room : most) - each.records.length;
  }
  return groups;
}

async function workOff(group: readonly Waiting[], onChunk: OnChunk): Promise<void> {
  try {
    await onChunk(
      group.flatMap(({ records }) => records),
      {
        isMine: () => group.every(({ session }) => session.isMine()),
        waiting: () => group.forEach(({ session }) => session.waiting()),
      },
    );
    for (const { done } of group) done();
  } catch (error) {
    if (group.length === 1 || !(error instanceof NotMine)) {
      for (const { failed } of group) failed(error);
      return;
    }
    // One of the partitions went to another process; the rest of the work is still ours.
    for (const { records, session, done, failed } of group)
      onChunk(records, session).then(done, failed);
  }
}
