/**
 * The all-in-one process: every service and the gateway in one Node process. The supervisor
 * (start.mjs) tells it what to do over IPC: prepare the databases, boot, and end in order when the
 * supervisor ends or dies.
 */
import {
  loadPublishedYears,
  provisionDatabase,
  migrate,
  type DatabaseUrls,
  type Migration,
} from '@mulin/database';
import { configFromEnv, type ServiceConfig } from '@mulin/graphql';

type Environment = Record<string, string>;
interface Part {
  name: string;
  env: Environment;
}
interface Running {
  url: string;
  close(): Promise<void>;
}
/** What the package of a service, or of the gateway, exports. */
interface Package {
  boot(config: ServiceConfig): Promise<Running>;
  configFromEnv?(env: Environment): ServiceConfig;
  migrations?: readonly Migration[];
}
type Order =
  | { do: 'load'; names: string[] }
  | { do: 'prepare'; adminUrl: string; password: string; names: string[]; development: boolean }
  | { do: 'topics'; brokers: string[]; partitions: number; topicPrefix: string }
  | { do: 'boot'; parts: Part[] };

const GATEWAY = 'gateway';
const running: Running[] = [];
const load = (name: string): Promise<Package> => import(`@mulin/${name}`) as Promise<Package>;

const orders: { [K in Order['do']]: (order: Extract<Order, { do: K }>) => Promise<unknown> } = {
  /** Reading and compiling takes seconds: done while the servers start. */
  async load({ names }) {
    for (const name of names) await load(name);
  },

  /** Makes and migrates every service's database; answers their connection strings. */
  async prepare({ adminUrl, password, names, development }) {
    const urls: Record<string, DatabaseUrls> = {};
    const prepareOne = async (service: string): Promise<number> => {
      const { migrations = [] } = await load(service);
      // On a server that others use too, MULIN_DATABASE_PREFIX keeps the databases of two runs apart.
      const database = `${process.env.MULIN_DATABASE_PREFIX ?? 'mulin_'}${service}`;
      urls[service] = await provisionDatabase({
        adminUrl,
        service,
        database,
        password,
        development,
      });
      const applied = await migrate({ url: urls[service].migrate, service, migrations });
      // Only what is missing: an operator's correction of a year stays.
      await loadPublishedYears(urls[service]);
      return applied.length;
    };
    // Each has a database of its own: none waits for another.
    const counts = await Promise.all(names.map(prepareOne));
    return { urls, applied: counts.reduce((sum, count) => sum + count, 0) };
  },

  /** Every topic exists before the first service looks for it. */
  async topics({ brokers, partitions, topicPrefix }) {
    const { ensureTopics } = await import('@mulin/messaging');
    await ensureTopics(brokers, { partitions, topicPrefix });
  },

  /** Starts the services side by side, as most of it is waiting for the broker; then the gateway. */
  async boot({ parts }) {
    const urls: Record<string, string> = {};
    const bootOne = async ({ name, env }: Part): Promise<void> => {
      const part = await load(name);
      const config = part.configFromEnv?.(env) ?? configFromEnv(name, env);
      const started = await part.boot(config);
      running.push(started);
      urls[name] = started.url;
    };
    await Promise.all(parts.filter(({ name }) => name !== GATEWAY).map(bootOne));
    for (const gateway of parts.filter(({ name }) => name === GATEWAY)) await bootOne(gateway);
    return urls;
  },
};

async function close(): Promise<void> {
  // The gateway first: nobody new comes in while the services finish what they hold.
  for (const part of running.splice(0).reverse()) await part.close();
}

let closing = false;
function end(): void {
  if (closing) return;
  closing = true;
  close().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}

process.on('SIGTERM', end);
// The supervisor was killed: without it nothing may stay behind.
process.on('disconnect', end);
// Ctrl-C in the terminal is the supervisor's to answer.
process.on('SIGINT', () => undefined);

process.on('message', (order: Order) => {
  // One table of orders; the compiler cannot follow a key and its own argument through a lookup.
  const work = orders[order.do] as (order: Order) => Promise<unknown>;
  work(order).then(
    (result) => process.send?.({ do: order.do, result }),
    (error: unknown) => {
      console.error(error);
      process.send?.({
        do: order.do,
        error: error instanceof Error ? error.message : String(error),
      });
    },
  );
});
