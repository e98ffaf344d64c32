import type { Tx } from '@mulin/database';
import { type Candidate, isCounted, type Problem } from './candidate.js';
import { bury, type Death } from './dead-letter.js';
import { markInbox } from './inbox.js';
import { type Parking, park, unpark, waitsForDeadLetter, waitsForVersion } from './parking.js';
import { countOnAndWake } from './stream-version.js';

interface Consumer {
  name: string;
  blocksKeyOnDeadLetter?: boolean;
}

/** What was decided about each event of a chunk; written down at the end, each kind in one statement. */
export class Verdicts {
  private readonly settled: Candidate[] = [];
  private readonly parkings: Parking[] = [];
  private readonly deaths: Death[] = [];
  private readonly causes = new Set<string>();
  private readonly newlyBlocked = new Set<string>();
  lateCount = 0;

  constructor(private readonly consumer: Consumer) {}

  done(candidate: Candidate): void {
    this.settled.push(candidate);
  }

  /** Its version was counted under another id: nothing to do, but worth a line in the log. */
  late(candidate: Candidate): void {
    this.settled.push(candidate);
    this.lateCount += 1;
  }

  park(
    candidate: Candidate,
    waiting: { waitFor: string; because: string; counted?: boolean },
  ): void {
    const counted = waiting.counted ?? isCounted(candidate);
    this.parkings.push({ candidate, ...waiting, counted });
  }

  /** Put aside because an earlier event of its key is dead; it keeps its place in the order. */
  queue(candidate: Candidate): void {
    this.park(candidate, {
      waitFor: waitsForDeadLetter(candidate.key),
      because: 'an earlier event of this key is a dead letter',
    });
  }

  /** Dead on arrival: nobody could have handled it. */
  dead(candidate: Candidate, problem: Problem, { counted }: { counted: boolean }): void {
    this.deaths.push({ candidate, ...problem, counted });
  }

  /** Dead in its handler, in its turn: what comes after it in its key has to wait, where that matters. */
  dies(candidate: Candidate, problem: Problem): void {
    this.dead(candidate, problem, { counted: true });
    if (this.consumer.blocksKeyOnDeadLetter) this.newlyBlocked.add(candidate.key);
  }

  wake(cause: string): void {
    this.causes.add(cause);
  }

  /** Whether an event of this chunk died in its handler and holds up its key. */
  blocks(key: string): boolean {
    return this.newlyBlocked.has(key);
  }

  get deadCount(): number {
    return this.deaths.length;
  }

  /** @returns whether something that waited can run now */
  async write(tx: Tx, versionsBefore: ReadonlyMap<string, number>): Promise<boolean> {
    const { name } = this.consumer;
    await bury(tx, this.consumer, this.deaths);
    await park(tx, name, this.parkings);
    await unpark(tx, [...this.settled, ...this.deaths.map(({ candidate }) => candidate)]);
    await this.settleReplays(tx);
    await markInbox(tx, name, this.inboxStates());
    const versions = this.countOn(versionsBefore);
    return countOnAndWake(tx, name, { versions, causes: this.causes });
  }

  /** The new last version of each stream; what waited for one of the versions in between is woken. */
  private countOn(before: ReadonlyMap<string, number>): Map<string, number> {
    const counted = new Map<string, number>();
    const count = ({ envelope }: Candidate) => {
      if (!envelope) return;
      const { stream, aggregateVersion } = envelope;
      const last = counted.get(stream) ?? before.get(stream) ?? 0;
      if (aggregateVersion > last) counted.set(stream, aggregateVersion);
    };
    this.settled.forEach(count);
    this.parkings.filter((each) => each.counted).forEach(({ candidate }) => count(candidate));
    this.deaths.filter((each) => each.counted).forEach(({ candidate }) => count(candidate));
    for (const [stream, version] of counted) {
      for (let at = (before.get(stream) ?? 0) + 1; at <= version; at += 1)
        this.causes.add(waitsForVersion(stream, at));
    }
    return counted;
  }

  /** A replayed letter that did not die again has left; what queued behind it may go. */
  private async settleReplays(tx: Tx): Promise<void> {
    const alive = [...this.settled, ...this.parkings.map(({ candidate }) => candidate)];
    const ids = alive.flatMap(({ origin, key }) => {
      if (origin.from !== 'deadLetter') return [];
      this.causes.add(waitsForDeadLetter(key));
      return [origin.id];
    });
    if (ids.length > 0)
      await tx.query(
        `update mulin.dead_letter set status = 'replayed' where id = any($1::text[])`,
        [ids],
      );
  }

  /** `done` is what the inbox says from the start, so only what differs is written. */
  private inboxStates(): Map<string, 'done' | 'parked' | 'dead'> {
    const states = new Map<string, 'done' | 'parked' | 'dead'>();
    for (const { envelope, origin } of this.settled)
      if (envelope && origin.from !== 'topic') states.set(envelope.id, 'done');
    for (const { candidate } of this.parkings)
      if (candidate.envelope) states.set(candidate.envelope.id, 'parked');
    for (const { candidate, reason } of this.deaths)
      if (candidate.envelope && reason !== 'sameIdOtherContent')
        states.set(candidate.envelope.id, 'dead');
    return states;
  }
}
