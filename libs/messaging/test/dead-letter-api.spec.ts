import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor, PolicyTable } from '@mulin/auth';
import { bootService, type ServiceConfig, SubgraphModule } from '@mulin/graphql';
import { newId } from '@mulin/ids';
import { eventually, type TestService, testService } from '@mulin/testing';
import { type DynamicModule, Module } from '@nestjs/common';
import {
  attachMessaging,
  deadLetterResolver,
  ensureTopics,
  MessagingModule,
  messagingMigrations,
} from '../src/index.js';
import {
  busFor,
  EFFECTS,
  effectsOf,
  evaluation,
  MONEY_CONSUMER,
  recordOf,
  Recording,
  recordingController,
  STREET,
} from './harness.js';

/** A whole service of nothing but handlers and their dead letters. */
class BenchSchema {}
const policy: PolicyTable = {
  'bench.deadLetter.read': ['streetOfficer', 'streetApprover', 'auditor', 'platformOperator'],
  'bench.deadLetter.decide': ['streetOfficer', 'streetApprover', 'platformOperator'],
};
const recording = new Recording();

@Module({})
class BenchModule {
  static for(config: ServiceConfig): DynamicModule {
    return {
      module: BenchModule,
      imports: [
        SubgraphModule.forService({ config, schema: BenchSchema, entities: [], policy }),
        MessagingModule.forService({ config, consumer: MONEY_CONSUMER }),
      ],
      controllers: [recordingController(recording)],
      providers: [deadLetterResolver({ service: 'bench', schema: BenchSchema })],
    };
  }
}

const person = (...roles: Actor['roles']): Actor => ({
  id: newId('per'),
  street: STREET,
  organisation: null,
  roles,
});
const [officer, approver] = [person('streetOfficer'), person('streetApprover')];

const LIST = /* GraphQL */ `
  query ($first: Int! = 20, $after: String, $status: BenchDeadLetterStatus) {
    benchDeadLetters(first: $first, after: $after, status: $status) {
      nodes {
        id
        version
        status
        reason
        detail
        type
        aggregateId
        key
        payloadHash
        proposedBy
        decidedBy
        twoPeople
      }
      pageInfo {
        hasNextPage
        endCursor
      }
      totalCount
    }
  }
`;
const decision = (action: 'replay' | 'discard') => /* GraphQL */ `
  mutation ($input: DecideBenchDeadLetterInput!) {
    result: ${action}BenchDeadLetter(input: $input) {
      __typename
      ... on BenchDeadLetter { status proposedAction proposedBy proposedBecause decidedBy }
      ... on SecondPersonNeeded { firstPersonId }
      ... on StateConflict { actualVersion }
      ... on InvalidInput { field problem }
      ... on Refusal { message rule { id } }
    }
  }
`;
interface Letter {
  id: string;
  version: number;
  status: string;
  key: string;
}
interface Letters {
  benchDeadLetters: {
    nodes: Letter[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
    totalCount: number;
  };
}

describe('dead letters in GraphQL', () => {
  it('have one set of types, however often the service is built in one process', () => {
    const options = { service: 'bench', schema: BenchSchema };
    expect(deadLetterResolver(options)).toBe(deadLetterResolver({ ...options }));
  });
  let service: TestService;
  const broken = new Set<string>();

  beforeAll(async () => {
    recording.before = (events) =>
      Promise.resolve({
        refuse: events
          .filter((event) => broken.has(event.id))
          .map((event) => ({ event, reason: 'fundUnknown', detail: { fundId: 'fun_x' } })),
      });
    service = await testService({
      serviceName: 'bench',
      migrations: [...messagingMigrations, { name: '1-effects', up: EFFECTS }],
      boot: async (config) => {
        const { brokers, topicPrefix } = config.kafka;
        await ensureTopics(brokers, { partitions: 3, topicPrefix, deadLettersOf: ['bench'] });
        return bootService({ config, module: BenchModule.for(config), attach: attachMessaging });
      },
      events: true,
    });
  });
  afterAll(() => service.stop());

  const send = async (spoil: boolean) => {
    const record = recordOf(evaluation());
    if (spoil) broken.add(record.id);
    const bus = busFor(service.topicPrefix);
    await bus.send([record]);
    await bus.close();
    return record;
  };
  const letterOn = (key: string): Promise<Letter> =>
    eventually(async () => {
      const { benchDeadLetters } = await service.answer<Letters>(officer, LIST);
      const letter = benchDeadLetters.nodes.find((node) => node.key === key);
      if (!letter) throw new Error('no letter yet');
      return letter;
    });
  const decide = async (actor: Actor, action: 'replay' | 'discard', letter: Letter, more = {}) => {
    const input = {
      id: letter.id,
      expectedVersion: letter.version,
      idempotencyKey: newId('per'),
      because: '基金编号已更正',
      ...more,
    };
    const { result } = await service.answer<{ result: object }>(actor, decision(action), { input });
    return result;
  };

  it('are listed with their reason and without their content', async () => {
    const record = await send(true);
    expect(await letterOn(record.key)).toEqual({
      id: expect.stringMatching(/^dlt_/),
      version: 1,
      status: 'open',
      reason: 'fundUnknown',
      detail: '{"fundId":"fun_x"}',
      type: 'mulin.evaluation.finalised.v1',
      aggregateId: record.headers.ce_subject,
      key: record.key,
      payloadHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
      proposedBy: null,
      decidedBy: null,
      twoPeople: true,
    });
  });

  it('are replayed when two people say so, and refused to one', async () => {
    const record = await send(true);
    const letter = await letterOn(record.key);
    expect(await decide(officer, 'replay', letter)).toMatchObject({
      __typename: 'BenchDeadLetter',
      status: 'open',
      proposedBy: officer.id,
      proposedBecause: '基金编号已更正',
    });
    expect(await decide(officer, 'replay', letter)).toMatchObject({
      __typename: 'SecondPersonNeeded',
      firstPersonId: officer.id,
      rule: { id: 'fourEyes' },
    });
    broken.delete(record.id);
    expect(await decide(approver, 'replay', letter)).toMatchObject({
      status: 'replaying',
      decidedBy: approver.id,
    });
    await eventually(async () =>
      expect((await effectsOf(service.database)).map((row) => row.event_id)).toContain(record.id),
    );
    expect(await letterOn(record.key)).toMatchObject({ status: 'replayed' });
    expect(await decide(officer, 'discard', letter)).toMatchObject({ __typename: 'StateConflict' });
  });

  it('that died again since they were read must be read again', async () => {
    const record = await send(true);
    const letter = await letterOn(record.key);
    await decide(officer, 'replay', letter);
    await decide(approver, 'replay', letter);
    await eventually(async () => expect((await letterOn(record.key)).version).toBe(2));
    expect(await decide(officer, 'discard', letter)).toMatchObject({
      __typename: 'StateConflict',
      actualVersion: 2,
    });
  });

  it('are decided about with a reason', async () => {
    const letter = await letterOn((await send(true)).key);
    expect(await decide(officer, 'discard', letter, { because: '  ' })).toMatchObject({
      __typename: 'InvalidInput',
      field: 'input.because',
      problem: 'EMPTY',
    });
  });

  it('with content that was changed under an old id can only be discarded', async () => {
    const record = await send(false);
    await eventually(async () =>
      expect((await effectsOf(service.database)).map((row) => row.event_id)).toContain(record.id),
    );
    const bus = busFor(service.topicPrefix);
    await bus.send([{ ...record, value: (record.value ?? '').replace('8500', '9500') }]);
    await bus.close();
    const letter = await letterOn(record.key);
    expect(await decide(officer, 'replay', letter)).toMatchObject({
      __typename: 'BenchChangedFact',
      rule: { id: 'event.sameIdOtherContent' },
    });
    expect(await decide(officer, 'discard', letter)).toMatchObject({ proposedAction: 'discard' });
  });

  it('come page by page, newest first, and can be filtered', async () => {
    for (let n = 0; n < 3; n += 1) await letterOn((await send(true)).key);
    const all = await service.answer<Letters>(officer, LIST, { status: 'open' });
    const first = await service.answer<Letters>(officer, LIST, { first: 2, status: 'open' });
    const { pageInfo, nodes, totalCount } = first.benchDeadLetters;
    expect(pageInfo).toEqual({ hasNextPage: true, endCursor: nodes[1]?.id });
    expect(totalCount).toBe(all.benchDeadLetters.nodes.length);
    const next = await service.answer<Letters>(officer, LIST, {
      first: 2,
      after: pageInfo.endCursor,
      status: 'open',
    });
    expect([...nodes, ...next.benchDeadLetters.nodes]).toEqual(
      all.benchDeadLetters.nodes.slice(0, 4),
    );
  });

  it('that name no street are for the operator of the platform alone', async () => {
    const record = await send(true);
    const { id } = await letterOn(record.key);
    await service.database.query('update mulin.dead_letter set street = null where id = $1', [id]);
    const idsFor = async (actor: Actor) =>
      (await service.answer<Letters>(actor, LIST)).benchDeadLetters.nodes.map((each) => each.id);
    expect(await idsFor(approver)).not.toContain(id);
    expect(await idsFor(person('platformOperator'))).toContain(id);
    const input = { id, expectedVersion: 1, idempotencyKey: newId('per'), because: '无街道' };
    const refused = await service.ask(approver, decision('discard'), { input });
    expect(refused.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    const { result } = await service.answer<{ result: object }>(
      person('platformOperator'),
      decision('discard'),
      { input },
    );
    expect(result).toMatchObject({ status: 'open', proposedAction: 'discard' });
  });

  it('are for staff of the street who may: not for others, nor for nobody', async () => {
    const letter = await letterOn((await send(true)).key);
    const elsewhere = await service.answer<Letters>({ ...officer, street: '310110016' }, LIST);
    expect(elsewhere.benchDeadLetters.nodes).toEqual([]);
    for (const [actor, code] of [
      [person('cashier'), 'FORBIDDEN'],
      [null, 'UNAUTHENTICATED'],
    ] as const) {
      const { errors } = await service.ask(actor, LIST);
      expect(errors?.[0]?.extensions.code).toBe(code);
    }
    const { errors } = await service.ask(person('auditor'), decision('discard'), {
      input: { id: letter.id, expectedVersion: 1, idempotencyKey: 'x', because: 'x' },
    });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});
