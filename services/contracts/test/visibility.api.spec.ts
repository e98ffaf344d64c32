import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { countStatements, queryPlan } from '@mulin/testing';
import pg from 'pg';
import {
  type Bench,
  bench,
  type Drafted,
  key,
  knownOrganisation,
  person,
  STREET,
} from './builders.js';
import { expectChecksToHold } from './checks.js';

const OTHER_STREET = '310110016';
const TABLES = [
  'contract',
  'instalment',
  'obligation',
  'signature',
  'fulfilment',
  'breach',
  'organisation',
] as const;

describe('who sees which contract', () => {
  let at: Bench;
  let contract: Drafted;
  let app: pg.Client;
  beforeAll(async () => {
    at = await bench();
    contract = await at.contract('ACTIVE');
    const reports = {
      contractId: contract.id,
      occurredAt: '2026-04-03T12:00:00+08:00',
      evidence: '照片 7',
    };
    const breach = { ...reports, id: newId('brc'), obligation: 'hotline-response' };
    await at.do(at.officer, 'recordBreach', breach);
    await at.do(at.approver, 'confirmBreach', { ...key(breach.id), expectedVersion: 1 });
    const fulfilment = {
      ...reports,
      id: newId('ful'),
      obligation: 'volunteer-team',
      status: 'FULFILLED',
    };
    await at.do(at.officer, 'recordFulfilment', fulfilment);
    app = new pg.Client({ connectionString: at.mulin.database.urls.app });
    await app.connect();
  });
  afterAll(async () => {
    await app.end();
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  /** How many rows the app role sees of each table, acting as somebody. */
  const seen = async (settings: Record<string, string>) => {
    await app.query('begin');
    for (const [name, value] of Object.entries(settings))
      await app.query('select set_config($1, $2, true)', [name, value]);
    const counts: Record<string, number> = {};
    for (const table of TABLES) {
      const { rows } = await app.query<{ count: number }>(
        `select count(*)::int as count from ${table}`,
      );
      counts[table] = rows[0]?.count ?? -1;
    }
    await app.query('rollback');
    return counts;
  };
  const nothing = Object.fromEntries(TABLES.map((table) => [table, 0]));

  it('shows nothing to who is nobody', async () => {
    expect(await seen({})).toEqual(nothing);
  });

  it('shows the whole street to its staff, and nothing to the staff of another street', async () => {
    const street = await seen({ 'app.street': STREET, 'app.staff': 'on' });
    for (const table of TABLES)
      expect({ table, rows: street[table] }).not.toEqual({ table, rows: 0 });
    expect(await seen({ 'app.street': OTHER_STREET, 'app.staff': 'on' })).toEqual(nothing);
  });

  it('shows an organisation its own contracts, and nothing of another’s', async () => {
    const own = await seen({ 'app.street': STREET, 'app.organisation': at.organisationId });
    for (const table of TABLES) expect({ table, rows: own[table] }).not.toEqual({ table, rows: 0 });
    expect(await seen({ 'app.street': STREET, 'app.organisation': newId('org') })).toEqual(nothing);
    expect(
      await seen({ 'app.street': OTHER_STREET, 'app.organisation': at.organisationId }),
    ).toEqual(nothing);
  });

  it('protects every table of the service, but those of the law', async () => {
    const open = await at.mulin.database.query<{ relname: string }>(
      `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'
       and not (relrowsecurity and relforcerowsecurity) order by 1`,
    );
    expect(open.map(({ relname }) => relname)).toEqual([
      'contract_limit',
      'contract_step',
      'legal_term',
      'termination_reason',
    ]);
  });

  it('lets nobody write a row for another street, or for another organisation', async () => {
    const forge = async (settings: Record<string, string>) => {
      await app.query('begin');
      for (const [name, value] of Object.entries(settings))
        await app.query('select set_config($1, $2, true)', [name, value]);
      const insert = app.query(
        `insert into organisation (id, street, name) values ($1, '${OTHER_STREET}', 'x')`,
        [newId('org')],
      );
      await expect(insert).rejects.toThrow('row-level security');
      await app.query('rollback');
    };
    await forge({ 'app.street': STREET, 'app.staff': 'on' });
    await forge({ 'app.street': OTHER_STREET, 'app.organisation': newId('org') });
  });

  it('never lets the app role change a signature, a ground of the law or the table of steps', async () => {
    for (const table of ['signature', 'termination_reason', 'contract_step'])
      await expect(app.query(`delete from ${table}`)).rejects.toThrow('permission denied');
    await expect(app.query("update signature set side = 'buyer'")).rejects.toThrow(
      'permission denied',
    );
    await expect(app.query("update termination_reason set article = 'x'")).rejects.toThrow(
      'permission denied',
    );
  });

  it('answers NOT_FOUND, not FORBIDDEN, for what is not to be seen', async () => {
    const strangers = [
      person(['streetOfficer'], { street: OTHER_STREET }),
      person(['organisationManager'], { organisation: newId('org') }),
      person(['resident']),
    ];
    for (const stranger of strangers) {
      for (const [field, id] of [
        ['contract', contract.id],
        ['instalment', contract.instalments[0]?.id],
      ]) {
        const { errors } = await at.mulin.ask(
          stranger,
          `query ($id: ID!) { ${field}(id: $id) { id } }`,
          { id },
        );
        expect(errors?.[0]?.extensions.code).toBe('NOT_FOUND');
      }
    }
  });

  it('asks the anonymous to sign in', async () => {
    const { errors } = await at.mulin.ask(null, '{ contracts { nodes { id } } }');
    expect(errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('gives other services a contract and an instalment by id, and null for what is not visible', async () => {
    const entities = async (actor: typeof at.officer) =>
      (
        await at.mulin.answer<{ _entities: object[] }>(
          actor,
          /* GraphQL */ `
            query ($representations: [_Any!]!) {
              _entities(representations: $representations) {
                ... on Contract {
                  id
                  title
                }
                ... on Instalment {
                  no
                  contract {
                    id
                  }
                }
              }
            }
          `,
          {
            representations: [
              { __typename: 'Contract', id: contract.id },
              { __typename: 'Instalment', id: contract.instalments[1]?.id },
              { __typename: 'Contract', id: newId('con') },
            ],
          },
        )
      )._entities;
    expect(await entities(at.manager)).toEqual([
      { id: contract.id, title: contract.title },
      { no: 2, contract: { id: contract.id } },
      null,
    ]);
    expect(await entities(person(['organisationManager'], { organisation: newId('org') }))).toEqual(
      [null, null, null],
    );
  });

  describe('as a list', () => {
    const LIST = /* GraphQL */ `
      query ($first: Int!, $after: String, $filter: ContractFilter, $orderBy: ContractOrder) {
        contracts(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
          nodes {
            id
            title
            textHash
            instalments {
              no
              fund {
                id
              }
              amount {
                fen
              }
              contract {
                id
              }
            }
            obligations {
              code
              status
            }
            signatures {
              side
            }
            breaches {
              id
            }
            fulfilments(first: 3) {
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
      contracts: {
        nodes: { id: string; title: string }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
        totalCount: number;
      };
    }
    const list = async (variables: object) =>
      (await at.mulin.answer<Listed>(at.officer, LIST, { first: 20, ...variables })).contracts;

    beforeAll(async () => {
      for (let index = 0; index < 25; index += 1)
        await at.contract('DRAFTED', { title: `分页协议 ${index % 5}`, to: '2026-12-31' });
    });

    it.each(['ID', 'TITLE', 'STARTS_ON', 'ENDS_ON', 'DRAFTED_AT'])(
      'gives every row exactly once over its pages, sorted by %s, either way',
      async (field) => {
        for (const direction of ['ASC', 'DESC']) {
          const seen: string[] = [];
          let after: string | null = null;
          for (let page = 0; page < 10; page += 1) {
            const found: Listed['contracts'] = await list({
              first: 7,
              after,
              filter: { search: '分页' },
              orderBy: { field, direction },
            });
            expect(found.totalCount).toBe(25);
            seen.push(...found.nodes.map(({ id }) => id));
            after = found.pageInfo.endCursor;
            if (!found.pageInfo.hasNextPage) break;
          }
          expect(new Set(seen).size).toBe(25);
          expect(seen).toHaveLength(25);
        }
      },
    );

    it('filters by state and organisation', async () => {
      const active = await list({
        filter: { state: { in: ['ACTIVE'] }, organisationId: { eq: at.organisationId } },
      });
      expect(active.nodes.map(({ id }) => id)).toEqual([contract.id]);
      expect((await list({ filter: { organisationId: { eq: newId('org') } } })).totalCount).toBe(0);
    });

    it('filters by tender, by days of the term, and by when it was drafted or signed', async () => {
      const found = async (filter: object, orderBy?: object) =>
        (await list({ filter, orderBy })).nodes.map(({ id }) => id);
      expect(await found({ signed: {} }, { field: 'SIGNED_AT' })).toEqual([contract.id]);
      expect(await found({ tenderId: newId('ten') })).toEqual([]);
      const [row] = await at.mulin.database.query<{ from: string; to: string; drafted: Date }>(
        `select starts_on::text as from, ends_on::text as to, drafted_at as drafted
         from contract where id = $1`,
        [contract.id],
      );
      const term = (from?: string, to?: string) => found({ search: '', term: { from, to } });
      expect(await term(row?.to)).toContain(contract.id);
      expect(await term(undefined, row?.from)).toContain(contract.id);
      expect(await term('2099-01-01')).toEqual([]);
      expect(await term(undefined, '1999-12-31')).toEqual([]);
      const drafted = row?.drafted.toISOString();
      const organisationId = { eq: at.organisationId };
      expect(await found({ organisationId, drafted: { from: drafted } })).toContain(contract.id);
      expect(await found({ drafted: { before: drafted } })).not.toContain(contract.id);
    });

    it.each(['DRAFTED_AT', 'SIGNED_AT'])('by %s comes from an index', async (field) => {
      const { statements } = await countStatements(at.mulin.service.database.app, () =>
        at.mulin.answer(at.officer, `{ contracts(orderBy: { field: ${field} }) { nodes { id } } }`),
      );
      const plan = await queryPlan(at.mulin.service.database.app, statements.at(-1) ?? '');
      expect(plan).toContain('Index');
      expect(plan).not.toMatch(/Sort/);
    });

    it('takes a % in a search for what it is', async () => {
      expect((await list({ filter: { search: '%' } })).totalCount).toBe(0);
    });

    it('costs the same number of SQL statements for 2 rows and for 20', async () => {
      const statements = async (first: number) =>
        (
          await countStatements(at.mulin.service.database.app, () =>
            list({ first, filter: { search: '分页' } }),
          )
        ).count;
      expect(await statements(20)).toBe(await statements(2));
    });

    it('counts only when asked', async () => {
      const { statements } = await countStatements(at.mulin.service.database.app, () =>
        at.mulin.answer(at.officer, '{ contracts(first: 5) { nodes { id } } }'),
      );
      expect(statements.filter((sql) => /count\(/i.test(sql))).toEqual([]);
    });

    it.each([0, 101])('refuses %s breaches at once', async (first) => {
      const { errors } = await at.mulin.ask(
        at.officer,
        'query ($id: ID!, $first: Int!) { contract(id: $id) { breaches(first: $first) { id } } }',
        { id: contract.id, first },
      );
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    });
  });

  it('keeps two streets apart that use the service side by side', async () => {
    const organisationId = newId('org');
    await knownOrganisation(at.mulin, organisationId, { street: OTHER_STREET });
    const officer = person(['streetOfficer'], { street: OTHER_STREET });
    const input = { ...contract, organisationId, id: newId('con') };
    const { version: _, ...fresh } = {
      ...input,
      instalments: input.instalments.map((each) => ({ ...each, id: newId('ins') })),
    };
    expect(await at.do(officer, 'draftContract', fresh)).toMatchObject({ __typename: 'Contract' });
    const { contracts } = await at.mulin.answer<{ contracts: { nodes: object[] } }>(
      officer,
      '{ contracts { nodes { id } } }',
    );
    expect(contracts.nodes).toEqual([{ id: fresh.id }]);
  });
});
