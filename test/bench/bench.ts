import 'reflect-metadata';
import { parseArgs } from 'node:util';
import { eventually } from '@mulin/testing';
import { type Effect, effectOf } from './effect.js';
import {
  prepare,
  type Round,
  type Servers,
  startNaive,
  startPayments,
  startServers,
} from './world.js';

/**
 * `npm run bench`: how fast evaluations become posted payments through the real broker, side by side with
 * the consumer everyone writes first. Both begin with some evaluations that are not counted, for a service
 * is started once and then runs for weeks; both must leave the same rows. Machines differ and are noisy, so
 * the ratios are what counts.
 */
const { values } = parseArgs({
  options: {
    evaluations: { type: 'string', default: '10000' },
    'warm-up': { type: 'string', default: '2000' },
    rounds: { type: 'string', default: '3' },
    'per-second': { type: 'string', default: '100' },
    seconds: { type: 'string', default: '20' },
    settle: { type: 'string', default: '60' },
  },
});
const count = Number(values.evaluations);
const warmUp = Number(values['warm-up']);

const servers = await startServers();
try {
  const link: Record<Kind, number[]> = { ours: [], naive: [] };
  const step: Record<Kind, number[]> = { ours: [], naive: [] };
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const effects: Effect[] = [];
    for (const kind of ['ours', 'naive'] as const) {
      const linked = await measure(servers, kind, wholeLink);
      const stepped = await measure(servers, kind, consumerStep);
      link[kind].push(linked.rate);
      step[kind].push(stepped.rate);
      effects.push(linked.effect, stepped.effect);
      console.log(
        `round ${round + 1} ${kind}: link ${link[kind].at(-1)?.toFixed(0)}/s, step ${step[kind].at(-1)?.toFixed(0)}/s`,
      );
    }
    sameOrThrow(effects);
  }
  report('the whole link (outbox → relay → Kafka → consumer → ledger)', link);
  report('the consumer step alone', step);
  await latency(servers);
} finally {
  await servers.stop();
}
process.exit(0);

type Kind = 'ours' | 'naive';
type Start = () => Promise<{ joined: Promise<unknown>; stop: () => Promise<void> }>;

async function measure(
  servers: Servers,
  kind: Kind,
  how: (round: Round, start: Start) => Promise<number>,
): Promise<{ rate: number; effect: Effect }> {
  const round = await prepare(servers, kind, warmUp + count);
  const start = async () => (kind === 'ours' ? startPayments(round) : startNaive(round));
  try {
    const rate = await how(round, start);
    return { rate, effect: await effectOf(round.admin) };
  } finally {
    await round.close();
  }
}

/** From the commit that writes all facts to the commit that posts the last payment. */
async function wholeLink(round: Round, start: Start): Promise<number> {
  const relay = round.relay();
  relay.start();
  const consumer = await start();
  await consumer.joined;
  await round.publish(round.events.slice(0, warmUp));
  await allDecided(round, warmUp);
  await round.publish(round.events.slice(warmUp));
  const from = await databaseTime(round);
  await allDecided(round, warmUp + count);
  const { last } = await decisionTimes(round);
  await consumer.stop();
  await relay.stop();
  return count / (last - from);
}

/** Everything is in the topic; from the commit that ends the warm-up to the last. */
async function consumerStep(round: Round, start: Start): Promise<number> {
  const relay = round.relay();
  await round.publish(round.events);
  relay.start();
  await eventually(
    async () => {
      const { rows } = await round.evaluationsAdmin.query(
        'select from mulin.outbox where published_at is null limit 1',
      );
      if (rows.length > 0) throw new Error('not all is published');
    },
    { withinMs: 120_000, everyMs: 100 },
  );
  await relay.stop();
  const consumer = await start();
  await allDecided(round, warmUp + count);
  const { warm, beforeWarm, last } = await decisionTimes(round);
  await consumer.stop();
  return (warmUp + count - beforeWarm) / (last - warm);
}

/**
 * At a steady rate, after as many seconds of it as compilers take to finish with what runs for weeks afterwards: from the
 * commit of a final evaluation to the commit of its posted payment.
 */
async function latency(servers: Servers): Promise<void> {
  const perSecond = Number(values['per-second']);
  const settled = perSecond * Number(values.settle);
  const count = settled + perSecond * Number(values.seconds);
  const round = await prepare(servers, 'ours', count);
  const relay = round.relay();
  relay.start();
  const consumer = await startPayments(round);
  await consumer.joined;
  await steadily(perSecond, round.events, (event) => round.publishOne(event));
  await allDecided(round, round.events.length);
  const measured = new Set(round.events.slice(settled).map(({ subject }) => subject));
  const told = await round.evaluationsAdmin.query<{ id: string; at: number }>(
    'select aggregateid as id, extract(epoch from created_at)::float8 as at from mulin.outbox',
  );
  const posted = await round.admin.query<{ id: string; at: number }>(
    `select cause_id as id, extract(epoch from pg_xact_commit_timestamp(xmin))::float8 as at
     from decision where kind = 'evaluation'`,
  );
  const postedAt = new Map(posted.rows.map(({ id, at }) => [id, at]));
  const milliseconds = told.rows
    .filter(({ id }) => measured.has(id))
    .map(({ id, at }) => ((postedAt.get(id) ?? Infinity) - at) * 1000)
    .sort((a, b) => a - b);
  const percentile = (share: number) =>
    milliseconds[
      Math.min(milliseconds.length - 1, Math.floor(milliseconds.length * share))
    ]?.toFixed(1);
  console.log(
    `from finalise to posted at ${perSecond}/s (${milliseconds.length} evaluations): ` +
      `p50 ${percentile(0.5)} ms, p99 ${percentile(0.99)} ms, max ${percentile(1)} ms`,
  );
  await consumer.stop();
  await relay.stop();
  await round.close();
}

/** Starts one piece of work every 1/n second, whether or not the one before has ended. */
async function steadily<T>(
  perSecond: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
) {
  const from = performance.now();
  const running: Promise<void>[] = [];
  for (const [index, item] of items.entries()) {
    const wait = from + (index * 1000) / perSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    running.push(work(item));
  }
  await Promise.all(running);
}

async function allDecided(round: Round, wanted: number): Promise<void> {
  await eventually(
    async () => {
      const decided = await round.decided();
      if (decided < wanted) throw new Error(`${decided} of ${wanted} decided`);
    },
    { withinMs: 600_000, everyMs: 100 },
  );
}

/** Commit times of the decisions, in seconds: of the one that ends the warm-up (and how many it and those before it brought), and of the last. */
async function decisionTimes(round: Round) {
  const { rows } = await round.admin.query<{ warm: number; beforeWarm: number; last: number }>(
    `with decided as (
       select extract(epoch from pg_xact_commit_timestamp(xmin))::float8 as at
       from decision where kind = 'evaluation'
     ), commits as (
       select at, sum(count(*)) over (order by at)::int as sofar from decided group by at
     )
     select min(at) filter (where sofar >= $1) as warm,
       min(sofar) filter (where sofar >= $1) as "beforeWarm", max(at) as last
     from commits`,
    [Math.max(warmUp, 1)],
  );
  const [row] = rows;
  if (!row) throw new Error('nothing was decided');
  return row;
}

async function databaseTime(round: Round): Promise<number> {
  const { rows } = await round.admin.query<{ at: number }>(
    'select extract(epoch from clock_timestamp())::float8 as at',
  );
  return rows[0]?.at ?? 0;
}

/** A faster consumer that does less is no faster consumer. */
function sameOrThrow(effects: readonly Effect[]): void {
  const [first, ...others] = effects.map((effect) => JSON.stringify(effect));
  const different = others.find((each) => each !== first);
  if (different) throw new Error(`the two sides did not do the same:\n${first}\n${different}`);
}

function report(what: string, rates: Record<Kind, number[]>): void {
  if (rates.ours.length === 0) return;
  const ratios = rates.ours.map((rate, index) => rate / (rates.naive[index] ?? Infinity));
  console.log(
    `${what}: ${range(rates.ours)}/s against ${range(rates.naive)}/s, ratio ${median(ratios).toFixed(1)} ` +
      `(${ratios.map((ratio) => ratio.toFixed(1)).join(', ')})`,
  );
}

function range(numbers: number[]): string {
  return `${Math.floor(median(numbers))} (${Math.floor(Math.min(...numbers))}–${Math.floor(Math.max(...numbers))})`;
}

function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
