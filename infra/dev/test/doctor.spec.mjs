import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../lib/process.mjs';
import { ROOT, writeJson } from '../lib/state.mjs';

describe('npm run doctor', () => {
  let home;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'mulin-doctor-'));
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const doctor = (env = {}, ...args) =>
    run(process.execPath, [join(ROOT, 'infra/dev/doctor.mjs'), '--state', home, ...args], {
      env: { ...process.env, NODE_ENV: 'development', DATABASE_URL: '', KAFKA_BROKERS: '', ...env },
    });
  const line = ({ output }, title) =>
    output.split('\n').find((each) => each.includes(` ${title} `));

  it('looks at each thing that a start needs, a line for each', async () => {
    const report = await doctor();
    for (const title of ['Node.js', 'JDK', 'Maven', 'Packages', 'PostgreSQL', 'Ports', 'State'])
      expect(line(report, title)).toMatch(/^ {2}[✓✗] /);
    expect(line(report, 'PostgreSQL')).toMatch(/✓.*postgres \(PostgreSQL\) \d+/);
    expect(line(report, 'State')).toContain('nothing yet');
    expect(line(report, 'Left behind')).toContain('no server without its supervisor');
    expect(report.code).toBe(report.output.includes('ready for npm start') ? 0 : 1);
  });

  it('says what to do about settings that cannot go together, and ends with 1', async () => {
    const report = await doctor({ NODE_ENV: 'production' });
    expect(report.code).toBe(1);
    expect(line(report, 'Settings')).toMatch(/✗.*unset it, or set DATABASE_URL and KAFKA_BROKERS/);
    expect(report.output).toMatch(/\d+ things? to mend/);
  });

  it('finds a server that a killed supervisor left behind', async () => {
    // This very process plays the server: it lives, and its command line bears the mark.
    writeJson(join(home, 'pids.json'), [{ pid: process.pid, mark: 'jest' }]);
    expect(line(await doctor(), 'Left behind')).toMatch(/✗.*1 server\(s\) run without/);
  });

  it('answers an option that it does not know with its usage', async () => {
    const { code, output } = await doctor({}, '--heal');
    expect([code, output]).toEqual([1, expect.stringContaining('npm run doctor -- [--state DIR]')]);
  });
});
