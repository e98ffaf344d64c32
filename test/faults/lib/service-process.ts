import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { freePort, LOOPBACK } from '../../../infra/dev/lib/ports.mjs';
import { signalQuietly, spawnServer, tail } from '../../../infra/dev/lib/process.mjs';
import { quietEnvironment } from '../../../infra/dev/lib/runtime.mjs';
import { ROOT } from '../../../infra/dev/lib/state.mjs';
import { entryOf } from './dist.js';
import type { Victim } from './servers.js';
import { pause, until } from './until.js';

/** One service in a process of its own, as a pod runs it: killed by us, or started again when it ends. */
export class ServiceProcess implements Victim {
  /** How often it ended by itself and was started again, as Kubernetes would. */
  restarts = 0;
  url = '';
  private child: ChildProcess | null = null;
  private ended: Promise<string> = Promise.resolve('never started');
  private port = 0;
  private wanted = false;
  private readonly killNow = (): void => {
    if (this.child) signalQuietly(this.child.pid, 'SIGKILL');
  };

  constructor(
    private readonly service: string,
    private readonly env: Record<string, string>,
    private readonly logFile: string,
  ) {
    process.once('exit', this.killNow);
  }

  /** Starts it and waits until it answers; it need not be able to work yet. */
  async start(): Promise<void> {
    await this.spawn('');
    this.wanted = true;
    void this.startAgainWhenItEnds();
    await this.answers();
  }

  /** Starts it with a mine at that point; `:3` is the third time it passes. Nobody starts it again. */
  async startMined(failpoint: string): Promise<void> {
    await this.spawn(failpoint);
    await this.answers();
  }

  /** Waits for the end of its own accord; answers the signal or the exit code. */
  async end(withinMs = 120_000): Promise<string> {
    const late = pause(withinMs).then(() => `still running after ${withinMs / 1000} s`);
    return Promise.race([this.ended, late]);
  }

  async kill(): Promise<void> {
    this.wanted = false;
    this.killNow();
    await this.ended;
  }

  private async spawn(failpoint: string): Promise<void> {
    this.port ||= await freePort();
    this.url = `http://${LOOPBACK}:${this.port}/graphql`;
    const env = { ...this.env, HOST: LOOPBACK, PORT: String(this.port), MULIN_FAILPOINT: failpoint };
    const child: ChildProcess = spawnServer(process.execPath, entryOf(this.service), {
      logFile: this.logFile,
      cwd: ROOT,
      env: quietEnvironment({ ...env, NODE_ENV: 'test', NODE_OPTIONS: '' }),
    });
    child.unref();
    this.child = child;
    this.ended = once(child, 'exit').then(([code, signal]) => String(signal ?? code));
  }

  private async answers(): Promise<void> {
    const child = this.child;
    await until(
      async () => {
        if (child?.exitCode !== null || child.signalCode !== null) return true;
        const live = this.url.replace('/graphql', '/health/live');
        return fetch(live, { signal: AbortSignal.timeout(2_000) }).then((r) => r.ok, () => false);
      },
      { what: `${this.service} did not start:\n${tail(this.logFile)}` },
    );
  }

  private async startAgainWhenItEnds(): Promise<void> {
    while (this.wanted) {
      const child = this.child;
      await this.ended;
      if (!this.wanted || child !== this.child) return;
      this.restarts += 1;
      await pause(500);
      await this.spawn('');
    }
  }
}
