import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Actor, excludingRoles, NEVER_TOGETHER, ROLES, signCall } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { buildSchema, type GraphQLSchema, isObjectType, parse, Kind } from 'graphql';
import {
  OTHER_STREET,
  person,
  SERVICE_NAMES,
  type ServiceName,
  STREET,
  SUPERGRAPH,
  WHILE_IT_BOOTS,
  World,
} from '../journeys/world.js';
import { MUTATIONS, type Outcomes, QUERIES, REFERENCES, type Row } from './matrix/index.js';
import { plant, type Planted, SECRET_WORDS } from './planted.js';
import { everythingOf, operationOf } from './selection.js';

describe('who gets what of a contract that is not theirs', () => {
  let world: World;
  let planted: Planted;
  let before: Record<string, string>;

  beforeAll(async () => {
    world = await World.open({ at: '2026-01-05T10:00:00+08:00' });
    planted = await plant(world);
    before = await everyRow();
  }, WHILE_IT_BOOTS);

  afterAll(async () => {
    await world.close();
  });

  /** The five who try; the order is that of the matrix. */
  const whoTries = (wrong: Row['wrong']): readonly (Actor | null)[] => [
    null,
    person('resident'),
    person(['organisationManager', 'organisationFinance'], { organisation: newId('org') }),
    // Of another street, and lying as much as an issuer could let them: every role, this organisation.
    person(ROLES, { street: OTHER_STREET, organisation: planted.organisation }),
    person(wrong),
  ];

  /** No token gives one hand roles that exclude each other: that liar comes once for each of them. */
  const asIssued = (actor: Actor | null): readonly (Actor | null)[] =>
    excludingRoles(actor?.roles ?? []).length === 0
      ? [actor]
      : NEVER_TOGETHER.map((kept) => {
          const others = NEVER_TOGETHER.filter((role) => role !== kept);
          const roles = actor?.roles.filter((role) => !others.includes(role)) ?? [];
          return { ...person(roles), ...actor, roles };
        });

  it('lets the people of the matter read it, so that what is refused below is really there', async () => {
    const { auditor } = world.people;
    const { text } = await world.ask(
      auditor,
      `query ($id: ID!) { contract(id: $id) { title amount { fen } breaches { evidence }
        instalments { decisions { released { fen } } } acceptance { standards { note } } } }`,
      { id: planted.contract },
    );
    for (const word of ['绝密协议', '绝密证据', '绝密验收', '7853981'])
      expect(text).toContain(word);
    const own = await world.ask(
      planted.agreement.manager,
      'query ($id: ID!) { evaluation(id: $id) { appeals { text } } }',
      { id: planted.evaluation },
    );
    expect(own.text).toContain('绝密申诉');
  });

  it('shows the dead letters of a street to its own approver alone', async () => {
    const { approver } = world.people;
    for (const service of ['contracts', 'evaluations', 'payments']) {
      const query = `{ ${service}DeadLetters(first: 5) { nodes { payloadHash } } }`;
      expect((await world.ask(approver, query)).text).toContain('SECRET9001');
    }
  });

  it('publishes the register, and to strangers not the people in it', async () => {
    const resident = person('resident');
    const variables = { id: planted.organisation };
    const query = 'query ($id: ID!) { organisation(id: $id) { name state creditCode } }';
    const { organisation } = await world.answer<Record<string, { name: string }>>(
      resident,
      query,
      variables,
    );
    expect(organisation?.name).toBe('公开名称社（虚构）');
    // Its name and code are public anyway, so that a published result can name its winner.
    expect((await world.answer(null, query, variables)).organisation).toEqual(organisation);
    const people = 'query ($id: ID!) { organisation(id: $id) { posts { personId } } }';
    const { data, codes } = await world.ask(resident, people, variables);
    expect({ data, codes }).toEqual({ data: { organisation: { posts: null } }, codes: [] });
    expect((await world.ask(null, people, variables)).data).toEqual({
      organisation: { posts: null },
    });
  });

  describe.each([
    ['query', QUERIES],
    ['mutation', MUTATIONS],
  ] as const)('every %s', (kind, table) => {
    it('has a row, and no row is about one that is gone', () => {
      const type = kind === 'query' ? world.schema.getQueryType() : world.schema.getMutationType();
      expect(Object.keys(table).sort()).toEqual(Object.keys(type?.getFields() ?? {}).sort());
    });

    it.each(Object.entries(table))('%s', async (name, row) => {
      const type = kind === 'query' ? world.schema.getQueryType() : world.schema.getMutationType();
      const field = type?.getFields()[name];
      if (!field) throw new Error(`there is no ${name}`);
      const names = Object.keys(row.args(planted));
      const depth = kind === 'query' ? await deepest(field, names) : 1;
      const query = operationOf(world.schema, field, { kind, args: names, depth });
      const came: string[] = [];
      for (const actor of whoTries(row.wrong)) {
        const args = row.args(planted);
        let outcome = 'FORBIDDEN';
        for (const one of asIssued(actor)) {
          const answer = await world.ask(one, query, args);
          expectNoLeak(answer.text, args, isPublic(name));
          outcome = outcomeOf(answer.data?.[name], answer.codes);
          if (outcome !== 'FORBIDDEN') break;
        }
        came.push(outcome);
      }
      expect(came).toEqual(row.outcomes);
    });
  });

  describe('every reference that a subgraph resolves by its key', () => {
    const asked = Object.entries(REFERENCES);

    it('has a row, and no row is about one that is gone', async () => {
      expect(Object.keys(REFERENCES).sort()).toEqual(await resolvableReferences());
    });

    it.each(asked)('%s', async (name, row) => {
      const [subgraph, typeName] = name.split('.') as [ServiceName, string];
      const schema = await schemaOf(subgraph);
      const type = schema.getType(typeName);
      if (!isObjectType(type)) throw new Error(`${subgraph} has no ${typeName}`);
      const query = `query ($of: [_Any!]!) { _entities(representations: $of) {
        ... on ${typeName} { ${everythingOf(schema, type, 2)} } } }`;
      const id = row.id(planted);
      const came: string[] = [];
      for (const actor of whoTries('neighbourhoodCadre')) {
        const of = [{ __typename: typeName, id }];
        const { text, entity, codes } = await askSubgraph(subgraph, actor, { query, of });
        came.push(entity && codes.length === 0 ? hollowOrTold(entity) : (codes[0] ?? 'null'));
        expectNoLeak(text, { id, ...ownKeys() }, typeName === 'Organisation');
      }
      expect(came).toEqual(row.outcomes satisfies Outcomes);
    });
  });

  it.each([
    ['state', 'SIGNED'],
    ['street', OTHER_STREET],
    ['createdBy', 'per_1'],
    ['version', 9],
    ['approvedBy', 'per_1'],
    ['signedAt', '2026-01-01T00:00:00Z'],
    ['released', '100'],
  ])('writes nothing when an input says %s as well', async (field, value) => {
    const { officer } = world.people;
    const input = { ...(MUTATIONS.draftOrder?.args(planted).input as object), [field]: value };
    const mutation =
      'mutation ($input: DraftOrderInput!) { draftOrder(input: $input) { __typename } }';
    const { codes, data } = await world.ask(officer, mutation, { input });
    expect({ codes, data }).toEqual({ codes: ['BAD_USER_INPUT'], data: null });
  });

  it('believes no header of the client about who it is', async () => {
    const { auditor } = world.people;
    const actor = JSON.stringify(auditor);
    const forged: Record<string, string> = {
      'x-user': auditor.id,
      'x-actor': actor,
      'x-roles': 'auditor',
      'x-org': planted.organisation,
      'x-street': STREET,
      'x-forwarded-user': auditor.id,
      'mulin-call': actor,
      actor,
    };
    const query = 'query ($id: ID!) { contract(id: $id) { title } viewer { id roles } }';
    const variables = { id: planted.contract };
    const nobody = await world.ask(null, query, variables, forged);
    expect(nobody.codes).toContain('UNAUTHENTICATED');
    expect(nobody.text).not.toContain(auditor.id);

    const stranger = person('resident');
    const asStranger = await world.ask(stranger, query, variables, forged);
    expect(asStranger.codes).toContain('NOT_FOUND');

    // Even a call that is signed as the gateway signs it does not pass at the gateway's own door.
    const body = JSON.stringify({ query, variables });
    const token = await signCall(world.callKeys.privateJwk, {
      audience: 'contracts',
      body,
      actor: auditor,
    });
    for (const authorization of [`Mulin-Call ${token}`, `Bearer ${token}`]) {
      const { status, text } = await world.ask(null, query, variables, { authorization });
      expect({ status, leaks: text.includes('绝密') }).toEqual({ status: 401, leaks: false });
    }
  });

  it('has left every row of the street as it was', async () => {
    expect(await everyRow()).toEqual(before);
  });

  /** As many objects deep as the gateway's own limits let anyone ask. */
  async function deepest(field: Parameters<typeof operationOf>[1], args: string[]) {
    for (const depth of [3, 2, 1]) {
      const query = operationOf(world.schema, field, { kind: 'query', args, depth });
      const { codes } = await world.ask(null, query, {});
      if (!codes.includes('OPERATION_TOO_LARGE')) return depth;
    }
    throw new Error(`${field.name} cannot be asked at all`);
  }

  function expectNoLeak(text: string, given: object, mayName: boolean): void {
    const sent = JSON.stringify(given);
    const { agreement: _, ...ids } = planted;
    const words = [...SECRET_WORDS, ...Object.values(ids)].filter((word) => !sent.includes(word));
    const open = mayName ? [planted.organisation] : [];
    const leaked = words.filter((word) => text.includes(word) && !open.includes(word));
    expect(leaked).toEqual([]);
  }

  /** Somebody of another street claims the planted organisation: its id is no secret to them. */
  function ownKeys() {
    return { organisation: planted.organisation };
  }

  function isPublic(name: string): boolean {
    return ['organisation', 'organisations', 'viewer'].includes(name);
  }

  async function askSubgraph(
    subgraph: ServiceName,
    actor: Actor | null,
    { query, of }: { query: string; of: object[] },
  ) {
    const body = JSON.stringify({ query, variables: { of } });
    const token = await signCall(world.callKeys.privateJwk, { audience: subgraph, body, actor });
    const response = await fetch(world.services[subgraph].url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Mulin-Call ${token}` },
      body,
    });
    const text = await response.text();
    const { data, errors = [] } = JSON.parse(text) as {
      data?: { _entities: (Record<string, unknown> | null)[] } | null;
      errors?: { extensions: { code: string } }[];
    };
    const codes = [...new Set(errors.map(({ extensions }) => extensions.code))];
    return { text, entity: data?._entities[0] ?? null, codes };
  }

  /** A fingerprint of every row of the street, table by table. */
  async function everyRow(): Promise<Record<string, string>> {
    const prints: Record<string, string> = {};
    for (const service of SERVICE_NAMES) {
      const tables = await world.databases[service].query<{ name: string }>(
        `select table_name as name from information_schema.columns
         where table_schema = 'public' and column_name = 'street' order by 1`,
      );
      for (const { name } of tables) {
        const [row] = await world.databases[service].query<{ rows: string }>(
          `select count(*) || ' ' || coalesce(md5(string_agg(each::text, '|' order by each::text)), '') as rows
           from "${name}" as each where street = $1`,
          [STREET],
        );
        prints[`${service}.${name}`] = row?.rows ?? '';
      }
    }
    return prints;
  }
});

/** What came, in the matrix's words. */
function outcomeOf(value: unknown, codes: readonly string[]): string {
  if (codes.length > 0) return codes[0] ?? '';
  if (value === null || value === undefined) return 'null';
  if (typeof value !== 'object') return 'told';
  if ('pageInfo' in value && 'nodes' in value && Array.isArray(value.nodes)) {
    const total = 'totalCount' in value ? value.totalCount : 0;
    return value.nodes.length === 0 && total === 0 ? 'empty' : 'told';
  }
  const name = '__typename' in value ? String(value.__typename) : '';
  // A refusal's own fields are not asked for here: only its name comes.
  return Object.keys(value).length === 1 ? name : 'told';
}

/** Whether anything but the key and the type's name is in it. */
function hollowOrTold(entity: Record<string, unknown>): string {
  const values = Object.entries(entity).filter(([name]) => name !== 'id' && name !== '__typename');
  const isNothing = (value: unknown) =>
    value === null || (Array.isArray(value) && value.length === 0);
  return values.every(([, value]) => isNothing(value)) ? 'hollow' : 'told';
}

async function schemaOf(subgraph: ServiceName): Promise<GraphQLSchema> {
  const file = new URL(`../../services/${subgraph}/schema.graphql`, import.meta.url);
  return buildSchema(await readFile(file, 'utf8'), { assumeValid: true, assumeValidSDL: true });
}

/** `subgraph.Type` for every key that the composed graph lets the gateway ask for. */
async function resolvableReferences(): Promise<string[]> {
  const names: string[] = [];
  for (const definition of parse(await readFile(SUPERGRAPH, 'utf8')).definitions) {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    for (const directive of definition.directives ?? []) {
      if (directive.name.value !== 'join__type') continue;
      const argument = (name: string) =>
        directive.arguments?.find((each) => each.name.value === name)?.value;
      const graph = argument('graph');
      const resolvable = argument('resolvable');
      const isOff = resolvable?.kind === Kind.BOOLEAN && !resolvable.value;
      if (argument('key') && !isOff && graph?.kind === Kind.ENUM) {
        names.push(`${graph.value.toLowerCase()}.${definition.name.value}`);
      }
    }
  }
  return names.sort();
}
