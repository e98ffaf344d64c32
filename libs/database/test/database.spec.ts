import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { eventually, type TestDatabase, testDatabase } from '@mulin/testing';
import pg from 'pg';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import {
  CleanUp,
  Database,
  idempotency,
  type Migration,
  migrate,
  now,
  RefusalMark,
  rlsPolicies,
  sqlState,
  violatedConstraint,
} from '../src/index.js';

@Entity('note')
class Note {
  @PrimaryColumn('text') id: string;
  @Column('text') street: string;
  @Column('text', { name: 'organisation_id' }) organisationId: string;
}

const notes: Migration = {
  name: '1-notes',
  up: `create table note (id text primary key, street text not null, organisation_id text not null
         constraint "a note belongs to someone" check (organisation_id <> ''));
       ${rlsPolicies('note')}`,
};

class No extends RefusalMark {}

const STREET = '310110015';
const officer: Actor = {
  id: 'per_1',
  street: STREET,
  organisation: null,
  roles: ['streetOfficer'],
};
const manager: Actor = {
  id: 'per_2',
  street: STREET,
  organisation: 'org_a',
  roles: ['organisationManager'],
};
const stranger: Actor = { ...officer, street: '310110016' };

describe('a service’s database', () => {
  let test: TestDatabase;
  let database: Database;

  beforeAll(async () => {
    test = await testDatabase('payments', { migrations: [notes] });
    database = await test.open({ entities: [Note] });
    await database.asSystem(async (tx) => {
      await tx.insert(Note, [
        { id: 'n1', street: STREET, organisationId: 'org_a' },
        { id: 'n2', street: STREET, organisationId: 'org_b' },
        { id: 'n3', street: '310110016', organisationId: 'org_a' },
      ]);
    });
  });
  afterAll(() => test.drop());

  const seenBy = (actor: Actor | null) =>
    database.read(actor, async (tx) =>
      (await tx.find(Note, { order: { id: 'ASC' } })).map(({ id }) => id),
    );

  it('shows an officer the street, an organisation its own rows in it, a stranger nothing of it', async () => {
    expect(await seenBy(officer)).toEqual(['n1', 'n2']);
    expect(await seenBy(manager)).toEqual(['n1']);
    expect(await seenBy(stranger)).toEqual(['n3']);
    expect(await seenBy(null)).toEqual([]);
  });

  it('shows raw SQL of the app role nothing when nobody said who is asking', async () => {
    const client = new pg.Client({ connectionString: test.urls.app });
    await client.connect();
    expect((await client.query('select * from note')).rows).toEqual([]);
    await client.end();
  });

  it('keeps who is asking apart in 200 interleaved requests over few connections', async () => {
    const asked = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        seenBy([officer, manager, stranger, null][index % 4] ?? null),
      ),
    );
    asked.forEach((seen, index) =>
      expect(seen).toEqual([['n1', 'n2'], ['n1'], ['n3'], []][index % 4]),
    );
  });

  it('refuses a row written for another organisation', async () => {
    const writing = database.as(manager, (tx) =>
      tx.insert(Note, { id: 'n4', street: STREET, organisationId: 'org_b' }),
    );
    await expect(writing).rejects.toMatchObject({ code: '42501' });
  });

  it('refuses any write in a transaction opened for reading', async () => {
    const writing = database.read(officer, (tx) =>
      tx.insert(Note, { id: 'n5', street: STREET, organisationId: 'org_a' }),
    );
    await expect(writing).rejects.toMatchObject({ code: '25006' });
  });

  it('writes nothing of a use case that was refused, unless the refusal leaves a trace', async () => {
    const write = (id: string, leavesTrace: boolean) =>
      database.as(officer, async (tx) => {
        await tx.insert(Note, { id, street: STREET, organisationId: 'org_z' });
        return Object.assign(new No(), { leavesTrace });
      });
    expect(await write('undone', false)).toBeInstanceOf(No);
    expect(await write('traced', true)).toBeInstanceOf(No);
    const ids = await test.query("select id from note where organisation_id = 'org_z'");
    expect(ids).toEqual([{ id: 'traced' }]);
  });

  it('repeats a transaction that lost a deadlock, and the use case succeeds', async () => {
    await test.query(
      `insert into note values ('d1', '${STREET}', 'org_d'), ('d2', '${STREET}', 'org_d')`,
    );
    const lock = (
      tx: { query: (sql: string, values: unknown[]) => Promise<unknown> },
      id: string,
    ) => tx.query('select * from note where id = $1 for no key update', [id]);
    let meet: () => void = () => undefined;
    const both = new Promise<void>((resolve) => (meet = resolve));
    let arrived = 0;
    const cross = (first: string, second: string) =>
      database.as(officer, async (tx) => {
        await lock(tx, first);
        if ((arrived += 1) === 2) meet();
        await both;
        await lock(tx, second);
        return second;
      });
    expect(await Promise.all([cross('d1', 'd2'), cross('d2', 'd1')])).toEqual(['d2', 'd1']);
    expect(arrived).toBe(3);
  });

  it('names the broken constraint as a sentence', async () => {
    const error = await database
      .asSystem((tx) => tx.insert(Note, { id: 'x', street: STREET, organisationId: '' }))
      .catch((caught: unknown) => caught);
    expect(violatedConstraint(error)).toBe('a note belongs to someone');
    expect(sqlState(error)).toBe('23514');
  });

  it('gives twenty parallel twins of a request one after the other the same key', async () => {
    const request = {
      actor: 'per_1',
      key: 'k',
      input: { amount: 5n },
      type: 'Note',
      operation: 'write',
    };
    let effects = 0;
    const answers = await Promise.all(
      Array.from({ length: 20 }, () =>
        database.as(officer, async (tx) => {
          const known = await idempotency.look(tx, request);
          if (known.state === 'new') {
            effects += 1;
            await idempotency.keep(tx, request, 'n1', 30);
          }
          return known.state;
        }),
      ),
    );
    expect(effects).toBe(1);
    expect(answers.filter((state) => state === 'same')).toHaveLength(19);
    const other = await database.as(officer, (tx) =>
      idempotency.look(tx, { ...request, input: { amount: 6n } }),
    );
    expect(other).toEqual({ state: 'other' });
  });

  it('forgets an idempotency key whose time is over: it is not found, and may be taken again', async () => {
    const request = {
      actor: 'per_1',
      key: 'thirty days',
      input: { amount: 5n },
      type: 'Note',
      operation: 'write',
    };
    const other = { ...request, input: { amount: 6n } };
    await database.as(officer, (tx) => idempotency.keep(tx, request, 'n1', 30));
    const look = () => database.as(officer, (tx) => idempotency.look(tx, other));
    expect(await look()).toEqual({ state: 'other' });
    await test.query("update mulin.idempotency set kept_until = now() where key = 'thirty days'");
    const taken = await database.as(officer, async (tx) => {
      const known = await idempotency.look(tx, other);
      await idempotency.keep(tx, other, 'n2', 30);
      return known;
    });
    expect(taken).toEqual({ state: 'new' });
    expect(await look()).toEqual({ state: 'same', id: 'n2' });
  });

  it('lets nobody forget a key that is still alive', async () => {
    const request = { actor: 'per_1', key: 'alive', input: {}, type: 'Note', operation: 'write' };
    await database.as(officer, (tx) => idempotency.keep(tx, request, 'n1', 30));
    await database.as(officer, (tx) =>
      tx.query("select mulin.forget_expired_key('per_1', 'alive')"),
    );
    const known = await database.as(officer, (tx) => idempotency.look(tx, request));
    expect(known).toEqual({ state: 'same', id: 'n1' });
    const deleting = database.as(officer, (tx) => tx.query('delete from mulin.idempotency'));
    await expect(deleting).rejects.toMatchObject({ code: '42501' });
  });

  it('deletes expired keys by itself in small batches, and keeps the ids that are kept for ever', async () => {
    await test.query(`insert into mulin.idempotency (actor, key, input_hash, type, id, kept_until)
      select 'per_old', 'old-' || n, '', 'Note', 'n1', case when n <= 25 then now() - interval '1 day' end
      from generate_series(1, 26) as n`);
    const cleanUp = new CleanUp(database.consumer, { everyMs: 10, rows: 10 });
    cleanUp.start((error) => {
      throw error;
    });
    await eventually(async () =>
      expect(await test.query("select key from mulin.idempotency where actor = 'per_old'")).toEqual(
        [{ key: 'old-26' }],
      ),
    );
    await cleanUp.stop();
  });

  it('moves its clock for the development role only', async () => {
    const before = await database.read(officer, now);
    await test.advanceClock('20 days');
    const after = await database.read(officer, now);
    expect(after.getTime() - before.getTime()).toBeGreaterThanOrEqual(20 * 86_400_000);
    for (const role of ['app', 'consumer', 'relay', 'checks'] as const) {
      const client = new pg.Client({ connectionString: test.urls[role] });
      await client.connect();
      await expect(client.query("select mulin.advance_clock('1 day')")).rejects.toMatchObject({
        code: '42501',
      });
      await client.end();
    }
  });

  it('lets no other service’s role in', async () => {
    const other = await testDatabase('contracts');
    const url = new URL(other.urls.app);
    url.pathname = `/${test.name}`;
    const client = new pg.Client({ connectionString: url.toString() });
    await expect(client.connect()).rejects.toMatchObject({ code: '42501' });
    await other.drop();
  });

  it('is migrated once when four processes start at the same time, and a broken step leaves nothing', async () => {
    const more: Migration = { name: '2-more', up: 'create table more (id int)' };
    const runs = await Promise.all(
      [1, 2, 3, 4].map(() =>
        migrate({ url: test.urls.migrate, service: 'payments', migrations: [notes, more] }),
      ),
    );
    expect(runs.flat()).toEqual(['2-more']);
    const broken: Migration = { name: '3-broken', up: 'create table half (id int); select 1 / 0' };
    await expect(
      migrate({ url: test.urls.migrate, service: 'payments', migrations: [notes, more, broken] }),
    ).rejects.toThrow('3-broken');
    expect(await test.query("select to_regclass('half') as half")).toEqual([{ half: null }]);
  });

  it('finds likeness in Chinese text', async () => {
    const [row] = await test.query<{ likeness: number }>(
      "select similarity('第三睦邻中心托管', '第三睦邻中心') as likeness",
    );
    expect(row?.likeness).toBeGreaterThan(0);
  });
});
