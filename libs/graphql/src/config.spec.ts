import { describe, expect, it } from '@jest/globals';
import { configFromEnv } from './config.js';

const needed = {
  MULIN_DB_APP: 'postgres://app',
  MULIN_DB_CONSUMER: 'postgres://consumer',
  MULIN_DB_RELAY: 'postgres://relay',
  MULIN_DB_CHECKS: 'postgres://checks',
  KAFKA_BROKERS: '127.0.0.1:9092',
  MULIN_CALL_KEY: '{}',
  MULIN_AUDIT_KEY: '{}',
};

describe('a service that nobody told where it runs', () => {
  it.each([
    [undefined, 'production'],
    ['staging', 'production'],
    ['production', 'production'],
    ['development', 'development'],
    ['test', 'test'],
  ])('NODE_ENV %s is %s', (NODE_ENV, environment) => {
    expect(configFromEnv('payments', { ...needed, NODE_ENV }).environment).toBe(environment);
  });

  it('refuses what is for tests only, because it may be in production', () => {
    expect(() => configFromEnv('payments', { ...needed, MULIN_FAILPOINT: 'afterCommit' })).toThrow(
      'refused in production',
    );
  });

  it('refuses to run in production without a key that signs for its record', () => {
    const { MULIN_AUDIT_KEY: _, ...unsigned } = needed;
    expect(() => configFromEnv('payments', unsigned)).toThrow('MULIN_AUDIT_KEY');
    expect(configFromEnv('payments', { ...unsigned, NODE_ENV: 'test' }).auditKey).toBeUndefined();
  });

  it('names every variable that is missing, in one sentence', () => {
    expect(() => configFromEnv('payments', { NODE_ENV: 'test' })).toThrow(
      'MULIN_DB_APP, MULIN_DB_CONSUMER, MULIN_DB_RELAY, MULIN_DB_CHECKS, KAFKA_BROKERS, MULIN_CALL_KEY',
    );
  });
});
