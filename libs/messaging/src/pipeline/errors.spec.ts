import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import { describe as facts, kindOf } from './errors.js';

const database = (code: string) =>
  new QueryFailedError(
    'select',
    [],
    Object.assign(new Error(`message with a value: 13812345678`), {
      code,
      constraint: 'paid once',
    }),
  );

describe('an error tells what to do with it', () => {
  it.each([
    ['40P01', 'conflict'],
    ['40001', 'conflict'],
    ['57P01', 'outage'],
    ['08006', 'outage'],
    ['53300', 'outage'],
    ['25P03', 'outage'],
    ['26000', 'outage'],
    ['0A000', 'other'],
    ['23505', 'poison'],
    ['22003', 'poison'],
    ['P0001', 'poison'],
    ['42P01', 'other'],
    ['57014', 'other'],
  ])('SQLSTATE %s is %s', (code, kind) => {
    expect(kindOf(database(code))).toBe(kind);
  });

  it('a plan that a migration made invalid is not the fault of the data', () => {
    const stale = Object.assign(new Error('cached plan must not change result type'), {
      code: '0A000',
    });
    expect(kindOf(new QueryFailedError('select', [], stale))).toBe('outage');
  });

  it.each([
    [
      Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' }),
      'outage',
    ],
    [new Error('Connection terminated unexpectedly'), 'outage'],
    [new Error('timeout exceeded when trying to connect'), 'outage'],
    [new Error('Client has encountered a connection error and is not queryable'), 'outage'],
    [new TypeError('x is not a function'), 'other'],
    ['a thrown text', 'other'],
  ])('%s is an %s', (error, kind) => {
    expect(kindOf(error)).toBe(kind);
  });

  it('is described without quoting anything that was sent', () => {
    const told = [database('23505'), new TypeError('13812345678'), '13812345678'].map(facts);
    expect(JSON.stringify(told)).not.toContain('13812345678');
    expect(told[0]).toEqual({
      reason: 'databaseRefused',
      detail: { sqlState: '23505', constraint: 'paid once' },
    });
    expect(told[1]).toMatchObject({ reason: 'handlerFailed', detail: { error: 'TypeError' } });
  });
});
