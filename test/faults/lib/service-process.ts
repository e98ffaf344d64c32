import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { freePort, LOOPBACK } from '../../../infra/dev/lib/ports.mjs';
import { signalQuietly, spawnServer, tail } from '../../../infra/dev/lib/process.mjs';
import { quietEnvironment } from '../../../infra/dev/lib/runtime.mjs';
import { ROOT } from '../../../infra/dev/lib/state.mjs';
import { entryOf } from './dist.js';
import type { Victim } from './servers.js';
import { pause, until } from './until.js';

const started = new Set<number>();
process.once('exit', () => {
  for (const pid of started) signalQuietly(pid, 'SIGKILL');
});

/** For the end of this process, and for the next run, should this one be killed. */
function remember(pid: number, logFile: string): void {
  started.add(pid);
  writeFileSync(logFile.replace(/log$/, 'pid'), `${pid}\n`);
}

/** One service in a process of its own, as a pod runs it: killed by us, or started again when it ends. */
export class ServiceProcess implements Victim {
  /** How often it ended by itself and was started again, as Kubernetes would. */
  restarts = 0;
  url = '';
  private child: ChildProcess | null = null;
  private ended: Promise<string> = Promise.resolve('never started');
  private port = 0;
  private wanted = false;

  constructor(
    private readonly service: string,
    private readonly env: Record<string, string>,
    private readonly logFile: string,
  ) {}

  /** Starts it and waits until it answers; it need not be able to work yet. */
  async start(): Promise<void> {
    await this.spawn('');
    this.wanted = true;
    void this.startAgainWhenItEnds();
    await this.answers();
  }

  /**
   * Starts it with a mine at that point; `:3` is the third time it passes. It may step on it at once.
   * A start that fails for another reason (a machine so busy that the database does not answer in time)
   * is repeated, as Kubernetes would; afterwards nobody starts it again.
   */
  async startMined(failpoint: string): Promise<void> {
    for (let tries = 1; tries <= 3; tries += 1) {
      await this.spawn(failpoint);
      await this.answers();
      const hasEnded = this.child?.exitCode !== null || this.child.signalCode !== null;
      if (!hasEnded || this.child?.signalCode === 'SIGABRT') return;
    }
  }

  /** Waits for the end of its own accord; answers the signal or the exit code. */
  async end(withinMs = 120_000): Promise<string> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => resolve(`still running after ${withinMs / 1000} s`), withinMs);
    });
    const end = await Promise.race([this.ended, late]);
    clearTimeout(timer);
    return end;
  }

  lastLines(): string {
    return tail(this.logFile);
  }

  async kill(): Promise<void> {
    this.wanted = false;
    if (this.child?.pid) signalQuietly(this.child.pid, 'SIGKILL');
    await this.ended;
  }

  private async spawn(failpoint: string): Promise<void> {
    this.port ||= await freePort();
    this.url = `http://${LOOPBACK}:${this.port}/graphql`;
    const env = {
      ...this.env,
      HOST: LOOPBACK,
      PORT: String(this.port),
      MULIN_FAILPOINT: failpoint,
    };
    const child: ChildProcess = spawnServer(process.execPath, entryOf(this.service), {
      logFile: this.logFile,
      cwd: ROOT,
      env: quietEnvironment({ ...env, NODE_ENV: 'test', NODE_OPTIONS: '' }),
    });
    child.unref();
    this.child = child;
    if (child.pid) remember(child.pid, this.logFile);
    this.ended = once(child, 'exit').then(([code, signal]) => {
      // A pid is reused: what has ended is no longer ours to kill.
      if (child.pid) started.delete(child.pid);
      return String(signal ?? code);
    });
  }

  private async answers(): Promise<void> {
    const child = this.child;
    await until(
      async () => {
        if (child?.exitCode !== null || child.signalCode !== null) return true;
        const live = this.url.replace('/graphql', '/health/live');
        return fetch(live, { signal: AbortSignal.timeout(2_000) }).then(
          (r) => r.ok,
          () => false,
        );
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
