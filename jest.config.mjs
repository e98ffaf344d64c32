import { OPTIONS } from './infra/dev/lib/compiler.mjs';

/** One Jest run for the whole repository: one PostgreSQL cluster and one broker are shared by every suite. */
export default {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@mulin/source', 'node', 'node-addons'] },
  testMatch: ['<rootDir>/{libs,services,gateway,infra,test}/**/*.spec.{ts,mjs}'],
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/.mulin/'],
  modulePathIgnorePatterns: ['/dist/', '/.mulin/', '/.nx/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', OPTIONS],
  },
  globalSetup: '<rootDir>/infra/dev/jest/global-setup.mjs',
  globalTeardown: '<rootDir>/infra/dev/jest/global-teardown.mjs',
  testSequencer: '<rootDir>/infra/dev/jest/sequencer.mjs',
  reporters: ['default', '<rootDir>/infra/dev/jest/closing-line.mjs'],
  maxWorkers: 2,
  testTimeout: 120_000,
  workerIdleMemoryLimit: '1500MB',
};
