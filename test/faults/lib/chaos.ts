import { type Fact, inventFacts } from './facts.js';
import { Feeder } from './feeder.js';
import type { Findings } from './invariants.js';
import { budget } from './money.js';
import type { Random } from './random.js';
import type { Servers, Victim } from './servers.js';
import { settled } from './settled.js';
import { untold } from './told.js';
import { pause, until } from './until.js';
import { World } from './world.js';

export const VICTIMS = ['payments', 'evaluations', 'broker', 'postgres'] as const;
export type VictimName = (typeof VICTIMS)[number];

export interface ChaosOptions {
  name: string;
  victims: readonly [VictimName, ...VictimName[]];
  evaluations: number;
  kills: number;
  perSecond: number;
  random: Random;
  say?: (line: string) => void;
}

export interface ChaosReport extends Findings {
  evaluations: number;
  /** Payments that must come of them: evaluations, and the advances of their contracts. */
  due: number;
  kills: number;
  /** By victim: from the kill until an evaluation written after it was decided; the longest, in ms. */
  worstMs: Map<VictimName, number>;
  /** How often a service ended by itself. */
  restarts: number;
}

/**
 * Feeds evaluations at a steady rate, kills at moments that chance picks, starts again what was killed,
 * and finds out whether every instalment was paid exactly once.
 */
export async function chaos(servers: Servers, options: ChaosOptions): Promise<ChaosReport> {
  const services = ['payments', 'evaluations', 'contracts'] as const;
  const world = await World.make(servers, { name: options.name, services });
  try {
    const facts = inventFacts(options.random, options.evaluations, await budget(world));
    const payments = world.process('payments');
    const evaluations = world.process('evaluations');
    await Promise.all([payments.start(), evaluations.start()]);
    const victims = { payments, evaluations, broker: servers.broker, postgres: servers.postgres };
    const feeder = await Feeder.start(world, facts, options.perSecond);
    try {
      const worstMs = await killing({ world, facts, feeder, victims, options });
      await feeder.until(facts.length);
      const causes = facts.flatMap((fact) => fact.causes);
      const findings = await settled(world, { causes, services });
      findings.violations.push(...(await untold(world)));
      const restarts = payments.restarts + evaluations.restarts;
      const { evaluations: count, kills } = options;
      return { ...findings, due: causes.length, evaluations: count, kills, worstMs, restarts };
    } finally {
      await feeder.stop();
    }
  } finally {
    await world.close();
  }
}

interface Scene {
  world: World;
  facts: readonly Fact[];
  feeder: Feeder;
  victims: Record<VictimName, Victim>;
  options: ChaosOptions;
}

/** One stretch of evaluations per kill, every victim as often as any other; most kills wait until the last one is got over, some do not. */
async function killing({ world, facts, feeder, victims, options }: Scene) {
  const { random, kills, perSecond, say = () => undefined } = options;
  const worst = new Map<VictimName, number>();
  const recoveries: Promise<void>[] = [];
  const stretch = Math.floor(facts.length / (kills + 1));
  await feeder.until(Math.min(stretch, 10));
  let deck: VictimName[] = [];
  for (let kill = 1; kill <= kills; kill += 1) {
    if (deck.length === 0) deck = random.shuffled(options.victims);
    const name = deck.pop() ?? options.victims[0];
    const afterMs = random.whole(0, Math.floor((stretch / perSecond) * 700));
    const downMs = random.whole(0, 500);
    const feeding = feeder.until(kill * stretch);
    await pause(afterMs);

    const killedAt = Date.now();
    await victims[name].kill();
    const marker = facts[Math.min(feeder.written + 1, facts.length - 1)];
    await pause(downMs);
    await victims[name].start();

    const recovery = decided(world, marker).then(() => {
      const tookMs = Date.now() - killedAt;
      worst.set(name, Math.max(tookMs, worst.get(name) ?? 0));
      say(
        `  ${kill}/${kills} ${name} killed after ${afterMs} ms, down ${downMs} ms: paying again after ${tookMs} ms`,
      );
    });
    recoveries.push(recovery);
    recovery.catch(() => undefined);
    await feeding;
    await feeder.until(Math.min(facts.length, kill * stretch + 2));
    if (random.fraction() < 0.75) await recovery;
  }
  await feeder.until(facts.length);
  await Promise.all(recoveries);
  return worst;
}

/** Until that evaluation has its decision, whatever stands in the way meanwhile. */
function decided(world: World, fact: Fact | undefined): Promise<void> {
  const causeId = fact?.finalised.subject;
  return until(
    () =>
      world
        .ask('payments', `select 1 from decision where kind = 'evaluation' and cause_id = $1`, [
          causeId,
        ])
        .then(
          (rows) => rows.length > 0,
          () => false,
        ),
    { what: `evaluation ${causeId} was not decided after a kill`, withinMs: 300_000 },
  );
}
