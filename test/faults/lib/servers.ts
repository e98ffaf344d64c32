import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startKafka } from '../../../infra/dev/lib/kafka.mjs';
import { freePort } from '../../../infra/dev/lib/ports.mjs';
import { startPostgres } from '../../../infra/dev/lib/postgres.mjs';
import { isAlive, signalQuietly } from '../../../infra/dev/lib/process.mjs';
import { sharedFolder } from '../../../infra/dev/lib/state.mjs';
import { ownFolder, sweepForgotten } from './sweep.js';
import { until } from './until.js';

interface RunningServer {
  pid?: number;
  stop(mode?: 'fast' | 'immediate'): Promise<unknown>;
}

/** Something that can be killed without warning and started again as it was. */
export interface Victim {
  kill(): Promise<void>;
  start(): Promise<void>;
}

/**
 * A real PostgreSQL (every commit reaches the disk) and a real broker that belong to this run alone, so
 * that they may be killed while others work.
 */
export class Servers {
  readonly postgres: Victim;
  readonly broker: Victim;
  readonly brokers: string;
  private readonly running = new Map<string, RunningServer>();

  private constructor(
    readonly folder: string,
    readonly adminUrl: string,
    start: { postgres: () => Promise<RunningServer>; broker: () => Promise<RunningServer> },
    brokerPort: number,
  ) {
    this.brokers = `127.0.0.1:${brokerPort}`;
    // SIGQUIT is what `pg_ctl stop -m immediate` sends: no checkpoint, recovery at the next start.
    this.postgres = this.victim('postgres', start.postgres, (server) => server.stop('immediate'));
    this.broker = this.victim('broker', start.broker, (server) => {
      const { pid } = server;
      signalQuietly(pid, 'SIGKILL');
      return until(() => !isAlive(pid), { what: 'the broker did not die', everyMs: 10 });
    });
    process.once('exit', this.killNow);
  }

  static async start(): Promise<Servers> {
    mkdirSync(sharedFolder(), { recursive: true });
    await sweepForgotten(sharedFolder());
    const folder = ownFolder(sharedFolder());
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    const port = await freePort();
    const brokerPort = await freePort();
    const password = randomBytes(16).toString('hex');
    const from = {
      dataDir: join(folder, 'postgres'),
      port,
      password,
      logFile: join(folder, 'postgres.log'),
    };
    const servers = new Servers(
      folder,
      `postgres://postgres:${password}@127.0.0.1:${port}/postgres`,
      {
        postgres: () => startPostgres({ ...from, settings: { fsync: 'on' } }),
        broker: () =>
          startKafka({
            folder: join(folder, 'kafka'),
            port: brokerPort,
            logFile: join(folder, 'kafka.log'),
            jars: undefined,
            withinMs: 180_000,
          }),
      },
      brokerPort,
    );
    await Promise.all([servers.postgres.start(), servers.broker.start()]);
    return servers;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.running.values()].map((server) => server.stop('fast')));
    process.off('exit', this.killNow);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private victim(
    name: string,
    start: () => Promise<RunningServer>,
    kill: (server: RunningServer) => Promise<unknown>,
  ): Victim {
    return {
      start: async () => void this.running.set(name, await start()),
      kill: async () => {
        const server = this.running.get(name);
        if (server) await kill(server);
      },
    };
  }

  private readonly killNow = (): void => {
    for (const { pid } of this.running.values()) signalQuietly(pid, 'SIGKILL');
  };
}
