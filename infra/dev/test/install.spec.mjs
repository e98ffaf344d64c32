import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { installNeeded } from '../lib/install.mjs';

describe('whether npm ci is needed', () => {
  let root;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mulin-install-'));
    mkdirSync(join(root, 'node_modules/@mulin/money'), { recursive: true });
    installed({ 'node_modules/pg': { version: '8.23.1' } });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const write = (file, packages) => writeFileSync(join(root, file), JSON.stringify({ packages }));
  const installed = (packages) => write('node_modules/.package-lock.json', packages);
  const wanted = (packages) =>
    write('package-lock.json', { '': {}, 'libs/money': {}, ...packages });

  it('is not, when everything is there as the lockfile names it', () => {
    wanted({
      'node_modules/pg': { version: '8.23.1' },
      'node_modules/@mulin/money': { link: true, resolved: 'libs/money' },
    });
    expect(installNeeded(root)).toBe(false);
  });

  it('is, on a fresh clone', () => {
    wanted({});
    rmSync(join(root, 'node_modules'), { recursive: true });
    expect(installNeeded(root)).toBe(true);
  });

  it('is, after the lockfile has changed', () => {
    wanted({ 'node_modules/pg': { version: '8.24.0' } });
    expect(installNeeded(root)).toBe(true);
    wanted({
      'node_modules/pg': { version: '8.23.1' },
      'node_modules/jose': { version: '6.2.17' },
    });
    expect(installNeeded(root)).toBe(true);
  });

  it('is, when a new package of ours is not linked yet', () => {
    wanted({ 'node_modules/@mulin/clock': { link: true, resolved: 'libs/clock' } });
    expect(installNeeded(root)).toBe(true);
  });

  it('is not, for the binaries of other platforms', () => {
    wanted({ 'node_modules/@swc/core-darwin-arm64': { version: '1.16.18', optional: true } });
    expect(installNeeded(root)).toBe(false);
  });
});
