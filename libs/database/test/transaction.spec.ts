import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '@mulin/testing';
import type { DataSource } from 'typeorm';
import { type Database, kept, type Migration, sqlState, transaction } from '../src/index.js';

const counted: Migration = {
  name: '1-counted',
  up: `create table counted (n int primary key); grant select, insert on counted to :app, :consumer;`,
};

const INSERT = kept('insert into counted (n) select unnest($1::int[])');
const COUNT = 'select count(*)::int as count from counted';

describe('a transaction of a consumer', () => {
  let test: TestDatabase;
  let database: Database;
  let source: DataSource;

  beforeAll(async () => {
    test = await testDatabase('payments', { migrations: [counted] });
    database = await test.open({ entities: [] });
    source = database.consumer;
  });
  afterAll(() => test.drop());

  const count = async () => (await source.query<{ count: number }[]>(COUNT))[0]?.count;

  it('takes statements that do not wait for each other in the order in which they are written', async () => {
    const seen = await transaction(source, async (tx) => {
      const [, between, , after] = await Promise.all([
        tx.query(INSERT, [[1, 2]]),
        tx.query<{ count: number }[]>(COUNT),
        tx.query(INSERT, [[3]]),
        tx.query<{ count: number }[]>(COUNT),
      ]);
      return [between[0]?.count, after[0]?.count];
    });
    expect(seen).toEqual([2, 3]);
    expect(await count()).toBe(3);
  });

  it('has begun before its first statement, and holds what it locked to the end', async () => {
    await transaction(source, async (tx) => {
      const [first] = await tx.query<{ id: string }[]>('select pg_current_xact_id()::text as id');
      await tx.query('select pg_advisory_xact_lock(1)');
      const [later] = await tx.query<{ id: string }[]>('select pg_current_xact_id()::text as id');
      expect(later).toEqual(first);
      const [free] = await source.query<{ free: boolean }[]>(
        'select pg_try_advisory_xact_lock(1) as free',
      );
      expect(free).toEqual({ free: false });
    });
  });

  it('undoes all of it when one of several statements fails, and says why the first one did', async () => {
    const before = await count();
    const failing = transaction(source, (tx) =>
      Promise.all([
        tx.query(INSERT, [[10]]),
        tx.query(INSERT, [[10]]),
        tx.query(INSERT, [[11]]),
        tx.query(COUNT),
      ]),
    );
    const state = await failing.then(() => 'none', sqlState);
    expect(state).toBe('23505');
    expect(await count()).toBe(before);
  });

  it('undoes all of it when the code fails while statements are on their way', async () => {
    const before = await count();
    const failing = transaction(source, (tx) =>
      Promise.all([tx.query(INSERT, [[20]]), Promise.reject(new Error('a mistake'))]),
    );
    await expect(failing).rejects.toThrow('a mistake');
    expect(await count()).toBe(before);
  });

  it('lets an entity be saved within it, not in a transaction of its own', async () => {
    const before = await count();
    const failing = transaction(source, async (tx) => {
      await tx.transaction((inner) => inner.query(INSERT, [[30]]));
      throw new Error('after that');
    });
    await expect(failing).rejects.toThrow('after that');
    expect(await count()).toBe(before);
  });

  it('keeps the plan of a statement that is marked, on each connection', async () => {
    const plans = await transaction(source, async (tx) => {
      await tx.query(INSERT, [[40]]);
      await tx.query(INSERT, [[41]]);
      return tx.query<{ statement: string }[]>('select statement from pg_prepared_statements');
    });
    expect(plans.filter(({ statement }) => statement === INSERT)).toHaveLength(1);
    expect(plans.map(({ statement }) => statement)).not.toContain(COUNT);
  });
});
