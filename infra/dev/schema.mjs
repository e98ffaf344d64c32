#!/usr/bin/env node
/**
 * Prints every service's SDL and composes the supergraph: `npm run schema`. With --check nothing is
 * written; it fails when what is committed is not what the code says, or when a change would break a
 * client (a field removed without a deprecation first).
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SOURCE_FLAGS } from './lib/runtime.mjs';

const run = spawnSync(
  process.execPath,
  [
    ...SOURCE_FLAGS,
    '--no-warnings',
    fileURLToPath(new URL('./schema/print.ts', import.meta.url)),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', env: { ...process.env, APOLLO_TELEMETRY_DISABLED: '1', NODE_ENV: 'test' } },
);
process.exit(run.status ?? 1);
