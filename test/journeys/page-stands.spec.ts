import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { fund } from './story.js';
import { Tendering } from './tendering.js';
import { person, type Told, World, WHILE_IT_BOOTS } from './world.js';

interface Line {
  level: number;
  msg?: string;
  service?: string;
}

describe('a page of which a part cannot be answered', () => {
  let world: World;
  let tender: Told;

  beforeAll(async () => {
    world = await World.open({ at: '2025-11-03T10:00:00+08:00' });
    const tendering = await Tendering.in(world);
    const fundId = await fund(world, 90_000_000n);
    const plan = await tendering.plan({ fundId, amount: '90000000', method: 'OPEN_TENDERING' });
    tender = await tendering.publish({
      ...{ planId: plan.id, fundId, budget: '90000000' },
      ...{ fileUntil: '2025-11-12', deadline: '2025-11-26T10:00:00+08:00' },
    });
  }, WHILE_IT_BOOTS);
  afterAll(() => world.close());
  beforeEach(() => {
    world.logs.lines.length = 0;
  });

  const lines = () => world.logs.lines.map((line) => JSON.parse(line) as Line);
  const denied = () => lines().filter(({ msg }) => msg === 'denied');

  it('keeps the rest when one question of it is not for the one who asks', async () => {
    const { data, errors, status } = await world.ask(
      world.people.officer,
      '{ mine: tenders(first: 1) { nodes { id } } refusals(first: 1) { totalCount } }',
    );
    expect(status).toBe(200);
    expect(data).toEqual({ mine: { nodes: [{ id: tender.id }] }, refusals: null });
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['refusals'], 'FORBIDDEN'],
    ]);
  });

  it('keeps a list when a field in it is not for the one who asks: that field is empty, without an error', async () => {
    for (const actor of [null, person('resident')]) {
      const { data, codes } = await world.ask(
        actor,
        `{ tenders(first: 5) { nodes { id scoreReports { hash } openings { id } committee { id } awards { id }
           } } }`,
      );
      expect({ data, codes }).toEqual({
        codes: [],
        data: {
          tenders: { nodes: [expect.objectContaining({ id: tender.id, scoreReports: [] })] },
        },
      });
    }
    expect(denied()).toEqual([]);
  });

  it('writes one line of every attempt at what is not theirs, without what was sent', async () => {
    const trace = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const manager = person('organisationManager', { organisation: newId('org') });
    const item = {
      ...{ id: newId('itm'), code: 'x', categoryCode: 'elderly', title: '张三 13800138000' },
      ...{ standard: '甲', targetGroup: '甲', unit: '年', legalBasis: '甲' },
    };
    const tried: [string, string, object][] = [
      ['draftServiceItem', 'DraftServiceItemInput', item],
      [
        'withdrawBid',
        'BidStepInput',
        { id: newId('bid'), expectedVersion: 1, idempotencyKey: randomUUID() },
      ],
    ];
    for (const [name, type, input] of tried) {
      await world.ask(
        manager,
        `mutation ($input: ${type}!) { zhangsan: ${name}(input: $input) { __typename } }`,
        { input },
        { traceparent: trace },
      );
    }
    await world.ask(null, '{ refusals(first: 1) { totalCount } }', {}, { traceparent: trace });
    const common = { level: 40, service: 'tenders', trace };
    const by = { actor: manager.id, street: manager.street };
    expect(denied()).toEqual([
      expect.objectContaining({
        ...{ ...common, ...by, code: 'FORBIDDEN', operation: 'mutation draftServiceItem' },
      }),
      expect.objectContaining({
        ...{ ...common, ...by, code: 'NOT_FOUND', operation: 'mutation withdrawBid' },
      }),
      expect.objectContaining({
        ...{ ...common, actor: null, street: null },
        ...{ code: 'UNAUTHENTICATED', operation: 'query refusals' },
      }),
    ]);
    expect(lines().filter(({ level }) => level >= 50)).toEqual([]);
    expect(world.logs.lines.join()).not.toMatch(/zhangsan|张三|13800138000/);
  });

  it('keeps the rest when a service is down, and the error says which part is missing', async () => {
    await world.services.payments.close();
    const { data, errors } = await world.ask(
      world.people.auditor,
      '{ tenders(first: 2) { nodes { title } } decisions(first: 2) { totalCount } money: funds(first: 1) { totalCount } }',
    );
    expect(data).toEqual({
      ...{ tenders: { nodes: [{ title: expect.any(String) }] } },
      ...{ decisions: null, money: null },
    });
    expect(errors.map(({ path, extensions }) => [path, extensions.code])).toEqual([
      [['decisions'], 'SERVICE_UNAVAILABLE'],
      [['money'], 'SERVICE_UNAVAILABLE'],
    ]);
  });
});
