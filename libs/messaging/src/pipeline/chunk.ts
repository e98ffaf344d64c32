import { failpoint, type Tx } from '@mulin/database';
import type { ConsumerDefinition } from '../consumer.js';
import type { EventHandler, Outcome, ReceivedEvent } from '../event.js';
import { bisect } from './bisection.js';
import { type Candidate, isCounted } from './candidate.js';
import { type Blocked, blockedKeys } from './dead-letter.js';
import { describe, kindOf } from './errors.js';
import { groupsOf } from './groups.js';
import { enterInbox } from './inbox.js';
import { lockKeys } from './key-locks.js';
import { waitsForVersion } from './parking.js';
import { readVersions } from './stream-version.js';
import { Verdicts } from './verdicts.js';
import { judge } from './versions.js';

/** A consumer at work: what it declared, and how to reach the handler of a type. */
export interface WorkingConsumer extends ConsumerDefinition {
  handler(pattern: string): EventHandler;
}

export interface ChunkResult {
  /** Something that waited can run now. */
  woken: boolean;
  dead: number;
  /** Dropped, because another event had their place in the aggregate's order. */
  late: number;
}

/** What came from a topic is at hand; what waited is read once its keys are taken. */
export type Chunk = { candidates: Candidate[] } | { load: (tx: Tx) => Promise<Candidate[]> };

type Handled = Candidate & { event: ReceivedEvent };

/**
 * One chunk, one transaction: take the keys → inbox → who is blocked, whose turn it is → handlers, type
 * by type → write down what became of each. The caller commits, and only then the offset. The number of
 * statements does not depend on the number of events, unless some of them are poisoned.
 *
 * @param lastTry every error that is no outage counts as poison: what was tried often enough must not
 *   hold up the others
 */
export async function workOff(
  tx: Tx,
  consumer: WorkingConsumer,
  chunk: Chunk & { keys: Iterable<string>; lastTry: boolean },
): Promise<ChunkResult> {
  const locked = lockKeys(tx, chunk.keys);
  const candidates = 'load' in chunk ? await locked.then(() => chunk.load(tx)) : chunk.candidates;
  // None of these needs the answer of another, only their order: they go to the database in one breath.
  const [, fresh, blocked, versions] = await Promise.all([
    locked,
    enterInbox(tx, consumer.name, candidates),
    blockedKeys(tx, consumer, keysOf(candidates)),
    readVersions(tx, consumer.name, streamsOf(candidates)),
  ]);
  failpoint('afterInboxInsert');
  const verdicts = new Verdicts(consumer);
  const free = unblocked(fresh, blocked, { consumer, verdicts });
  const due = inTurn(free, versions, verdicts);

  const handled = due.filter((each): each is Handled => each.event !== null);
  const groups = groupsOf(
    handled,
    (each) => each.key,
    (each) => each.event.type.pattern,
  );
  for (const group of groups)
    await runGroup(tx, { consumer, group, verdicts, lastTry: chunk.lastTry });
  for (const each of due) if (each.event === null) settleIgnored(each, verdicts);

  const woken = await verdicts.write(tx, versions);
  failpoint('afterEffect');
  return { woken, dead: verdicts.deadCount, late: verdicts.lateCount };
}

/** Sorts out what stands behind a dead letter. Dead ones of this very chunk block what comes after them. */
function unblocked(
  candidates: Candidate[],
  blocked: Blocked,
  { consumer, verdicts }: { consumer: WorkingConsumer; verdicts: Verdicts },
): Candidate[] {
  const broken = new Set<string>();
  return candidates.filter((each) => {
    const stands = each.envelope !== null && (isBlocked(each, blocked) || broken.has(each.key));
    if (stands && !each.problem) verdicts.queue(each);
    if (each.problem && consumer.blocksKeyOnDeadLetter) broken.add(each.key);
    return !stands || each.problem !== null;
  });
}

function isBlocked({ origin, key }: Candidate, { dead, queued }: Blocked): boolean {
  if (origin.from === 'deadLetter') return false;
  return dead.has(key) || (origin.from === 'topic' && queued.has(key));
}

/** A changed fact under an old id says nothing about the order of its aggregate. */
const isOrdered = (each: Candidate): boolean =>
  each.envelope !== null && !isCounted(each) && each.problem?.reason !== 'sameIdOtherContent';

const keysOf = (candidates: Candidate[]): string[] => [
  ...new Set(candidates.map(({ key }) => key)),
];

const streamsOf = (candidates: Candidate[]): string[] => [
  ...new Set(candidates.flatMap(({ envelope }) => envelope?.stream ?? [])),
];

/** Buries what is bad, parks what comes too early, drops what is late; answers the rest, in order. */
function inTurn(
  candidates: Candidate[],
  versions: ReadonlyMap<string, number>,
  verdicts: Verdicts,
): Candidate[] {
  const ordered = candidates.filter(isOrdered).map((candidate) => ({
    candidate,
    stream: candidate.envelope?.stream ?? '',
    version: candidate.envelope?.aggregateVersion ?? 0,
  }));
  const { next, stale, gaps } = judge(ordered, versions);
  for (const { candidate } of stale) if (!candidate.problem) verdicts.late(candidate);
  for (const { item, missing } of gaps) {
    if (item.candidate.problem) continue;
    verdicts.park(item.candidate, {
      waitFor: waitsForVersion(item.stream, missing),
      because: `event ${missing} of this aggregate has not come`,
      counted: false,
    });
  }
  const itsTurn = new Set(next.map(({ candidate }) => candidate));
  for (const each of candidates) {
    const counted = itsTurn.has(each) || isCounted(each);
    if (each.problem) verdicts.dead(each, each.problem, { counted });
  }
  return [
    ...candidates.filter((each) => isCounted(each) && !each.problem),
    ...next.flatMap(({ candidate }) => (candidate.problem ? [] : [candidate])),
  ];
}

interface GroupWork {
  consumer: WorkingConsumer;
  group: Handled[];
  verdicts: Verdicts;
  lastTry: boolean;
}

async function runGroup(tx: Tx, { consumer, group, verdicts, lastTry }: GroupWork): Promise<void> {
  const free = group.filter((each) => !verdicts.blocks(each.key));
  for (const each of group) if (verdicts.blocks(each.key)) verdicts.queue(each);
  const [first] = free;
  if (!first) return;
  const handler = consumer.handler(first.event.type.pattern);
  const run = async (part: Handled[]) => {
    const outcome = await handler(
      part.map((each) => each.event),
      { tx },
    );
    return answered(part, outcome ?? {});
  };
  const { ran, poisoned } = await bisect(tx, free, run, (error) => {
    const kind = kindOf(error);
    return kind === 'poison' || (lastTry && kind === 'other');
  });
  for (const { result } of ran) result(verdicts);
  for (const { item, error } of poisoned) verdicts.dies(item, describe(error));
}

/** Reads what the handler said about the events it got; those it did not mention are done. */
function answered(part: Handled[], outcome: Outcome): (verdicts: Verdicts) => void {
  const rest = new Map(part.map((each) => [each.event.id, each]));
  const take = ({ id, type }: ReceivedEvent): Handled => {
    const candidate = rest.get(id);
    if (!candidate)
      throw new Error(`${type.pattern}: answered about an event it did not get, or twice`);
    rest.delete(id);
    return candidate;
  };
  const parked = (outcome.park ?? []).map((each) => ({ ...each, candidate: take(each.event) }));
  const refused = (outcome.refuse ?? []).map((each) => ({ ...each, candidate: take(each.event) }));
  return (verdicts) => {
    for (const { candidate, waitFor, because } of parked)
      verdicts.park(candidate, { waitFor, because, counted: true });
    for (const { candidate, reason, detail = {} } of refused)
      verdicts.dies(candidate, { reason, detail });
    for (const each of rest.values()) verdicts.done(each);
    for (const cause of outcome.wake ?? []) verdicts.wake(cause);
  };
}

/** Last, so that it cannot be counted past an event of its key that has to wait. */
function settleIgnored(candidate: Candidate, verdicts: Verdicts): void {
  if (verdicts.blocks(candidate.key)) verdicts.queue(candidate);
  else verdicts.done(candidate);
}
