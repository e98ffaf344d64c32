import { transaction, type Tx } from '@mulin/database';
import type { DataSource } from 'typeorm';
import type { IncomingRecord } from '../event-bus.js';
import type { Log } from '../log.js';
import { pause } from '../pause.js';
import type { Candidate } from './candidate.js';
import { type WorkingConsumer, workOff } from './chunk.js';
import { discardLetter, findHoles, passHole, readLetters } from './decided-letters.js';
import { lockKeys } from './key-locks.js';
import { readParked, waitsForDeadLetter } from './parking.js';
import { countOnAndWake } from './stream-version.js';
import { observe } from './observe.js';
import { untilDone } from './until-done.js';
import type { Vocabulary } from './validate.js';

const AT_LEAST_EVERY_MS = 1_000;
const ROWS = 500;

export interface SweepOptions {
  source: DataSource;
  consumer: WorkingConsumer;
  vocabulary: Vocabulary;
  log: Log;
}

/**
 * Runs what was put aside: parked events whose cause has come (or whose next try is due), and dead
 * letters about which people have decided. Right after a commit that woke something, and each second.
 */
export class Sweep {
  private readonly ending = new AbortController();
  private wakeUp = new AbortController();
  private running: Promise<void> | null = null;

  constructor(private readonly options: SweepOptions) {}

  start(): void {
    this.running ??= this.run();
  }

  /** Something was woken: look now. */
  soon(): void {
    this.wakeUp.abort();
  }

  async stop(): Promise<void> {
    this.ending.abort();
    this.soon();
    await this.running;
  }

  private async run(): Promise<void> {
    while (!this.ending.signal.aborted) {
      this.wakeUp = new AbortController();
      try {
        await this.discard();
        await this.passHoles();
        await observe(this.options.source, this.options.consumer.name);
        while (!this.ending.signal.aborted && (await this.runDue()));
      } catch (error) {
        if (!this.ending.signal.aborted) this.options.log.warn({ error }, 'sweep: will try again');
      }
      if (!this.ending.signal.aborted) await pause(AT_LEAST_EVERY_MS, this.wakeUp.signal);
    }
  }

  /** @returns whether there may be more */
  private async runDue(): Promise<boolean> {
    const { source, consumer, log } = this.options;
    const due = await source.query<Due[]>(DUE, [consumer.name, ROWS]);
    if (due.length === 0) return false;
    const session = { isMine: () => !this.ending.signal.aborted, waiting: () => {} };
    const keys = due.map((each) => each.key);
    const load = (tx: Tx) => this.load(tx, due);
    await untilDone(
      (lastTry) => transaction(source, (tx) => workOff(tx, consumer, { keys, load, lastTry })),
      { session, log },
    );
    return true;
  }

  private async load(tx: Tx, due: readonly Due[]): Promise<Candidate[]> {
    const { vocabulary } = this.options;
    const seqs = due.flatMap(({ seq }) => seq ?? []);
    const letters = due.flatMap(({ letter }) => letter ?? []);
    const replayed = await readLetters(tx, letters);
    const parked = await readParked(tx, seqs);
    return [
      ...replayed.map(({ id, counted, record }) =>
        vocabulary.candidate(record, { from: 'deadLetter', id, counted }),
      ),
      ...parked.map(({ seq, counted, record }) =>
        vocabulary.candidate(record, { from: 'parked', seq, counted }),
      ),
    ];
  }

  /** What people have decided to leave alone: its stream goes on without it, its key is free. */
  private async discard(): Promise<void> {
    const { source, consumer } = this.options;
    const letters = await source.query<{ id: string; key: string | null }[]>(
      `select id, record_key as key from mulin.dead_letter where consumer = $1 and status = 'discarding'`,
      [consumer.name],
    );
    for (const { id, key } of letters) {
      // One that cannot be answered stays as it is, to be tried again; the others do not wait for it.
      await this.discardOne(id, key ?? '').catch((error: unknown) =>
        this.options.log.error(
          { error, letter: id },
          'sweep: a dead letter could not be discarded',
        ),
      );
    }
  }

  private discardOne(id: string, key: string): Promise<void> {
    const { source, consumer } = this.options;
    return source.transaction(async (tx) => {
      await lockKeys(tx, [key]);
      const discarded = await discardLetter(tx, consumer.name, id);
      if (!discarded) return;
      await this.answer(tx, discarded.record, discarded.reason);
      const causes = discarded.causes.add(waitsForDeadLetter(key));
      await countOnAndWake(tx, consumer.name, { causes });
    });
  }

  /** Whoever waits for what will never be handled is told so. A changed fact under an old id was answered as the first. */
  private async answer(tx: Tx, record: IncomingRecord, reason: string): Promise<void> {
    const { event } = this.options.vocabulary.candidate(record);
    if (!event || reason === 'sameIdOtherContent') return;
    const told = this.options.consumer.onDiscard?.find(({ type }) => type === event.type);
    await told?.tell(event, { tx });
  }

  /** What was discarded before its predecessors came: they are here now, and followers need not wait for it. */
  private async passHoles(): Promise<void> {
    const { source, consumer } = this.options;
    for (const { id, key } of await findHoles(source, consumer.name)) {
      await source.transaction(async (tx) => {
        await lockKeys(tx, [key ?? '']);
        const causes = await passHole(tx, consumer.name, id);
        await countOnAndWake(tx, consumer.name, { causes });
      });
    }
  }
}

interface Due {
  seq: string | null;
  letter: string | null;
  key: string;
}

const DUE = /* sql */ `
(select null::bigint as seq, id as letter, coalesce(record_key, '') as key from mulin.dead_letter
 where consumer = $1 and status = 'replaying' order by id limit $2)
union all
(select seq, null, record_key from mulin.parked
 where consumer = $1 and (ready or next_try_at <= clock_timestamp()) order by seq limit $2)`;
