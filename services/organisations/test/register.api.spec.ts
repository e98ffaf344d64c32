import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newEventId, newId } from '@mulin/ids';
import { countStatements, type TestService, testService } from '@mulin/testing';
import { boot, migrations, serviceName } from '../src/index.js';
import { creditCodeCheck } from '../src/organisation/credit-code.js';

const STREET = '310110015';
const person = (roles: Actor['roles'], more: Partial<Actor> = {}): Actor => ({
  id: newId('per'),
  street: STREET,
  organisation: null,
  roles,
  ...more,
});
const officer = person(['streetOfficer']);
const approver = person(['streetApprover']);
const elsewhere = person(['streetOfficer'], { street: '310110016' });

const REGISTER = /* GraphQL */ `
  mutation ($input: RegisterOrganisationInput!) {
    registerOrganisation(input: $input) {
      __typename
      ... on Organisation {
        id
        name
        state
        version
      }
      ... on Refusal {
        message
        rule {
          id
          article
          title
        }
      }
      ... on InvalidInput {
        field
        problem
      }
    }
  }
`;
const VERIFY = /* GraphQL */ `
  mutation ($input: VerifyOrganisationInput!) {
    verifyOrganisation(input: $input) {
      __typename
      ... on Organisation {
        id
        state
        version
      }
      ... on StateConflict {
        expectedVersion
        actualVersion
        actualState
      }
      ... on SecondPersonNeeded {
        firstPersonId
      }
      ... on Refusal {
        rule {
          id
        }
      }
    }
  }
`;

let serial = 5370001;
function creditCode(): string {
  const first = `52310110MJ${serial++}`;
  return first + creditCodeCheck(first);
}

interface Answer {
  registerOrganisation: Record<string, unknown>;
  verifyOrganisation: Record<string, unknown>;
}

describe('the register of organisations', () => {
  let mulin: TestService;
  beforeAll(async () => {
    mulin = await testService({ serviceName, boot, migrations });
  });
  afterAll(() => mulin.stop());

  const content = (more: object = {}) => ({
    id: newId('org'),
    type: 'SERVICE_ORGANISATION',
    name: '延泽社会服务中心',
    creditCode: creditCode(),
    ...more,
  });
  const register = async (input: object, actor: Actor = officer) =>
    (await mulin.answer<Answer>(actor, REGISTER, { input })).registerOrganisation;
  const verify = async (input: object, actor: Actor = approver) =>
    (await mulin.answer<Answer>(actor, VERIFY, { input })).verifyOrganisation;
  const eventsOf = (id: string) =>
    mulin.database.query<{ type: string; aggregateversion: number }>(
      'select type, aggregateversion from mulin.outbox where aggregateid = $1 order by seq',
      [id],
    );

  it('enters an organisation and tells of it once, however often the same request comes', async () => {
    const input = content();
    const answers = await Promise.all(Array.from({ length: 20 }, () => register(input)));
    for (const answer of answers) {
      expect(answer).toEqual({
        __typename: 'Organisation',
        id: input.id,
        name: input.name,
        state: 'REGISTERED',
        version: 1,
      });
    }
    expect(await eventsOf(input.id)).toEqual([
      { type: 'mulin.organisation.registered.v1', aggregateversion: 1 },
    ]);
  });

  it('refuses an id that was used for other content, or by someone else', async () => {
    const input = content();
    await register(input);
    expect(await register({ ...input, name: '另一个名字' })).toMatchObject({
      __typename: 'IdAlreadyUsed',
    });
    expect(await register(input, person(['streetOfficer']))).toMatchObject({
      __typename: 'IdAlreadyUsed',
    });
  });

  it('refuses a credit code whose check character is wrong, naming the standard, in both languages', async () => {
    const input = content({ creditCode: '91350100M000100Y44' });
    const chinese = await mulin.ask<Answer>(
      officer,
      REGISTER,
      { input },
      { 'accept-language': 'zh-CN' },
    );
    const english = await mulin.ask<Answer>(
      officer,
      REGISTER,
      { input },
      { 'accept-language': 'en' },
    );
    expect(chinese.data?.registerOrganisation).toMatchObject({
      __typename: 'CreditCodeInvalid',
      rule: { id: 'organisation.creditCode', title: '统一社会信用代码' },
    });
    expect(english.data?.registerOrganisation).toMatchObject({
      message: expect.stringContaining('is not valid'),
      rule: { title: 'Unified social credit code' },
    });
    expect(await eventsOf(input.id)).toEqual([]);
  });

  it('refuses a credit code that is registered already, also in another street', async () => {
    const first = content();
    await register(first);
    const second = content({ creditCode: first.creditCode });
    expect(await register(second)).toMatchObject({ __typename: 'CreditCodeTaken' });
    expect(await register({ ...second, id: newId('org') }, elsewhere)).toMatchObject({
      __typename: 'CreditCodeTaken',
    });
  });

  it('answers text that is no id with a typed refusal that names the field', async () => {
    expect(await register(content({ id: 'org_1' }))).toMatchObject({
      __typename: 'InvalidInput',
      field: 'input.id',
      problem: 'NOT_AN_ID',
    });
  });

  it.each([
    ['', 'EMPTY'],
    [' \t ', 'EMPTY'],
    ['名'.repeat(201), 'TOO_LONG'],
    ['abc\u202Efed', 'NOT_PLAIN_TEXT'],
  ])('answers a name that is none (%j) with a typed refusal', async (name, problem) => {
    expect(await register(content({ name }))).toMatchObject({
      __typename: 'InvalidInput',
      field: 'input.name',
      problem,
    });
  });

  it('lets a second person verify, and never the one who registered', async () => {
    const input = content();
    await register(input);
    const request = { id: input.id, expectedVersion: 1, idempotencyKey: newId('org') };
    const both = person(['streetOfficer']);
    const own = content();
    await register(own, both);
    expect(await verify({ ...request, id: own.id }, both)).toMatchObject({
      __typename: 'SecondPersonNeeded',
      firstPersonId: both.id,
      rule: { id: 'fourEyes' },
    });
    expect(await verify(request)).toEqual({
      __typename: 'Organisation',
      id: input.id,
      state: 'VERIFIED',
      version: 2,
    });
    expect(await verify(request)).toMatchObject({ __typename: 'Organisation', version: 2 });
    expect(await verify({ ...request, expectedVersion: 2 })).toMatchObject({
      __typename: 'IdempotencyKeyReused',
    });
    expect(await verify({ ...request, idempotencyKey: 'other' })).toEqual({
      __typename: 'StateConflict',
      expectedVersion: 1,
      actualVersion: 2,
      actualState: 'verified',
      rule: { id: 'state.order' },
    });
    expect(await eventsOf(input.id)).toHaveLength(2);
  });

  it('keeps four eyes in the database too', async () => {
    const input = content();
    await register(input);
    const update = mulin.database.query(
      "update organisation set state = 'verified', verified_by = registered_by where id = $1",
      [input.id],
    );
    await expect(update).rejects.toThrow('who registers does not verify');
  });

  it('lets only officers write, and tells the anonymous to sign in', async () => {
    const code = async (actor: Actor | null) =>
      (await mulin.ask(actor, REGISTER, { input: content() })).errors?.[0]?.extensions.code;
    expect(await code(person(['organisationManager']))).toBe('FORBIDDEN');
    expect(await code(null)).toBe('UNAUTHENTICATED');
  });

  it('records a post as the relation that obliges to recusal, and tells no name of it', async () => {
    const organisation = content();
    await register(organisation);
    const personId = newId('per');
    const { registerPerson, recordPost } = await mulin.answer<
      Record<string, Record<string, unknown>>
    >(
      officer,
      /* GraphQL */ `
        mutation ($person: RegisterPersonInput!, $post: RecordPostInput!) {
          registerPerson(input: $person) {
            __typename
            ... on Person {
              id
              name
            }
          }
          recordPost(input: $post) {
            __typename
            ... on Post {
              id
              role
              relation {
                id
                kind
                from
                to
              }
            }
          }
        }
      `,
      {
        person: { id: personId, name: '王某某' },
        post: {
          id: newId('pos'),
          personId,
          organisationId: organisation.id,
          role: 'HEAD',
          from: '2024-01-01',
        },
      },
    );
    expect(registerPerson).toMatchObject({ __typename: 'Person' });
    expect(recordPost).toMatchObject({
      __typename: 'Post',
      relation: { kind: 'HEAD', from: '2024-01-01', to: null },
    });
    const { id } = recordPost?.relation as { id: string };
    await mulin.answer(
      approver,
      `mutation ($input: ConfirmRelationInput!) { confirmRelation(input: $input) { __typename } }`,
      { input: { id, expectedVersion: 1, idempotencyKey: newEventId() } },
    );
    const events = await mulin.database.query<{ text: string }>(
      "select payload::text || headers::text as text from mulin.outbox where aggregatetype = 'relation'",
    );
    expect(events).toHaveLength(1);
    expect(events[0]?.text).toContain(personId);
    expect(events[0]?.text).not.toContain('王某某');

    const found = async (filter: object) =>
      (
        await mulin.answer<{ persons: { nodes: { id: string }[] } }>(
          officer,
          'query ($filter: PersonFilter) { persons(filter: $filter) { nodes { id } } }',
          { filter },
        )
      ).persons.nodes;
    expect(await found({ organisationId: organisation.id })).toEqual([{ id: personId }]);
    expect(await found({ name: '某某', organisationId: organisation.id })).toHaveLength(1);
    expect(await found({ name: '%' })).toEqual([]);
    const related = (of: Record<string, unknown>) =>
      mulin.ask<{ relations: { nodes: { kind: string }[] } }>(
        officer,
        `query ($organisationId: ID, $personId: ID) {
          relations(organisationId: $organisationId, personId: $personId) { nodes { kind } } }`,
        of,
      );
    const [byPerson, byBoth, byNobody] = await Promise.all([
      related({ personId }),
      related({ personId, organisationId: newId('org') }),
      related({}),
    ]);
    expect(byPerson.data?.relations.nodes).toEqual([{ kind: 'HEAD' }]);
    expect(byBoth.data?.relations.nodes).toEqual([]);
    expect(byNobody.errors?.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
  });

  it('refuses a relation that ends before it began', async () => {
    const organisation = content();
    await register(organisation);
    const people = await mulin.answer<{ persons: { nodes: { id: string }[] } }>(
      officer,
      '{ persons(first: 1) { nodes { id } } }',
    );
    const { recordRelation } = await mulin.answer<Record<string, unknown>>(
      officer,
      /* GraphQL */ `
        mutation ($input: RecordRelationInput!) {
          recordRelation(input: $input) {
            __typename
            ... on DatesOutOfOrder {
              from
              to
            }
          }
        }
      `,
      {
        input: {
          id: newId('rel'),
          personId: people.persons.nodes[0]?.id,
          organisationId: organisation.id,
          kind: 'EMPLOYEE',
          from: '2025-02-01',
          to: '2025-01-31',
        },
      },
    );
    expect(recordRelation).toEqual({
      __typename: 'DatesOutOfOrder',
      from: '2025-02-01',
      to: '2025-01-31',
    });
  });

  it('answers probes and monitoring without a signature, and nothing else', async () => {
    const get = (path: string) => fetch(new URL(path, mulin.service.url));
    expect(await (await get('/health/ready')).json()).toMatchObject({ database: 'ok' });
    expect(await (await get('/metrics')).text()).toContain('mulin_dead_letters_open');
    expect((await get('/graphql')).status).toBe(401);
    expect((await get('/anything')).status).toBe(401);
  });

  describe('as a list', () => {
    const LIST = /* GraphQL */ `
      query ($first: Int!, $after: String, $search: String) {
        organisations(
          first: $first
          after: $after
          filter: { search: $search }
          orderBy: { field: NAME }
        ) {
          nodes {
            id
            name
            posts {
              id
            }
          }
          pageInfo {
            hasNextPage
            endCursor
          }
          totalCount
        }
      }
    `;
    interface Listed {
      organisations: {
        nodes: { id: string; name: string }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
        totalCount: number;
      };
    }

    beforeAll(async () => {
      for (let index = 0; index < 25; index += 1)
        await register(content({ name: `分页中心 ${index % 5}` }));
    });

    it('gives every row exactly once over its pages, equal names included', async () => {
      const seen: string[] = [];
      let after: string | null = null;
      for (let page = 0; page < 10; page += 1) {
        const { organisations }: Listed = await mulin.answer<Listed>(officer, LIST, {
          first: 7,
          after,
          search: '分页',
        });
        seen.push(...organisations.nodes.map(({ id }) => id));
        expect(organisations.totalCount).toBe(25);
        after = organisations.pageInfo.endCursor;
        if (!organisations.pageInfo.hasNextPage) break;
      }
      expect(seen).toHaveLength(25);
      expect(new Set(seen).size).toBe(25);
    });

    it('names the organisations of a list of ids, those that one may see, and at most a hundred', async () => {
      const mine = [content(), content()];
      for (const each of mine) await register(each);
      const ids = mine.map(({ id }) => id);
      const BY_IDS = `query ($ids: [ID!]!) { organisations(first: 100, filter: { ids: $ids }) {
        nodes { id name } } }`;
      const seen = async (actor: typeof officer, wanted: readonly string[]) =>
        (await mulin.answer<Listed>(actor, BY_IDS, { ids: wanted })).organisations.nodes.map(
          ({ id }) => id,
        );
      expect(await seen(officer, [...ids, newId('org')])).toEqual(ids.toSorted());
      expect(await seen(officer, [])).toEqual([]);
      expect(await seen(elsewhere, ids)).toEqual([]);
      const { errors } = await mulin.ask(officer, BY_IDS, {
        ids: Array.from({ length: 101 }, () => newId('org')),
      });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    });

    it('takes a % in a search for what it is', async () => {
      const { organisations } = await mulin.answer<Listed>(officer, LIST, {
        first: 5,
        search: '%',
      });
      expect(organisations.totalCount).toBe(0);
    });

    it.each([0, 101, -1])('refuses a page of %s', async (first) => {
      const { errors } = await mulin.ask(officer, LIST, { first });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    });

    it('refuses a cursor that it did not make', async () => {
      const { errors } = await mulin.ask(officer, LIST, { first: 5, after: 'bm9uc2Vuc2U' });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    });

    it('costs the same number of SQL statements for 2 rows and for 20', async () => {
      const statements = async (first: number) =>
        (
          await countStatements(mulin.service.database.app, () =>
            mulin.answer(officer, LIST, { first, search: '分页' }),
          )
        ).count;
      expect(await statements(20)).toBe(await statements(2));
    });

    it('shows another street nothing of it, by page, by id, or as an entity', async () => {
      const input = content();
      await register(input);
      const page = await mulin.answer<Listed>(elsewhere, LIST, { first: 100, search: '分页' });
      expect(page.organisations.nodes).toEqual([]);
      const one = await mulin.ask(elsewhere, '{ organisation(id: "' + input.id + '") { name } }');
      expect(one.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
      const ENTITIES =
        'query ($r: [_Any!]!) { _entities(representations: $r) { ... on Organisation { name } } }';
      const representations = { r: [{ __typename: 'Organisation', id: input.id }] };
      expect((await mulin.ask(elsewhere, ENTITIES, representations)).data).toEqual({
        _entities: [null],
      });
      expect((await mulin.ask(officer, ENTITIES, representations)).data).toEqual({
        _entities: [{ name: input.name }],
      });
    });
  });
});
