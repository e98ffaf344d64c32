import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { obtainToken } from '../../infra/dev/token.mjs';
import {
  type Agreement,
  AMOUNT,
  decided,
  decisions,
  fund,
  notified,
  organisation,
  planned,
  RULE,
  signedContract,
} from './story.js';
import { person, type Told, World, WHILE_IT_BOOTS } from './world.js';

interface Page {
  contracts: {
    nodes: {
      title: string;
      organisation: { name: string } | null;
      instalments: {
        no: number;
        evaluation: { state: string } | null;
        decisions: { kind: string; because: { text: string }[] }[] | null;
      }[];
    }[];
  };
}

const PAGE = `query ($first: Int!) { contracts(first: $first) { nodes {
  title organisation { name }
  instalments { no
    evaluation { state sheets { id score } }
    decisions { kind because { text } transfers { fen } }
  }
} } }`;

describe('the same question or command, twice or twenty times', () => {
  let world: World;
  let agreement: Agreement;
  let provider: Awaited<ReturnType<typeof organisation>>;

  beforeAll(async () => {
    world = await World.open({ at: '2026-01-05T10:00:00+08:00' });
    provider = await organisation(world, { name: '延泽' });
    const fundId = await fund(world, 20n * AMOUNT);
    const titles = Array.from({ length: 8 }, (_, index) => `协议 ${index + 1}（虚构）`);
    const amount = AMOUNT - 1_000_000n;
    const all = await Promise.all(
      titles.map((title) =>
        signedContract(world, { fundId, provider, title, advance: 1_000_000n, amount, rule: RULE }),
      ),
    );
    await world.clockTo('2026-04-07T10:00:00+08:00');
    agreement = all[0] ?? never();
    await Promise.all(all.slice(1).map(({ instalmentId }) => planned(world, { instalmentId })));
  }, WHILE_IT_BOOTS);

  afterAll(async () => {
    const broken = await world.brokenSentences();
    await world.close();
    expect(broken).toEqual([]);
  });

  it('makes an evaluation final once when the approver’s browser asks twenty times at once', async () => {
    const { approver } = world.people;
    const { instalmentId, manager } = agreement;
    const id = await notified(world, { instalmentId, score: 8500 });
    await world.mustStep(manager, 'acceptResult', id);
    const input = await world.change(id);

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => world.do(approver, 'finaliseEvaluation', input)),
    );
    expect(answers[0]).toMatchObject({ __typename: 'Evaluation', state: 'FINALISED', id });
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);

    const other = { ...input, expectedVersion: input.expectedVersion + 1 };
    expect(await world.do(approver, 'finaliseEvaluation', other)).toMatchObject({
      __typename: 'IdempotencyKeyReused',
      idempotencyKey: input.idempotencyKey,
    });
    await decided(world, instalmentId, 1);
    expect(await eventsOf('evaluations', id, 'evaluation.finalised')).toBe(1);
    expect(await decisions(world, instalmentId)).toHaveLength(1);

    // The same key in another person's hand is that person's own, and finds the matter closed.
    expect(await world.do(world.people.secondApprover, 'finaliseEvaluation', input)).toMatchObject({
      __typename: 'StateConflict',
    });
  });

  it('lets one of twenty approvers win when each asks with a key of his own', async () => {
    const { secondApprover } = world.people;
    const fundId = await fund(world, AMOUNT);
    const mine = await signedContract(world, { fundId, provider, title: '协议 9（虚构）' });
    const id = await notified(world, { instalmentId: mine.instalmentId, score: 9500 });
    await world.mustStep(mine.manager, 'acceptResult', id);
    const inputs = await Promise.all(Array.from({ length: 20 }, () => world.change(id)));
    const answers = await Promise.all(
      inputs.map((input) => world.do(secondApprover, 'finaliseEvaluation', input)),
    );
    const names = answers.map(({ __typename }: Told) => __typename).sort();
    expect(names).toEqual(['Evaluation', ...Array.from({ length: 19 }, () => 'StateConflict')]);
    await decided(world, mine.instalmentId, 1);
    expect(await eventsOf('evaluations', id, 'evaluation.finalised')).toBe(1);
  });

  it('answers one question from four services: who, how it was evaluated, what was decided, why, and what moved', async () => {
    const { auditor } = world.people;
    const answer = await world.answer<{ instalment: Record<string, unknown> }>(
      auditor,
      `query ($id: ID!) { instalment(id: $id) { amount { fen }
        decisions { released { fen } because { step text } transfers { debit credit fen } }
        evaluation { score grade sheets { source score } }
        contract { title organisation { name } } } }`,
      { id: agreement.instalmentId },
    );
    expect(answer.instalment).toMatchObject({
      amount: { fen: '29000000' },
      decisions: [{ released: { fen: '26100000' } }],
      evaluation: { score: 8500, grade: '良好', sheets: [{ source: 'EXPERT', score: 8500 }] },
      contract: { title: '协议 1（虚构）', organisation: { name: '延泽' } },
    });
    const [decision] = answer.instalment.decisions as {
      because: { text: string }[];
      transfers: { fen: string }[];
    }[];
    expect(decision?.because.length).toBeGreaterThan(0);
    const moved = decision?.transfers.map(({ fen }) => fen).sort();
    expect(moved).toEqual(['26100000', '2900000']);
  });

  it('asks the databases no oftener for eight contracts than for two', async () => {
    await world.answer(world.people.auditor, PAGE, { first: 2 });
    const few = await statementsOf(() => page(2));
    const many = await statementsOf(() => page(8));
    expect(many.result.contracts.nodes).toHaveLength(8);
    const told = many.result.contracts.nodes.flatMap(({ instalments }) => instalments);
    expect(told.filter(({ evaluation }) => evaluation)).toHaveLength(8);
    expect(told.filter(({ decisions: some }) => some?.[0]?.kind === 'advance')).toHaveLength(8);
    expect(many.statements).toEqual(few.statements);
    expect(Object.values(few.statements).every((count) => count > 0)).toBe(true);
  });

  it('believes who signed in at Mulin’s own door', async () => {
    const issuer = new URL(world.services.identity.url).origin;
    const gateway = await world.anotherGateway({ oidc: { issuer, audience: 'mulin' } });
    try {
      const login = 'officer';
      const { accessToken } = await obtainToken({ issuer, login, password: 'mulin-demo-2026' });
      const viewerOf = async (token: string) => {
        const response = await fetch(`${gateway.url}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({
            query: '{ viewer { roles street } contracts(first: 1) { nodes { id } } }',
          }),
        });
        return { status: response.status, answer: (await response.json()) as { data?: unknown } };
      };
      expect(await viewerOf(accessToken)).toMatchObject({
        status: 200,
        answer: {
          data: {
            viewer: { roles: ['streetOfficer'], street: '310110015' },
            contracts: { nodes: [{}] },
          },
        },
      });
      // The same claims, signed by an issuer that this gateway does not know.
      const { id: sub, street, roles } = person('streetOfficer');
      const foreign = await world.issuer.token({ sub, street, roles });
      expect((await viewerOf(foreign)).status).toBe(401);
    } finally {
      await gateway.close();
    }
  });

  it('keeps the rest of the page when evaluations is down, and tells no host, table or service', async () => {
    const { evaluations } = world.services;
    await evaluations.close();
    const { status, data, errors, text } = await world.ask<Page>(world.people.auditor, PAGE, {
      first: 2,
    });
    expect(status).toBe(200);
    for (const contract of data?.contracts.nodes ?? []) {
      expect(contract.organisation).toEqual({ name: '延泽' });
      for (const { evaluation, decisions: some } of contract.instalments) {
        expect(evaluation).toBeNull();
        expect(some).not.toBeNull();
      }
    }
    expect(data?.contracts.nodes).toHaveLength(2);
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) {
      expect(error.extensions).toEqual({
        code: 'SERVICE_UNAVAILABLE',
        id: expect.any(String),
      });
    }
    expect(text).not.toMatch(/127\.0\.0\.1|localhost|ECONN|subgraph|evaluations|stack|\.ts\b/i);
  });

  function page(first: number): Promise<Page> {
    return world.answer<Page>(world.people.auditor, PAGE, { first });
  }

  /** How many statements reached each database that the page needs, while `work` ran. */
  async function statementsOf<T>(work: () => Promise<T>) {
    const counted: Record<string, number> = {};
    const restore = (['organisations', 'contracts', 'evaluations', 'payments'] as const).map(
      (name) => {
        const { app } = world.services[name].database;
        const { logger } = app;
        counted[name] = 0;
        app.logger = new Proxy(logger, {
          get(target, property) {
            if (property === 'logQuery') counted[name] = (counted[name] ?? 0) + 1;
            const member: unknown = Reflect.get(target, property);
            return typeof member === 'function' ? (member.bind(target) as unknown) : member;
          },
        });
        return () => {
          app.logger = logger;
        };
      },
    );
    try {
      return { result: await work(), statements: counted };
    } finally {
      for (const back of restore) back();
    }
  }

  async function eventsOf(service: 'evaluations', aggregateId: string, type: string) {
    const [row] = await world.databases[service].query<{ count: number }>(
      'select count(*)::int as count from mulin.outbox where aggregateid = $1 and type like $2',
      [aggregateId, `%${type}%`],
    );
    return row?.count;
  }
});

function never(): never {
  throw new Error('there is no such contract');
}
