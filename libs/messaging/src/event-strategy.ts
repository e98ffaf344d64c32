import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import { isObservable, lastValueFrom } from 'rxjs';
import { transaction } from '@mulin/database';
import type { DataSource } from 'typeorm';
import { type ConsumerDefinition, consumerProblems } from './consumer.js';
import type { EventHandler, HandlerContext, Outcome, ReceivedEvent } from './event.js';
import type { ChunkSession, EventBus, IncomingRecord, RunningSubscription } from './event-bus.js';
import type { Log } from './log.js';
import { eventsConsumed, eventsDead } from './metrics.js';
import { EVENTS, SelfTest } from './on-event.js';
import { backoffMs, pause } from './pause.js';
import { workOff } from './pipeline/chunk.js';
import { Sweep } from './pipeline/sweep.js';
import { untilDone } from './pipeline/until-done.js';
import { Vocabulary } from './pipeline/validate.js';
import { together } from './together.js';

const CHUNK = 500;

export interface StrategyOptions {
  consumer: ConsumerDefinition;
  bus: EventBus;
  /** The consumer role's pool; it needs `concurrency` + 2 connections. */
  source: DataSource;
  log: Log;
  /** Partitions worked on side by side. Default 3. */
  concurrency?: number;
  /** The subscription is dead for good: the process must end, to be started anew. */
  onFatal: () => void;
}

export type ConsumerState = 'starting' | 'joined' | 'interrupted' | 'dead' | 'stopped';

/**
 * Nest's door to our events: handlers are ordinary `@EventPattern` methods with everything Nest offers
 * around them; batches, transactions, commits and dead letters are ours.
 */
export class EventStrategy extends Server implements CustomTransportStrategy {
  override transportId = EVENTS;
  state: ConsumerState = 'starting';

  private readonly ending = new AbortController();
  private readonly vocabulary: Vocabulary;
  private readonly sweep: Sweep;
  private readonly working;
  private connecting: Promise<RunningSubscription | null> | null = null;

  constructor(private readonly options: StrategyOptions) {
    super();
    const { consumer, source, log } = options;
    this.working = { ...consumer, handler: (pattern: string) => this.handlerOf(pattern) };
    this.vocabulary = new Vocabulary(consumer);
    this.sweep = new Sweep({ source, log, vocabulary: this.vocabulary, consumer: this.working });
  }

  /** Called by Nest. Refuses to start with a wiring that would lose events; the broker may be away. */
  listen(done: (error?: unknown) => void): void {
    this.selfTest().then(() => {
      this.connecting = this.connect();
      this.sweep.start();
      done();
    }, done);
  }

  /** Lets the running chunk finish and commit. Safe to call twice. */
  async close(): Promise<void> {
    this.ending.abort();
    const subscription = await this.connecting;
    await subscription?.stop();
    await this.sweep.stop();
    if (this.state !== 'dead') this.state = 'stopped';
  }

  private async selfTest(): Promise<void> {
    const problems = consumerProblems(this.options.consumer, this.messageHandlers);
    if (problems.length > 0) throw new Error(problems.join('\n'));
    for (const pattern of this.messageHandlers.keys()) {
      const probe = new SelfTest(pattern);
      // The probe is caught by @OnEvent before the method; it is neither a list nor has it a transaction.
      const call = this.handlerOf(pattern)(probe as never, {} as never);
      const answer = await call.then(
        () => 'nothing',
        (error: unknown) => error,
      );
      if (answer !== probe)
        throw new Error(
          `the handler of ${pattern} does not let errors through: its class needs @EventsController(), its method @OnEvent`,
        );
    }
  }

  /** In the background, for as long as it takes: a service answers its queries without Kafka, too. */
  private async connect(): Promise<RunningSubscription | null> {
    const { bus, consumer, log, concurrency = 3 } = this.options;
    for (let failures = 1; !this.ending.signal.aborted; failures += 1) {
      try {
        return await bus.subscribe({
          group: `mulin.${consumer.name}`,
          topics: consumer.topics,
          chunkSize: CHUNK,
          concurrency,
          onChunk: together((records, session) => this.onChunk(records, session), CHUNK),
          onState: (state) => this.onState(state),
        });
      } catch (error) {
        log.warn({ error, failures }, 'consumer: will try to connect again');
        await pause(backoffMs(failures), this.ending.signal);
      }
    }
    return null;
  }

  private onState(state: 'joined' | 'interrupted' | 'dead'): void {
    if (this.state === 'dead' || this.ending.signal.aborted) return;
    this.state = state;
    this.options.log.info({ state, consumer: this.options.consumer.name }, 'consumer');
    if (state === 'dead') this.options.onFatal();
  }

  private async onChunk(records: IncomingRecord[], session: ChunkSession): Promise<void> {
    const { source, log, consumer } = this.options;
    const candidates = records.map((record) => this.vocabulary.candidate(record));
    const keys = candidates.map((each) => each.key);
    const { woken, dead, late } = await untilDone(
      (lastTry) =>
        transaction(source, (tx) => workOff(tx, this.working, { keys, candidates, lastTry })),
      { session, log },
    );
    eventsConsumed.inc({ consumer: consumer.name }, records.length);
    if (dead > 0) {
      eventsDead.inc({ consumer: consumer.name }, dead);
      log.error({ consumer: consumer.name, dead }, 'consumer: dead letters written');
    }
    if (late > 0) log.warn({ consumer: consumer.name, late }, 'consumer: late versions dropped');
    if (woken) this.sweep.soon();
  }

  /**
   * A failing handler does not reject: its promise *resolves* to an Observable that errors. Whoever only
   * awaits it commits an event that was never handled.
   */
  private handlerOf(pattern: string): EventHandler {
    const handler = this.messageHandlers.get(pattern);
    if (!handler) throw new Error(`no handler for ${pattern}`);
    return async (events: ReceivedEvent[], context: HandlerContext): Promise<void | Outcome> => {
      const answer: unknown = await handler(events, context);
      const outcome: unknown = isObservable(answer)
        ? await lastValueFrom(answer, { defaultValue: undefined })
        : answer;
      // What comes out of a method marked @OnEvent; its type was checked there, Nest forgets it.
      return outcome as void | Outcome;
    };
  }

  /** Part of Nest's contract; there is nothing underneath that a caller should touch. */
  override on(): void {}
  override unwrap<T>(): T {
    throw new Error('The event strategy wraps no single client.');
  }
}
