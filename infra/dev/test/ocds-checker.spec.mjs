import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { checkerState, checkerTool } from '../lib/ocds-checker.mjs';
import { ROOT } from '../lib/state.mjs';
import { PHASES } from '../lib/test-steps.mjs';

describe('the reference checker of the open contracting standard', () => {
  let folder;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mulin-checker-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const here = new URL(import.meta.url).pathname;
  const required = readFileSync(join(ROOT, 'test/journeys/ocds-requirements.txt'), 'utf8');
  const installed = (stamp) => {
    mkdirSync(join(folder, 'bin'));
    writeFileSync(join(folder, 'bin/libcoveocds'), '');
    if (stamp !== null) writeFileSync(join(folder, 'installed.txt'), stamp);
  };

  it('is not wanted where the schema is not at hand', () => {
    expect(checkerState({ zip: join(folder, 'none.zip'), folder })).toBe('absent');
  });

  it('is there only when its installation came to the end, and is the one that is required', () => {
    expect(checkerState({ zip: here, folder })).toBe('needed');
    installed(null);
    expect(checkerState({ zip: here, folder })).toBe('needed');
    writeFileSync(join(folder, 'installed.txt'), 'libcoveocds==0.1.0');
    expect(checkerTool('libcoveocds', folder)).toBeNull();
    writeFileSync(join(folder, 'installed.txt'), required);
    expect(checkerState({ zip: here, folder })).toBe('ready');
  });

  it('is installed before any test runs, so that no two of them do it at once', () => {
    const phaseOf = (step) => PHASES.findIndex((lanes) => lanes.flat().includes(step));
    expect(phaseOf('checker')).toBeGreaterThanOrEqual(0);
    expect(phaseOf('checker')).toBeLessThan(phaseOf('jest'));
  });
});
