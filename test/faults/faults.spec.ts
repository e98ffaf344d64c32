import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { FAILPOINTS } from '@mulin/database';
import { chaos, VICTIMS } from './lib/chaos.js';
import { disorder } from './lib/disorder.js';
import { inParallel } from './lib/in-parallel.js';
import { dieAt } from './lib/points.js';
import { Random } from './lib/random.js';
import { Servers } from './lib/servers.js';
import { tamper, TAMPERINGS } from './lib/tampering.js';

// Long, because the machine may be busy; what is stuck is told much sooner (lib/until.ts).
jest.setTimeout(600_000);

const SEED = Number(process.env.MULIN_FAULTS_SEED ?? 20_261_123);

describe(`whole services die, and every fen is where it belongs (seed ${SEED})`, () => {
  let servers: Servers;
  beforeAll(async () => {
    servers = await Servers.start();
  });
  afterAll(async () => {
    await servers.stop();
  });

  it('killing the payments service at any of its ten points pays every instalment exactly once', async () => {
    const seeds = FAILPOINTS.map((failpoint, index) => ({ failpoint, seed: SEED + index }));
    const reports = await inParallel(seeds, FAILPOINTS.length, ({ failpoint, seed }) =>
      dieAt(servers, { failpoint, evaluations: 20, random: new Random(seed) }),
    );
    for (const report of reports) {
      const { failpoint } = report;
      expect(report).toMatchObject({
        failpoint,
        end: 'SIGABRT',
        said: '',
        paidTwice: 0,
        lost: 0,
        funds: 1,
      });
      expect({ failpoint, violations: report.violations }).toEqual({ failpoint, violations: [] });
    }
    expect(reports.map(({ failpoint }) => failpoint)).toEqual(FAILPOINTS);
  });

  it('events that come five times, in any order and among broken ones, pay once; mended ones pay on replay', async () => {
    const report = await disorder(servers, { evaluations: 200, random: new Random(SEED) });
    expect(report.before).toMatchObject({ paidTwice: 0, lost: 0, violations: [] });
    expect(report).toMatchObject({ lag: 0, deadLetters: report.poison + report.defective });
    expect(report.defective).toBeGreaterThan(0);
    expect(report.after).toMatchObject({ paidTwice: 0, lost: 0, violations: [] });
  });

  it('a doubled transfer, a missing decision or a misplaced fen would be seen', async () => {
    const { untouched, seen } = await tamper(servers, new Random(SEED));
    expect(untouched).toMatchObject({ paidTwice: 0, lost: 0, violations: [] });
    for (const [tampering, { violations }] of seen)
      expect({ tampering, seen: violations.length > 0 }).toEqual({ tampering, seen: true });
    expect(seen.get('a decision disappears')).toMatchObject({ lost: 1, paidTwice: 0 });
    expect(seen.get('a transfer is made twice')).toMatchObject({ lost: 0, paidTwice: 1 });
    expect(seen.get('an instalment is decided twice')).toMatchObject({ lost: 0, paidTwice: 1 });
    expect(seen.size).toBe(Object.keys(TAMPERINGS).length);
  });

  // Last: it kills the servers that the other cases stand on.
  it('killing payments, evaluations, the broker and PostgreSQL while evaluations come in loses nothing and pays nothing twice', async () => {
    const report = await chaos(servers, {
      name: 'killall',
      victims: VICTIMS,
      evaluations: 300,
      kills: VICTIMS.length,
      perSecond: 50,
      random: new Random(SEED),
    });
    expect(report).toMatchObject({
      decidedOnce: report.due,
      paidTwice: 0,
      lost: 0,
      violations: [],
    });
    expect([...report.worstMs.keys()].sort()).toEqual([...VICTIMS].sort());
  });
});
