/** The steps of `npm test`, and which of them may run side by side on two cores. */
import { join } from 'node:path';
import { SOURCE_FLAGS } from './runtime.mjs';
import { ROOT } from './state.mjs';

const node = (...args) => [process.execPath, ...args];
const bin = (path, ...args) => node(join(ROOT, 'node_modules', path), ...args);
const jest = [
  '--experimental-vm-modules',
  '--no-warnings=ExperimentalWarning',
  'node_modules/jest/bin/jest.js',
];

/** Where the story of a test run lives: its own state, on free ports, beside whatever else runs here. */
const ownState = (scratch) => ['--state', join(scratch, 'state')];

export const STEPS = {
  lint: {
    commands: () => [
      // Without a fresh project graph the boundary rule skips itself with a warning.
      bin('nx/dist/bin/nx.js', 'show', 'projects'),
      bin('eslint/bin/eslint.js', '.', '--max-warnings', '0'),
    ],
  },
  format: {
    commands: () => [bin('prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.')],
  },
  types: {
    commands: () => [
      bin('typescript/bin/tsc', '-b'),
      bin('typescript/bin/tsc', '-p', 'tsconfig.tests.json'),
    ],
  },
  boundaries: { commands: () => [node('infra/dev/boundaries.mjs')] },
  schema: { commands: () => [node('infra/dev/schema.mjs', '--check')] },
  events: { commands: () => [node(...SOURCE_FLAGS, 'libs/events/src/print.ts', '--check')] },
  // Before jest: two workers must never install it at once.
  checker: { commands: () => [node('infra/dev/ocds-checker.mjs')] },
  jest: { commands: () => [node(...jest)], counts: true, live: true },
  unit24: {
    commands: () => [['npx', '-y', 'node@24.21.0', ...jest, '--testPathPatterns', '/src/']],
    counts: true,
    env: { MULIN_UNIT: '1' },
  },
  start: {
    commands: ({ scratch }) => [
      node(
        'infra/dev/start.mjs',
        '--exit',
        ...ownState(scratch),
        '--port',
        '0',
        '--kafka-port',
        '0',
        '--postgres-port',
        '0',
      ),
    ],
    env: { NODE_ENV: 'development' },
    live: true,
  },
  checks: { commands: ({ scratch }) => [node('infra/dev/checks.mjs', ...ownState(scratch))] },
};

/** One phase after the other; the lanes of a phase at once; the steps of a lane in order. */
export const PHASES = [
  [
    ['lint', 'boundaries'],
    ['types', 'schema', 'events'],
    // The checker waits for the package index more than it works.
    ['checker', 'format'],
  ],
  // Alone: it uses both cores itself, and some of its tests measure time.
  [['jest']],
  [['unit24'], ['start', 'checks']],
];
