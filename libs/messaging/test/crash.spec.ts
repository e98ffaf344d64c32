import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { FAILPOINTS } from '@mulin/database';
import { eventually, testBrokers } from '@mulin/testing';
import { type Bench, bench, count } from './harness.js';

const FACTS = 30;
const STARTS_WITHIN_MS = 60_000;

jest.setTimeout(180_000);

describe('whatever dies, every fact has its effect exactly once', () => {
  let here: Bench;
  const children: Child[] = [];

  afterEach(async () => {
    for (const child of children.splice(0)) await child.kill();
    await here.close();
  });

  async function start(settings: { facts: number; failpoint?: string; breakClient?: boolean }) {
    const child = new Child(here, settings);
    children.push(child);
    return child;
  }

  async function settled(facts: number): Promise<void> {
    await eventually(
      async () => {
        expect(await count(here.database, 'fact')).toBe(facts);
        expect(await count(here.database, 'effect')).toBe(2 * facts);
        expect(await count(here.database, 'mulin.outbox where published_at is null')).toBe(0);
      },
      { withinMs: STARTS_WITHIN_MS, everyMs: 100 },
    );
    expect(await count(here.database, '(select distinct event_id from effect) as e')).toBe(
      2 * facts,
    );
    expect(
      await count(
        here.database,
        'mulin.outbox o where not exists (select from mulin.inbox i where i.event_id = o.id)',
      ),
    ).toBe(0);
    expect(await count(here.database, 'mulin.dead_letter')).toBe(0);
    expect(await count(here.database, 'mulin.parked')).toBe(0);
  }

  const setUp = async () => {
    here = await bench();
    await here.database.query('create table public.fact (contract_id text primary key)');
    await here.database.query('grant insert on public.fact to bench_app');
  };

  it('killed at each of its ten points, one after the other', async () => {
    await setUp();
    for (const failpoint of FAILPOINTS) {
      // The second pass: the first fact is through, or on its way.
      const dying = await start({ facts: 5, failpoint: `${failpoint}:2` });
      await dying.endsWith('SIGABRT');
      const twice = '(select 1 from effect group by event_id having count(*) > 1) as e';
      expect({ failpoint, twice: await count(here.database, twice) }).toEqual({
        failpoint,
        twice: 0,
      });
    }
    const written = await count(here.database, 'fact');
    await start({ facts: 10 });
    await settled(written + 10);
  }, 240_000);

  it('stopped in order, it has nothing left to do twice', async () => {
    await setUp();
    const child = await start({ facts: FACTS });
    await child.says('written');
    child.process.kill('SIGTERM');
    await child.endsWith(0);
    await start({ facts: 0 });
    await settled(FACTS);
  });

  it('a consumer whose client is dead for good is not ready, and ends its process', async () => {
    await setUp();
    const child = await start({ facts: 1, breakClient: true });
    await child.endsWith(1);
    expect(child.output).toContain('events: consumer dead');
    await start({ facts: 0 });
    await settled(1);
  });
});

/** A service in a process of its own, that may die. */
class Child {
  readonly process: ChildProcess;
  output = '';
  private readonly ended: Promise<number | string | null>;

  constructor(here: Bench, settings: { facts: number; failpoint?: string; breakClient?: boolean }) {
    const { failpoint, ...rest } = settings;
    const { urls } = here.database;
    const all = { ...rest, urls, brokers: testBrokers(), topicPrefix: here.topicPrefix };
    const root = join(import.meta.dirname, '../../..');
    this.process = spawn(
      process.execPath,
      [
        '--conditions=@mulin/source',
        '--import',
        join(root, 'infra/dev/lib/source-register.mjs'),
        join(import.meta.dirname, 'crash-child.ts'),
        JSON.stringify(all),
      ],
      {
        cwd: root,
        env: { ...process.env, NODE_OPTIONS: '', MULIN_FAILPOINT: failpoint ?? '' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    const collect = (bytes: Buffer) => (this.output += bytes.toString('utf8'));
    this.process.stdout?.on('data', collect);
    this.process.stderr?.on('data', collect);
    this.ended = new Promise((resolve) =>
      this.process.once('exit', (code, signal) => resolve(signal ?? code)),
    );
  }

  /** Waits for its end; anything else than expected is a failure that shows what it said. */
  async endsWith(expected: number | 'SIGABRT'): Promise<void> {
    const late = new Promise<never>((_, reject) => {
      setTimeout(
        () => reject(new Error(`the process did not end:\n${this.output}`)),
        STARTS_WITHIN_MS,
      ).unref();
    });
    const end = await Promise.race([this.ended, late]);
    if (end !== expected)
      throw new Error(`ended with ${String(end)}, not ${expected}:\n${this.output}`);
  }

  says(text: string): Promise<boolean> {
    return eventually(() => this.output.includes(text), { withinMs: STARTS_WITHIN_MS });
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}
