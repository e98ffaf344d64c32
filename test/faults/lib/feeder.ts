import type { Database } from '@mulin/database';
import { append, type NewEvent, Relay, silent } from '@mulin/messaging';
import { asNewEvent, type Fact } from './facts.js';
import { pause } from './until.js';
import type { World } from './world.js';

const EVERY_MS = 50;

/**
 * Writes facts down as their services do, at a steady rate: contracts' events into the outbox of
 * contracts, evaluations' into the outbox of evaluations, each with `append`. A relay of contracts runs
 * here; that of evaluations runs in its own process, where it can be killed.
 */
export class Feeder {
  written = 0;
  private readonly relay: Relay;

  private constructor(
    private readonly facts: readonly Fact[],
    private readonly perSecond: number,
    private readonly into: { contracts: Database; evaluations: Database },
    world: World,
  ) {
    const { relay: url } = world.urlsOf('contracts');
    this.relay = new Relay({ service: 'contracts', url, bus: world.bus, log: silent });
    this.relay.start();
  }

  static async start(world: World, facts: readonly Fact[], perSecond: number): Promise<Feeder> {
    const contracts = await world.open('contracts');
    const evaluations = await world.open('evaluations');
    return new Feeder(facts, perSecond, { contracts, evaluations }, world);
  }

  /** Goes on until that many facts are written. */
  async until(count: number): Promise<void> {
    const batch = Math.max(1, Math.ceil((this.perSecond * EVERY_MS) / 1_000));
    while (this.written < count) {
      const from = Date.now();
      const facts = this.facts.slice(this.written, Math.min(count, this.written + batch));
      await write(
        this.into.contracts,
        facts.flatMap(({ requested, signed }) => [requested, signed].map(asNewEvent)),
      );
      await write(
        this.into.evaluations,
        facts.map(({ finalised }) => asNewEvent(finalised)),
      );
      this.written += facts.length;
      await pause(Math.max(0, EVERY_MS - (Date.now() - from)));
    }
  }

  stop(): Promise<void> {
    return this.relay.stop();
  }
}

/** Writes, and writes again while the database is away, until it is known to be there. */
async function write(database: Database, events: NewEvent[]): Promise<void> {
  for (;;) {
    try {
      return await database.asSystem((tx) => append(tx, events));
    } catch (error) {
      // The commit went through and its answer was lost with the connection.
      if (codeOf(error) === '23505') return;
      if (error instanceof Error && error.name === 'EventNotAllowed') throw error;
      await pause(100);
    }
  }
}

function codeOf(error: unknown): unknown {
  const cause = error instanceof Error && 'driverError' in error ? error.driverError : error;
  return cause instanceof Error && 'code' in cause ? cause.code : undefined;
}
