import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import type { Database } from '@mulin/database';
import { newId } from '@mulin/ids';
import { countStatements, type TestDatabase, testDatabase } from '@mulin/testing';
import { noteMutation } from '../src/asked-for.js';
import {
  changeOnce,
  createOnce,
  IdAlreadyUsed,
  IdempotencyKeyReused,
  SecondPersonNeeded,
} from '../src/index.js';

const officer: Actor = {
  id: 'per_1',
  street: '310110015',
  organisation: null,
  roles: ['streetOfficer'],
};

describe('a request that comes again', () => {
  let test: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    test = await testDatabase('organisations');
    database = await test.open({ entities: [] });
  });
  afterAll(() => test.drop());

  const change = (
    mutation: string,
    input: { id: string; idempotencyKey: string },
    refused = false,
  ) =>
    database.as(officer, (tx) => {
      noteMutation(input, mutation);
      const load = async (id: string) => ({ id, again: true });
      return changeOnce(tx, { actor: officer, input, type: 'Contract', load }, async () =>
        refused
          ? new SecondPersonNeeded({ firstPersonId: officer.id, step: 'sign' })
          : { id: input.id, again: false },
      );
    });

  it('gets the first answer, read afresh', async () => {
    const input = { id: newId('con'), idempotencyKey: newId('con') };
    expect(await change('activateContract', { ...input })).toEqual({ id: input.id, again: false });
    expect(await change('activateContract', { ...input })).toEqual({ id: input.id, again: true });
  });

  it('costs as many statements as before it was kept on record: who asks, the key, the record', async () => {
    const input = { id: newId('con'), idempotencyKey: newId('con') };
    const { statements } = await countStatements(database.app, () =>
      change('activateContract', input),
    );
    expect(
      statements.map((sql) => /set_config|advisory|from|insert into \S+/.exec(sql)?.[0]),
    ).toEqual(['set_config', 'advisory', 'from', 'insert into mulin.idempotency']);
    expect(
      await test.query(
        'select actor, street, operation, made_type from mulin.audit where made_id = $1',
        [input.id],
      ),
    ).toEqual([
      {
        actor: 'per_1',
        street: officer.street,
        operation: 'activateContract',
        made_type: 'Contract',
      },
    ]);
  });

  it('is refused when the key was used for another step, though the input looks alike', async () => {
    const input = { id: newId('con'), idempotencyKey: newId('con') };
    await change('activateContract', { ...input });
    expect(await change('completeContract', { ...input })).toBeInstanceOf(IdempotencyKeyReused);
  });

  it('may use a key again that was refused before', async () => {
    const input = { id: newId('con'), idempotencyKey: newId('con') };
    expect(await change('signContract', { ...input }, true)).toBeInstanceOf(SecondPersonNeeded);
    expect(await change('signContract', { ...input })).toEqual({ id: input.id, again: false });
  });

  it('finds an id used that another person used, with the same content even', async () => {
    const input = { id: newId('con'), title: '同一内容' };
    const create = (actor: Actor) =>
      database.as(actor, (tx) => {
        const load = async (id: string) => ({ id });
        return createOnce(tx, { actor, input, type: 'Contract', load }, async () => ({
          id: input.id,
        }));
      });
    expect(await create(officer)).toEqual({ id: input.id });
    expect(await create({ ...officer, id: 'per_2' })).toBeInstanceOf(IdAlreadyUsed);
  });
});
