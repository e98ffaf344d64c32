import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newEventId, newId } from '@mulin/ids';
import { type TestService, testDatabase, testService } from '@mulin/testing';
import { boot, migrations, serviceName } from '../src/index.js';
import { relationConfirmed } from '../src/migrations/1763900000037-relation-confirmed.js';

const STREET = '310110015';
const officer = (id = newId('per')): Actor => ({
  id,
  street: STREET,
  organisation: null,
  roles: ['streetOfficer'],
});
const clerk = officer();
const colleague = officer();
const approver: Actor = { ...officer(), roles: ['streetApprover'] };

const mutation = (name: string, input: string, ...more: string[]) => /* GraphQL */ `
  mutation ($input: ${input}!) {
    ${name}(input: $input) {
      __typename
      ${more.map((each) => `... on ${each}`).join('\n')}
    }
  }
`;
const RELATION =
  'Relation { id to recordedBy confirmedBy confirmedAt endProposedTo endProposedBy withdrawnBy withdrawnAt version }';
const CONFLICT = 'StateConflict { actualState actualVersion }';
const [OWN, SECOND] = ['OwnRelation { relationId }', 'SecondPersonNeeded { firstPersonId }'];
const RECORD = mutation('recordRelation', 'RecordRelationInput', RELATION);
const POST = mutation(
  'recordPost',
  'RecordPostInput',
  'Post { relation { id version confirmedAt } }',
);
const CONFIRM = mutation('confirmRelation', 'ConfirmRelationInput', RELATION, CONFLICT, SECOND);
const WITHDRAW = mutation('withdrawRelation', 'WithdrawRelationInput', RELATION, CONFLICT, OWN);
const WAITING = '{ relations(confirmed: false) { nodes { id recordedBy confirmedAt } } }';
const PROPOSE = mutation(
  'proposeRelationEnd',
  'ProposeRelationEndInput',
  ...[RELATION, CONFLICT, OWN, 'InvalidInput { field problem }'],
);
const END = mutation('endRelation', 'EndRelationInput', RELATION, CONFLICT, OWN, SECOND);

let mulin: TestService;
beforeAll(async () => {
  mulin = await testService({ serviceName, boot, migrations });
});
afterAll(() => mulin.stop());

const ask = async (actor: Actor, query: string, input: object) =>
  Object.values(
    await mulin.answer<Record<string, Record<string, unknown>>>(actor, query, { input }),
  )[0];

/** Somebody who is known to the register, and an organisation that is. */
async function parties(personId: string = newId('per'), database = mulin.database) {
  const organisationId = newId('org');
  await database.query(
    `insert into organisation (id, street, type, name, state, registered_by, version, events)
     values ($1, '${STREET}', 'PARTNER', '某单位', 'registered', 'per_1', 1, 1)`,
    [organisationId],
  );
  await database.query(
    `insert into person (id, street, name, registered_by, version)
     values ($1, '${STREET}', '王某某', 'per_1', 1)`,
    [personId],
  );
  return { personId, organisationId, from: '2025-01-01' };
}

describe('a relation that obliges to recusal', () => {
  const record = async (by: Actor = clerk) => {
    const id = newId('rel');
    await ask(by, RECORD, { id, kind: 'HEAD', ...(await parties()) });
    return id;
  };
  const confirm = (actor: Actor, id: unknown, more: object = {}) =>
    ask(actor, CONFIRM, { id, expectedVersion: 1, idempotencyKey: newEventId(), ...more });
  const told = (id: unknown) =>
    mulin.database.query(
      `select aggregateversion as version, payload ->> 'kind' as kind from mulin.outbox
       where aggregateid = $1 and type = 'mulin.relation.recorded.v1'`,
      [id],
    );
  const waiting = async (actor: Actor) => {
    type Waiting = { relations: { nodes: { id: string }[] } };
    return (await mulin.answer<Waiting>(actor, WAITING)).relations.nodes;
  };

  it('has no effect on anybody until a second person has confirmed it', async () => {
    const id = await record();
    expect(await told(id)).toEqual([]);
    expect(await confirm(approver, id)).toMatchObject({
      ...{ __typename: 'Relation', recordedBy: clerk.id, confirmedBy: approver.id, version: 2 },
      confirmedAt: expect.any(String),
    });
    expect(await told(id)).toEqual([{ version: 1, kind: 'head' }]);
  });

  it('is not confirmed by who recorded it, nor a second time', async () => {
    const both: Actor = { ...officer(), roles: ['streetOfficer', 'streetApprover'] };
    const id = await record(both);
    expect(await confirm(both, id)).toEqual({
      __typename: 'SecondPersonNeeded',
      firstPersonId: both.id,
    });
    expect(await told(id)).toEqual([]);
    expect(await confirm(approver, id)).toMatchObject({ __typename: 'Relation' });
    expect(await confirm(approver, id, { expectedVersion: 2 })).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'lasting',
    });
    expect(await told(id)).toHaveLength(1);
  });

  it('that follows from a post waits for a second person too', async () => {
    const post = { id: newId('pos'), role: 'HEAD', ...(await parties()) };
    const recorded = (await ask(clerk, POST, post)) as {
      relation: { id: string; version: number; confirmedAt: string | null };
    };
    const { id, version: expectedVersion, confirmedAt } = recorded.relation;
    expect(confirmedAt).toBeNull();
    expect(await told(id)).toEqual([]);
    await confirm(approver, id, { expectedVersion });
    expect(await told(id)).toHaveLength(1);
  });

  it('is seen by staff while it waits, and cannot end before it counts', async () => {
    const id = await record();
    const auditor: Actor = { ...officer(), roles: ['auditor'] };
    const row = { id, recordedBy: clerk.id, confirmedAt: null };
    expect(await waiting(approver)).toContainEqual(row);
    expect(await waiting(auditor)).toContainEqual(row);
    const step = { id, to: '2026-06-30', expectedVersion: 1, idempotencyKey: newEventId() };
    expect(await ask(clerk, PROPOSE, step)).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'recorded',
    });
    await confirm(approver, id);
    expect(await waiting(approver)).not.toContainEqual(expect.objectContaining({ id }));
  });

  it('is confirmed by any second person of the office: what the only approver recorded, by an officer', async () => {
    const id = await record(approver);
    expect(await confirm(approver, id)).toMatchObject({ __typename: 'SecondPersonNeeded' });
    expect(await confirm(clerk, id)).toMatchObject({
      __typename: 'Relation',
      confirmedBy: clerk.id,
    });
    expect(await told(id)).toHaveLength(1);
  });

  it('from before there was a second person counts as it did', async () => {
    const before = migrations.slice(0, migrations.indexOf(relationConfirmed));
    const database = await testDatabase('organisations', { migrations: before });
    const { personId, organisationId } = await parties(newId('per'), database);
    await database.query(
      `insert into relation (id, street, person_id, organisation_id, kind, valid_from, recorded_by,
         version, events) values ('rel_1', '${STREET}', $1, $2, 'head', '2025-01-01', 'per_1', 1, 1)`,
      [personId, organisationId],
    );
    await database.query(relationConfirmed.up);
    expect(
      await database.query('select confirmed_by, confirmed_at is not null as counts from relation'),
    ).toEqual([{ confirmed_by: null, counts: true }]);
    await database.drop();
  });

  it('is confirmed by two people in the database as well, and not told before', async () => {
    const id = await record();
    const update = (set: string, of = id) =>
      mulin.database.query(`update relation set ${set} where id = $1`, [of]);
    await expect(
      update(`confirmed_at = mulin.now(), confirmed_by = '${clerk.id}'`),
    ).rejects.toThrow('who records a relation does not confirm it');
    await expect(update('confirmed_at = mulin.now()')).rejects.toThrow('confirmed by nobody');
    await expect(update(`recorded_by = 'per_2'`)).rejects.toThrow('confirmed by nobody');
    await expect(update('events = 1')).rejects.toThrow('told only when it is confirmed');
    await expect(
      update(`end_proposed_to = '2026-01-01', end_proposed_by = 'per_2'`),
    ).rejects.toThrow('ends only when it is confirmed');
    const tell = mulin.database.query(
      `insert into mulin.outbox
         (id, aggregatetype, aggregateid, aggregateversion, type, topic, key, payload, headers)
       values (gen_random_uuid(), 'relation', $1, 1, 'mulin.relation.recorded.v1', 't', 'k', '{}', '{}')`,
      [id],
    );
    await expect(tell).rejects.toThrow('told before a second person confirmed it');

    const known = await record();
    await confirm(approver, known);
    await expect(update(`confirmed_by = 'per_2'`, known)).rejects.toThrow('confirmed by nobody');
    const copied = mulin.database.query(
      `insert into relation (id, street, person_id, organisation_id, kind, valid_from, recorded_by,
         confirmed_by, confirmed_at, version, events)
       select $2, street, person_id, organisation_id, kind, valid_from, recorded_by,
         confirmed_by, confirmed_at, 1, 1 from relation where id = $1`,
      [known, newId('rel')],
    );
    await expect(copied).rejects.toThrow('confirmed by nobody');
  });
});

describe('a relation that was recorded by mistake', () => {
  const withdraw = (actor: Actor, id: unknown, more: object = {}) =>
    ask(actor, WITHDRAW, { id, expectedVersion: 1, idempotencyKey: newEventId(), ...more });
  const confirm = (actor: Actor, id: unknown, expectedVersion: number) =>
    ask(actor, CONFIRM, { id, expectedVersion, idempotencyKey: newEventId() });
  const record = async () => {
    const [id, party] = [newId('rel'), await parties()];
    await ask(clerk, RECORD, { id, kind: 'HEAD', ...party });
    return { id, ...party };
  };
  const listed = async (filter: string) => {
    type Listed = { relations: { nodes: { id: string; withdrawnBy: string | null }[] } };
    const query = `{ relations(${filter}) { nodes { id withdrawnBy } } }`;
    return (await mulin.answer<Listed>(approver, query)).relations.nodes;
  };

  it('is taken back before it is confirmed; it stays in the record, and nobody confirms it afterwards', async () => {
    const { id, organisationId } = await record();
    const idempotencyKey = newEventId();
    const first = await withdraw(clerk, id, { idempotencyKey });
    expect(first).toMatchObject({
      ...{ __typename: 'Relation', withdrawnBy: clerk.id, withdrawnAt: expect.any(String) },
      ...{ confirmedAt: null, version: 2 },
    });
    expect(await withdraw(clerk, id, { idempotencyKey })).toEqual(first);
    expect(await confirm(approver, id, 2)).toEqual({
      ...{ __typename: 'StateConflict', actualState: 'withdrawn', actualVersion: 2 },
    });
    expect(await withdraw(colleague, id, { expectedVersion: 2 })).toMatchObject({
      __typename: 'StateConflict',
    });
    expect(await listed('confirmed: false')).not.toContainEqual(expect.objectContaining({ id }));
    expect(await listed(`organisationId: "${organisationId}"`)).toEqual([
      { id, withdrawnBy: clerk.id },
    ]);
    expect(
      await mulin.database.query('select id from mulin.outbox where aggregateid = $1', [id]),
    ).toEqual([]);
  });

  it('is taken back by a colleague or an approver too, and once confirmed by nobody: it is ended', async () => {
    for (const other of [colleague, approver]) {
      const { id } = await record();
      expect(await withdraw(other, id)).toMatchObject({ withdrawnBy: other.id });
    }
    const { id } = await record();
    await confirm(approver, id, 1);
    expect(await withdraw(clerk, id, { expectedVersion: 2 })).toEqual({
      ...{ __typename: 'StateConflict', actualState: 'lasting', actualVersion: 2 },
    });
  });

  it('is never taken back by the person whom it would bind', async () => {
    const [id, bound] = [newId('rel'), officer()];
    await ask(clerk, RECORD, { id, kind: 'DIRECTOR', ...(await parties(bound.id)) });
    expect(await withdraw(bound, id)).toEqual({ __typename: 'OwnRelation', relationId: id });
  });

  it('takes the post with it that made it: nobody is said to have held it', async () => {
    const { personId, organisationId, from } = await parties();
    const post = { id: newId('pos'), role: 'HEAD', personId, organisationId, from };
    const recorded = (await ask(clerk, POST, post)) as { relation: { id: string } };
    const held = () =>
      mulin.answer(
        approver,
        `query ($id: ID!) { organisation(id: $id) { posts { id } }
           persons(filter: { organisationId: $id }) { nodes { id } } }`,
        { id: organisationId },
      );
    expect(await held()).toEqual({
      organisation: { posts: [{ id: post.id }] },
      persons: { nodes: [{ id: personId }] },
    });
    await withdraw(clerk, recorded.relation.id);
    expect(await held()).toEqual({ organisation: { posts: [] }, persons: { nodes: [] } });
  });

  it('is guarded by the database as well', async () => {
    const { id, personId } = await record();
    const update = (set: string, of = id) =>
      mulin.database.query(`update relation set ${set} where id = $1`, [of]);
    const by = (who: string) => `withdrawn_by = '${who}', withdrawn_at = mulin.now()`;
    await expect(update(by(personId))).rejects.toThrow('withdraws the relation that binds himself');
    await expect(update(`withdrawn_by = 'per_2'`)).rejects.toThrow('its person and its time');
    const known = await record();
    await confirm(approver, known.id, 1);
    await expect(update(by('per_2'), known.id)).rejects.toThrow('ended, not withdrawn');
    await withdraw(clerk, id);
    await expect(update('withdrawn_by = null, withdrawn_at = null')).rejects.toThrow(
      'was withdrawn',
    );
    await expect(update(`confirmed_by = 'per_2', confirmed_at = mulin.now()`)).rejects.toThrow(
      'was withdrawn',
    );
  });
});

describe('the end of a relation that obliges to recusal', () => {
  const propose = (actor: Actor, id: string, more: object = {}) =>
    ask(actor, PROPOSE, {
      ...{ id, to: '2026-06-30', expectedVersion: 2, idempotencyKey: newEventId() },
      ...more,
    });
  const end = (actor: Actor, id: string, more: object = {}) =>
    ask(actor, END, { id, expectedVersion: 3, idempotencyKey: newEventId(), ...more });

  /** Somebody of the office who is a director of an organisation. */
  async function bound(): Promise<{ director: Actor; id: string }> {
    const [id, director] = [newId('rel'), officer()];
    await ask(clerk, RECORD, { id, kind: 'DIRECTOR', ...(await parties(director.id)) });
    await ask(approver, CONFIRM, { id, expectedVersion: 1, idempotencyKey: newEventId() });
    return { director, id };
  }
  const told = (id: string) =>
    mulin.database.query<{ day: string }>(
      `select payload ->> 'to' as day from mulin.outbox
       where aggregateid = $1 and type = 'mulin.relation.ended.v1'`,
      [id],
    );

  it('is proposed by one person and confirmed by another, and only then told', async () => {
    const { id } = await bound();
    expect(await propose(clerk, id)).toMatchObject({
      __typename: 'Relation',
      to: null,
      endProposedTo: '2026-06-30',
      endProposedBy: clerk.id,
    });
    expect(await told(id)).toEqual([]);
    expect(await end(clerk, id)).toEqual({
      __typename: 'SecondPersonNeeded',
      firstPersonId: clerk.id,
    });
    expect(await end(colleague, id)).toMatchObject({ __typename: 'Relation', to: '2026-06-30' });
    expect(await told(id)).toEqual([{ day: '2026-06-30' }]);
  });

  it('is neither proposed nor confirmed by the person it binds', async () => {
    const { id, director } = await bound();
    const refused = { __typename: 'OwnRelation', relationId: id };
    expect(await propose(director, id)).toEqual(refused);
    await propose(clerk, id);
    expect(await end(director, id)).toEqual(refused);
  });

  it('lies neither in the future nor before its beginning', async () => {
    const { id } = await bound();
    expect(await propose(clerk, id, { to: '2998-01-01' })).toMatchObject({
      __typename: 'InvalidInput',
      field: 'input.to',
    });
    expect(await propose(clerk, id, { to: '2024-12-31' })).toMatchObject({
      __typename: 'DatesOutOfOrder',
    });
  });

  it('can be proposed again with another day, and is confirmed once', async () => {
    const { id } = await bound();
    expect(await end(colleague, id, { expectedVersion: 2 })).toMatchObject({
      __typename: 'StateConflict',
    });
    await propose(clerk, id);
    await propose(colleague, id, { to: '2026-03-31', expectedVersion: 3 });
    expect(await end(clerk, id, { expectedVersion: 4 })).toMatchObject({ to: '2026-03-31' });
    expect(await propose(clerk, id, { expectedVersion: 5 })).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'ended',
    });
  });

  it('is guarded by the database as well', async () => {
    const { id, director } = await bound();
    const update = (set: string) =>
      mulin.database.query(`update relation set ${set} where id = $1`, [id]);
    await expect(update(`valid_to = '2026-01-01'`)).rejects.toThrow('changed by nobody alone');
    const proposal = `end_proposed_to = '2026-01-01', end_proposed_by =`;
    await expect(update(`${proposal} '${director.id}'`)).rejects.toThrow('binds himself');
    const ended = `valid_to = '2026-01-01', ended_at = mulin.now(), ended_by =`;
    await expect(update(`${proposal} 'per_1', ${ended} 'per_1'`)).rejects.toThrow(
      'two different people end a relation',
    );
    await expect(update(`${proposal} 'per_1', ${ended} '${director.id}'`)).rejects.toThrow(
      'binds himself',
    );
    const future = ended.replace('2026-01-01', '2998-01-01');
    const proposed = proposal.replace('2026-01-01', '2998-01-01');
    await expect(update(`${proposed} 'per_1', ${future} 'per_2'`)).rejects.toThrow(
      'does not end in the future',
    );
  });
});
