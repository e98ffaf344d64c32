/**
 * Keeps servers up: what dies is started again, sooner the first time and later each time after, and
 * every pid is written down, so that the next start can end what a killed supervisor left behind.
 */
import { join } from 'node:path';
import { isOurs, sleep, stopProcess } from './process.mjs';
import { readJson, writeJson } from './state.mjs';

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const WELL_AFTER_MS = 60_000;

export class Keeper {
  #kept = new Map();
  #stopping = false;

  constructor({ home, say, onChange = () => {} }) {
    this.pidsFile = join(home, 'pids.json');
    this.say = say;
    this.onChange = onChange;
  }

  /** The processes now running, by name: `{ postgres: 4711 }`. */
  get pids() {
    return Object.fromEntries([...this.#kept].map(([name, { server }]) => [name, server.pid]));
  }

  /** Starts a server and answers it; `start` must answer `{ pid, child, stop() }` and is called again after a death. */
  async keep(name, { start, mark, rank = 0 }) {
    const entry = { start, mark, rank, server: await start(), pause: FIRST_PAUSE_MS };
    this.#kept.set(name, entry);
    this.#watch(name, entry);
    return entry.server;
  }

  /** Ends everything, the highest rank first; what shares a rank ends side by side. */
  async stop() {
    this.#stopping = true;
    const ranks = [...new Set([...this.#kept.values()].map(({ rank }) => rank))];
    for (const now of ranks.sort((a, b) => b - a)) {
      const leaving = [...this.#kept].filter(([, { rank }]) => rank === now);
      await Promise.all(leaving.map(([, { server }]) => server.stop()));
      for (const [name] of leaving) this.#kept.delete(name);
      this.#writeDown();
    }
  }

  /** For a second Ctrl-C: nothing is waited for; the databases recover at the next start. */
  killAll() {
    this.#stopping = true;
    for (const { server } of this.#kept.values()) server.child.kill('SIGKILL');
  }

  #watch(name, entry) {
    this.#writeDown();
    const since = Date.now();
    const { child } = entry.server;
    const ended = (code, signal) => {
      if (this.#stopping) return;
      if (Date.now() - since > WELL_AFTER_MS) entry.pause = FIRST_PAUSE_MS;
      void this.#startAgain(name, entry, signal ?? `code ${code}`);
    };
    // It may have died in the moment between its start and this line.
    if (child.exitCode !== null || child.signalCode !== null)
      ended(child.exitCode, child.signalCode);
    else child.once('exit', ended);
  }

  async #startAgain(name, entry, cause) {
    for (let reason = `ended (${cause})`; ;) {
      this.say(`  ! ${name} ${reason}; starting it again in ${entry.pause / 1000} s.`);
      await sleep(entry.pause);
      entry.pause = Math.min(entry.pause * 2, LONGEST_PAUSE_MS);
      if (this.#stopping) return;
      try {
        entry.server = await entry.start();
        if (this.#stopping) return void (await entry.server.stop());
        this.#watch(name, entry);
        this.say(`  ! ${name} is up again.`);
        return;
      } catch (error) {
        reason = `did not start (${String(error.message).split('\n')[0]})`;
      }
    }
  }

  #writeDown() {
    writeJson(
      this.pidsFile,
      [...this.#kept.values()].map(({ server, mark }) => ({ pid: server.pid, mark })),
    );
    if (!this.#stopping) this.onChange(this.pids);
  }
}

/** Ends processes that an earlier, killed supervisor of this state folder left behind; answers how many. */
export async function sweepOrphans(home) {
  const known = readJson(join(home, 'pids.json')) ?? [];
  const orphans = known.filter(({ pid, mark }) => isOurs(pid, mark));
  // In the reverse order of their start, so that services leave before their database does.
  for (const { pid } of orphans.reverse()) await stopProcess(pid, { withinMs: 10_000 });
  return orphans.length;
}
