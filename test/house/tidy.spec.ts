import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const root = new URL('../../', import.meta.url);
const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter(Boolean);

interface Law {
  law: string;
  where: RegExp;
  except?: RegExp;
  banned: RegExp;
  instead: string;
  /** A line that breaks the law: the law is tried on it, so that it is known to bite. */
  broken: string;
}

const code = /\.(ts|mjs)$/;

/** Every service there is, and the gateway; a new one is under the law from its first day. */
const services = (JSON.parse(read('infra/dev/services.json')) as string[]).join('|');

const laws: Law[] = [
  {
    law: 'money is never rounded or parsed as a float',
    where: /^(services|libs|gateway)\/.*\.ts$/,
    banned: /\bMath\.round\(|\bparseFloat\(|\.toFixed\(/,
    instead: 'libs/money or libs/payment-rule',
    broken: 'const fen = Math.round(yuan * 100);',
  },
  {
    law: 'rules read the database clock, never the machine’s',
    where: /^services\/[^/]+\/src\/.*\.ts$/,
    banned: /new Date\(\)|Date\.now\(\)/,
    instead: 'now(tx) of @mulin/database',
    broken: 'const now = new Date();',
  },
  {
    law: 'a service never imports another service',
    where: /^(services|libs)\/.*\.ts$/,
    except: /\/test\//,
    banned: new RegExp(`from '@mulin/(${services})'`),
    instead: 'an event, the supergraph, or an id',
    broken: "import { Tender } from '@mulin/tenders';",
  },
  {
    law: 'only libs/messaging knows Kafka',
    where: /^(services|gateway|libs\/(?!messaging|testing))\S*\.ts$/,
    except: /\/test\//,
    banned: /from 'kafkajs'/,
    instead: 'EventBus of @mulin/messaging',
    broken: "import { Kafka } from 'kafkajs';",
  },
  {
    law: 'row locks leave foreign keys alone',
    where: /^(services|libs)\/.*\.ts$/,
    except: /\/test\//,
    banned: /pessimistic_write|for update(?! skip locked)/i,
    instead: 'for no key update (FOR UPDATE deadlocks with foreign keys)',
    broken: "lock: { mode: 'pessimistic_write' }",
  },
  {
    law: 'no test is left out',
    where: /\.spec\.(ts|mjs)$/,
    banned: /\b(describe|it|test)\.(only|skip|todo)\(|\bx(it|describe)\(/,
    instead: 'run it, mend it or delete it',
    broken: "it.skip('pays', () => undefined);",
  },
  {
    law: 'tests wait for what happens, not for time to pass',
    where: /\.spec\.ts$/,
    banned: /await (new Promise\(\(?\w*\)? => setTimeout|setTimeout\(|sleep\()/,
    instead: 'eventually() of @mulin/testing',
    broken: 'await new Promise((done) => setTimeout(done, 500));',
  },
  {
    law: 'sealing is ready for the browser: no Node API but in its command',
    where: /^libs\/seal\/src\/.*\.ts$/,
    except: /\/cli\.ts$|\.spec\.ts$/,
    banned: /from 'node:|import\('node:|\bBuffer\.|\bprocess\.|\brequire\(/,
    instead: 'WebCrypto and bytes.ts of libs/seal',
    broken: "import { createHash } from 'node:crypto';",
  },
  {
    law: 'a sentence tells the time of the street, not of UTC',
    where: /^(services|libs|gateway)\/.*\/src\/.*\.ts$/,
    banned: /\b(zh|en): `[^`]*toISOString\(\)/,
    instead: 'localTime() of @mulin/clock',
    broken: 'zh: `投标已于 ${deadline.toISOString()} 截止。`,',
  },
  {
    law: 'nothing stays behind a console',
    where: /^(services|libs|gateway)\/.*\/src\/.*\.ts$/,
    except: /print\.ts$/,
    banned: /console\.(log|info|debug)\(/,
    instead: 'the service’s log (no personal data), or nothing',
    broken: 'console.log(contract);',
  },
];

describe('house law', () => {
  it.each(laws)('$law', ({ where, except, banned, instead, broken }) => {
    expect(broken).toMatch(banned);
    const found = files
      .filter((path) => code.test(path) && where.test(path) && !except?.test(path))
      .filter((path) => path !== 'test/house/tidy.spec.ts')
      .flatMap((path) =>
        read(path)
          .split('\n')
          .flatMap((line, index) =>
            banned.test(line) ? [`${path}:${index + 1} use ${instead}`] : [],
          ),
      );
    expect(found).toEqual([]);
  });

  it('the lockfile names no host', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": *"https?:/);
  });

  it('every dependency is pinned exactly', () => {
    const manifest: { dependencies: object; devDependencies: object } = JSON.parse(
      read('package.json'),
    );
    const loose = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }).filter(
      ([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(String(version)),
    );
    expect(loose).toEqual([]);
  });

  it('the floors of known advisories are kept', () => {
    const installed = (name: string): string =>
      JSON.parse(read(`node_modules/${name}/package.json`)).version;
    const floors: Record<string, string> = {
      '@apollo/gateway': '2.13.2',
      '@apollo/composition': '2.12.1',
      '@apollo/server': '5.5.0',
    };
    for (const [name, floor] of Object.entries(floors)) {
      expect([name, compare(installed(name), floor) >= 0]).toEqual([name, true]);
    }
    expect(compare('2.9.9', '2.13.2')).toBeLessThan(0);
  });
});

function read(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(Number));
  for (let index = 0; index < 3; index += 1) {
    const difference = (left?.[index] ?? 0) - (right?.[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
