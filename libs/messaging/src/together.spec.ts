import { describe, expect, it } from '@jest/globals';
import type { ChunkSession, IncomingRecord } from './event-bus.js';
import { NotMine } from './pipeline/until-done.js';
import { together } from './together.js';

const records = (partition: number, count: number): IncomingRecord[] =>
  Array.from({ length: count }, (_, offset) => ({
    topic: 'contracts',
    partition,
    offset: String(offset),
    key: `con_${partition}`,
    value: null,
    headers: {},
  }));

const ours: ChunkSession = { isMine: () => true, waiting: () => undefined };
const lost: ChunkSession = { ...ours, isMine: () => false };

/** What was worked off: per transaction, how many records of which partition. */
function watched(work: (records: IncomingRecord[], session: ChunkSession) => void = () => {}) {
  const transactions: Record<number, number>[] = [];
  const onChunk = together(async (chunk, session) => {
    const counts: Record<number, number> = {};
    for (const { partition } of chunk) counts[partition] = (counts[partition] ?? 0) + 1;
    transactions.push(counts);
    await Promise.resolve();
    work(chunk, session);
  }, 500);
  return { onChunk, transactions };
}

describe('chunks that come at the same moment', () => {
  it('are one transaction while they are small', async () => {
    const { onChunk, transactions } = watched();
    await Promise.all([0, 1, 2].map((partition) => onChunk(records(partition, 7), ours)));
    expect(transactions).toEqual([{ 0: 7, 1: 7, 2: 7 }]);
  });

  it('never make a larger transaction than a full chunk is', async () => {
    const { onChunk, transactions } = watched();
    const sizes = [500, 300, 200, 1, 499];
    await Promise.all(sizes.map((size, partition) => onChunk(records(partition, size), ours)));
    expect(transactions).toEqual([{ 0: 500 }, { 1: 300, 2: 200 }, { 3: 1, 4: 499 }]);
  });

  it('that come later wait for no one', async () => {
    const { onChunk, transactions } = watched();
    await onChunk(records(0, 1), ours);
    await onChunk(records(1, 1), ours);
    expect(transactions).toEqual([{ 0: 1 }, { 1: 1 }]);
  });

  it('share an error: none of them is done', async () => {
    const { onChunk } = watched(() => {
      throw new Error('the code is wrong');
    });
    const outcomes = await Promise.allSettled([0, 1].map((at) => onChunk(records(at, 1), ours)));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });

  it('do not lose their work with the partition of another', async () => {
    const { onChunk, transactions } = watched((_, session) => {
      if (!session.isMine()) throw new NotMine();
    });
    const outcomes = await Promise.allSettled([
      onChunk(records(0, 1), ours),
      onChunk(records(1, 1), lost),
      onChunk(records(2, 1), ours),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(transactions).toEqual([{ 0: 1, 1: 1, 2: 1 }, { 0: 1 }, { 1: 1 }, { 2: 1 }]);
  });

  it('tell every partition that waiting is deliberate', async () => {
    const told: number[] = [];
    const { onChunk } = watched((_, session) => session.waiting());
    await Promise.all(
      [0, 1].map((at) => onChunk(records(at, 1), { ...ours, waiting: () => told.push(at) })),
    );
    expect(told).toEqual([0, 1]);
  });
});
