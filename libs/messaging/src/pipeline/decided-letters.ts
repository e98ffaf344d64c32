import type { Tx } from '@mulin/database';
import type { DataSource } from 'typeorm';
import type { IncomingRecord } from '../event-bus.js';
import { waitsForVersion } from './parking.js';
import { countOnAndWake, readVersions } from './stream-version.js';

interface Letter extends IncomingRecord {
  id: string;
  reason: string;
  counted: boolean;
  stream: string | null;
  version: number | null;
}

/** The records of dead letters that are to be replayed, locked. */
export async function readLetters(tx: Tx, ids: readonly string[]) {
  const letters = await lettersIn(tx, ids, 'replaying');
  return letters.map(
    ({ id, counted, reason: _reason, stream: _stream, version: _version, ...record }) => ({
      id,
      counted,
      record,
    }),
  );
}

/**
 * Carries out the decision to leave a letter alone. When it is exactly the one its aggregate has been
 * waiting for, the aggregate goes on without it. One whose predecessors have not come yet stays uncounted:
 * passHole() counts it when its turn comes.
 *
 * @returns what is known by it, for those who wait, and the record; null when somebody else was quicker
 */
export async function discardLetter(
  tx: Tx,
  consumer: string,
  id: string,
): Promise<{ causes: Set<string>; record: IncomingRecord; reason: string } | null> {
  const [letter] = await lettersIn(tx, [id], 'discarding');
  if (!letter) return null;
  await tx.query(`update mulin.dead_letter set status = 'discarded' where id = $1`, [id]);
  const { id: _id, reason, stream, version, counted, ...record } = letter;
  const nothing = { causes: new Set<string>(), record, reason };
  if (counted || stream === null || version === null) return nothing;
  const last = (await readVersions(tx, consumer, [stream])).get(stream) ?? 0;
  if (version !== last + 1) return nothing;
  await count(tx, consumer, id, { stream, version });
  return { causes: new Set([waitsForVersion(stream, version)]), record, reason };
}

/** A discarded letter whose turn has come since: nothing else will ever fill its place. */
export interface Hole {
  id: string;
  key: string | null;
}

/** What was discarded before its predecessors came, and is next by now, or was counted under another event. */
export function findHoles(source: DataSource, consumer: string): Promise<Hole[]> {
  return source.query<Hole[]>(
    `select letter.id, letter.record_key as key from mulin.dead_letter letter
     join mulin.stream_version known
       on known.consumer = letter.consumer and known.stream = letter.stream
     where letter.consumer = $1 and letter.status = 'discarded' and not letter.counted
       and letter.version <= known.version + 1
     order by letter.stream, letter.version`,
    [consumer],
  );
}

/**
 * Goes on past a hole, under the lock of its key, so that no follower parks meanwhile.
 *
 * @returns what is known by it, for those who wait
 */
export async function passHole(tx: Tx, consumer: string, id: string): Promise<Set<string>> {
  const [letter] = await lettersIn(tx, [id], 'discarded');
  if (!letter || letter.counted || letter.stream === null || letter.version === null) {
    return new Set();
  }
  const { stream, version } = letter;
  const last = (await readVersions(tx, consumer, [stream])).get(stream) ?? 0;
  if (version > last + 1) return new Set();
  await count(tx, consumer, id, { stream, version });
  return new Set([waitsForVersion(stream, version)]);
}

async function count(
  tx: Tx,
  consumer: string,
  id: string,
  { stream, version }: { stream: string; version: number },
): Promise<void> {
  await countOnAndWake(tx, consumer, { versions: new Map([[stream, version]]) });
  await tx.query('update mulin.dead_letter set counted = true where id = $1', [id]);
}

async function lettersIn(tx: Tx, ids: readonly string[], status: string): Promise<Letter[]> {
  if (ids.length === 0) return [];
  return tx.query<Letter[]>(
    `select id, reason, counted, stream, version, topic, partition, record_offset as offset,
       record_key as key, headers, value
     from mulin.dead_letter where id = any($1::text[]) and status = $2 order by id for no key update`,
    [ids, status],
  );
}
