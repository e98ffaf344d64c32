import { kept, type Tx } from '@mulin/database';
import type { Candidate } from './candidate.js';

/**
 * Notes every event of a chunk as received and answers those that were not there before. The same id
 * with the same content is a redelivery and falls out; with other content it is quarantined: it stays,
 * with a problem, because somebody changed a fact.
 */
export async function enterInbox(
  tx: Tx,
  consumer: string,
  candidates: readonly Candidate[],
): Promise<Candidate[]> {
  const entering = new Map<string, Candidate>();
  for (const each of candidates) {
    const id = each.origin.from === 'topic' && each.envelope?.id;
    if (id && !entering.has(id)) entering.set(id, each);
  }
  const known =
    entering.size > 0 ? await insertInbox(tx, consumer, entering) : new Map<string, string>();

  const fresh: Candidate[] = [];
  for (const each of candidates) {
    const id = each.origin.from === 'topic' && each.envelope?.id;
    if (!id) {
      fresh.push(each);
      continue;
    }
    const first = entering.get(id);
    const hash = known.get(id) ?? first?.hash;
    if (hash !== each.hash) fresh.push(quarantined(each));
    else if (each === first && !known.has(id)) fresh.push(each);
  }
  return fresh;
}

const quarantined = (candidate: Candidate): Candidate => ({
  ...candidate,
  event: null,
  problem: { reason: 'sameIdOtherContent', detail: {} },
});

/** The ids that were there before, with the hash of what was received under them. */
async function insertInbox(
  tx: Tx,
  consumer: string,
  entering: ReadonlyMap<string, Candidate>,
): Promise<Map<string, string>> {
  const ids = [...entering.keys()];
  const hashes = [...entering.values()].map((each) => each.hash);
  const inserted = await tx.query<{ id: string }[]>(INSERT, [consumer, ids, hashes]);
  if (inserted.length === ids.length) return new Map();
  const here = new Set(inserted.map((row) => row.id));
  const before = ids.filter((id) => !here.has(id));
  const rows = await tx.query<{ id: string; hash: string }[]>(
    'select event_id as id, payload_hash as hash from mulin.inbox where consumer = $1 and event_id = any($2::uuid[])',
    [consumer, before],
  );
  return new Map(rows.map((row) => [row.id, row.hash]));
}

const INSERT = kept(/* sql */ `
insert into mulin.inbox (consumer, event_id, payload_hash)
select $1, id, hash from unnest($2::uuid[], $3::text[]) as incoming (id, hash)
on conflict do nothing
returning event_id as id`);

/** Says of events that they wait or are dead, or, later, that they are done after all. */
export async function markInbox(
  tx: Tx,
  consumer: string,
  states: ReadonlyMap<string, 'done' | 'parked' | 'dead'>,
): Promise<void> {
  if (states.size === 0) return;
  await tx.query(
    `update mulin.inbox set state = incoming.state
     from unnest($2::uuid[], $3::text[]) as incoming (id, state)
     where consumer = $1 and event_id = incoming.id`,
    [consumer, [...states.keys()], [...states.values()]],
  );
}
