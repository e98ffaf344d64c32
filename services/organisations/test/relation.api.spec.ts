import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newEventId, newId } from '@mulin/ids';
import { type TestService, testService } from '@mulin/testing';
import { boot, migrations, serviceName } from '../src/index.js';

const officer = (id = newId('per')): Actor => ({
  id,
  street: '310110015',
  organisation: null,
  roles: ['streetOfficer'],
});
const clerk = officer();
const colleague = officer();

const mutation = (name: string, input: string, more: string) => /* GraphQL */ `
  mutation ($input: ${input}!) {
    ${name}(input: $input) {
      __typename
      ... on Relation { id to endProposedTo endProposedBy version }
      ... on OwnRelation { relationId }
      ... on InvalidInput { field problem }
      ... on StateConflict { actualState actualVersion }
      ${more}
    }
  }
`;
const PROPOSE = mutation('proposeRelationEnd', 'ProposeRelationEndInput', '');
const END = mutation(
  'endRelation',
  'EndRelationInput',
  '... on SecondPersonNeeded { firstPersonId }',
);

describe('the end of a relation that obliges to recusal', () => {
  let mulin: TestService;
  beforeAll(async () => {
    mulin = await testService({ serviceName, boot, migrations });
  });
  afterAll(() => mulin.stop());

  const ask = async (actor: Actor, query: string, input: object) =>
    Object.values(
      await mulin.answer<Record<string, Record<string, unknown>>>(actor, query, { input }),
    )[0];
  const propose = (actor: Actor, id: string, more: object = {}) =>
    ask(actor, PROPOSE, {
      ...{ id, to: '2026-06-30', expectedVersion: 1, idempotencyKey: newEventId() },
      ...more,
    });
  const end = (actor: Actor, id: string, more: object = {}) =>
    ask(actor, END, { id, expectedVersion: 2, idempotencyKey: newEventId(), ...more });

  /** Somebody of the office who is a director of an organisation. */
  async function bound(): Promise<{ director: Actor; id: string }> {
    const [id, organisationId, director] = [newId('rel'), newId('org'), officer()];
    await mulin.database.query(
      `insert into organisation (id, street, type, name, state, registered_by, version, events)
       values ($1, '310110015', 'PARTNER', '某单位', 'registered', 'per_1', 1, 1)`,
      [organisationId],
    );
    await mulin.database.query(
      `insert into person (id, street, name, registered_by, version)
       values ($1, '310110015', '王某某', 'per_1', 1)`,
      [director.id],
    );
    await mulin.database.query(
      `insert into relation (id, street, person_id, organisation_id, kind, valid_from, recorded_by,
         version, events) values ($1, '310110015', $2, $3, 'director', '2025-01-01', 'per_1', 1, 1)`,
      [id, director.id, organisationId],
    );
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
    expect(await end(colleague, id, { expectedVersion: 1 })).toMatchObject({
      __typename: 'StateConflict',
    });
    await propose(clerk, id);
    await propose(colleague, id, { to: '2026-03-31', expectedVersion: 2 });
    expect(await end(clerk, id, { expectedVersion: 3 })).toMatchObject({ to: '2026-03-31' });
    expect(await propose(clerk, id, { expectedVersion: 4 })).toMatchObject({
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
