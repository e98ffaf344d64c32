import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { type Bench, bench, type Drafted, key, NOW, person } from './builders.js';
import { expectChecksToHold } from './checks.js';

describe('reports on obligations', () => {
  let at: Bench;
  let contract: Drafted;
  beforeAll(async () => {
    at = await bench();
    contract = await at.contract('ACTIVE');
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const report = (prefix: 'brc' | 'ful', change: object = {}) => ({
    id: newId(prefix),
    contractId: contract.id,
    obligation: 'hotline-response',
    occurredAt: '2026-04-03T23:20:00+08:00',
    evidence: '96890 工单 WO-2026-00031',
    ...change,
  });
  const decide = (id: string, expectedVersion = 1) => ({ ...key(id), expectedVersion });
  const recorded = async (change: object = {}) => {
    const input = report('brc', change);
    expect(await at.do(at.officer, 'recordBreach', input)).toMatchObject({ __typename: 'Breach' });
    return input;
  };

  it('tells others of a breach when a second person confirmed it, and not before', async () => {
    const breach = await recorded();
    expect(await at.outbox(breach.id)).toEqual([]);
    expect(await at.do(at.approver, 'confirmBreach', decide(breach.id))).toMatchObject({
      __typename: 'Breach',
      state: 'CONFIRMED',
      version: 2,
    });
    expect(await at.outbox(breach.id)).toEqual([
      {
        type: 'mulin.obligation.breached.v1',
        aggregateversion: 1,
        payload: {
          breachId: breach.id,
          contractId: contract.id,
          organisationId: at.organisationId,
          obligation: 'hotline-response',
          occurredAt: '2026-04-03T15:20:00.000Z',
        },
      },
    ]);
  });

  it('never lets the evidence into an event', async () => {
    const rows = await at.mulin.database.query<{ text: string }>(
      'select payload::text || headers::text as text from mulin.outbox',
    );
    for (const { text } of rows) expect(text).not.toContain('WO-2026-00031');
  });

  it('needs a second person to confirm a breach, in the database too', async () => {
    const breach = await recorded();
    expect(await at.do(at.officer, 'confirmBreach', decide(breach.id))).toMatchObject({
      __typename: 'SecondPersonNeeded',
      firstPersonId: at.officer.id,
    });
    await expect(
      at.mulin.database.query(
        "update breach set state = 'confirmed', decided_by = recorded_by where id = $1",
        [breach.id],
      ),
    ).rejects.toThrow('who records does not confirm');
  });

  it('needs a second person to confirm a fulfilment, in the database too', async () => {
    const input = report('ful', { status: 'FULFILLED' });
    await at.do(at.officer, 'recordFulfilment', input);
    expect(await at.do(at.officer, 'confirmFulfilment', decide(input.id))).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
    await expect(
      at.mulin.database.query(
        "update fulfilment set state = 'confirmed', decided_by = recorded_by where id = $1",
        [input.id],
      ),
    ).rejects.toThrow('who records does not confirm');
  });

  it('records and confirms once, however often the same request comes at once', async () => {
    const input = report('brc');
    const many = (run: () => Promise<unknown>) => Promise.all(Array.from({ length: 20 }, run));
    for (const answer of await many(() => at.do(at.officer, 'recordBreach', input)))
      expect(answer).toMatchObject({ __typename: 'Breach', id: input.id });
    const decision = decide(input.id);
    for (const answer of await many(() => at.do(at.approver, 'confirmBreach', decision)))
      expect(answer).toMatchObject({ __typename: 'Breach', state: 'CONFIRMED' });
    expect(await at.outbox(input.id)).toHaveLength(1);
    expect(await at.do(at.officer, 'recordBreach', { ...input, evidence: '别的' })).toMatchObject({
      __typename: 'IdAlreadyUsed',
    });
    expect(
      await at.do(at.approver, 'confirmBreach', { ...decision, expectedVersion: 2 }),
    ).toMatchObject({
      __typename: 'IdempotencyKeyReused',
    });
  });

  it('is confirmed by one of ten people who try at once, and told once', async () => {
    const breach = await recorded();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () =>
        at.do(person(['streetApprover']), 'confirmBreach', decide(breach.id)),
      ),
    );
    const names = answers.map((answer) => answer.__typename).sort();
    expect(names).toEqual(['Breach', ...Array.from({ length: 9 }, () => 'StateConflict')]);
    expect(await at.outbox(breach.id)).toHaveLength(1);
  });

  it('withdraws a breach that was a mistake, by whoever recorded it, and tells nobody', async () => {
    const breach = await recorded();
    expect(await at.do(at.officer, 'withdrawBreach', decide(breach.id))).toMatchObject({
      state: 'WITHDRAWN',
    });
    expect(await at.do(at.approver, 'confirmBreach', decide(breach.id, 2))).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'withdrawn',
    });
    expect(await at.outbox(breach.id)).toEqual([]);
  });

  it('never changes a confirmed breach, in the database neither', async () => {
    const breach = await recorded();
    await at.do(at.approver, 'confirmBreach', decide(breach.id));
    expect(await at.do(at.officer, 'withdrawBreach', decide(breach.id, 2))).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'confirmed',
    });
    await expect(
      at.mulin.database.query("update breach set code = 'volunteer-team' where id = $1", [
        breach.id,
      ]),
    ).rejects.toThrow('is fixed');
  });

  it('refuses an obligation that is not in the contract: no duties beyond it', async () => {
    expect(
      await at.do(at.officer, 'recordBreach', report('brc', { obligation: 'singing' })),
    ).toMatchObject({
      __typename: 'ObligationUnknown',
      code: 'singing',
      known: ['volunteer-team', 'hotline-response'],
      rule: { article: '财库〔2019〕38号 三' },
    });
    const fulfilment = report('ful', { obligation: 'singing', status: 'FULFILLED' });
    expect(await at.do(at.officer, 'recordFulfilment', fulfilment)).toMatchObject({
      __typename: 'ObligationUnknown',
    });
  });

  it.each([
    ['before the term', '2025-12-31T23:59:59+08:00'],
    ['in the future', new Date(NOW.getTime() + 3_600_000).toISOString()],
  ])('refuses what happened %s', async (_, occurredAt) => {
    expect(await at.do(at.officer, 'recordBreach', report('brc', { occurredAt }))).toMatchObject({
      __typename: 'OccurredOutsideTerm',
      occurredAt: new Date(occurredAt).toISOString(),
    });
  });

  it('takes the first moment of the term in Shanghai', async () => {
    await recorded({ occurredAt: '2026-01-01T00:00:00+08:00' });
  });

  it.each([
    ['no evidence', { evidence: ' ' }, 'input.evidence', 'EMPTY'],
    ['evidence of 201 characters', { evidence: '据'.repeat(201) }, 'input.evidence', 'TOO_LONG'],
    ['an id of something else', { id: newId('ful') }, 'input.id', 'NOT_AN_ID'],
    ['a time that is none', { occurredAt: '2026-04-03' }, 'input.occurredAt', 'NOT_AN_INSTANT'],
  ])('refuses %s', async (_, change, field, problem) => {
    expect(await at.do(at.officer, 'recordBreach', report('brc', change))).toMatchObject({
      __typename: 'InvalidInput',
      field,
      problem,
    });
  });

  it('waits until the contract runs', async () => {
    const signed = await at.contract('SIGNED');
    expect(
      await at.do(at.officer, 'recordBreach', report('brc', { contractId: signed.id })),
    ).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'signed',
    });
  });

  it('lets the organisation report its own fulfilment, but not waive its duty', async () => {
    const own = report('ful', { obligation: 'volunteer-team', status: 'FULFILLED' });
    expect(await at.do(at.manager, 'recordFulfilment', own)).toMatchObject({ state: 'RECORDED' });
    const waiver = report('ful', { obligation: 'volunteer-team', status: 'WAIVED' });
    expect(await at.do(at.manager, 'recordFulfilment', waiver)).toMatchObject({
      __typename: 'NotYourSide',
      side: 'BUYER',
    });
    expect(await at.do(at.manager, 'withdrawFulfilment', decide(own.id))).toMatchObject({
      state: 'WITHDRAWN',
    });
  });

  it('does not let the organisation withdraw what the street recorded', async () => {
    const input = report('ful', { obligation: 'volunteer-team', status: 'AT_RISK' });
    await at.do(at.officer, 'recordFulfilment', input);
    expect(await at.do(at.manager, 'withdrawFulfilment', decide(input.id))).toMatchObject({
      __typename: 'NotYourSide',
    });
  });

  it('hides the contracts of another organisation from a manager', async () => {
    const stranger = person(['organisationManager'], { organisation: newId('org') });
    const input = report('ful', { status: 'FULFILLED' });
    await expect(at.do(stranger, 'recordFulfilment', input)).rejects.toThrow('NOT_FOUND');
  });

  it('shows how an obligation stands: the latest confirmed report wins, whenever it was typed', async () => {
    const fresh = await at.contract('ACTIVE');
    const status = async () => {
      const { contract: read } = await at.mulin.answer<{ contract: { obligations: object[] } }>(
        at.officer,
        'query ($id: ID!) { contract(id: $id) { obligations { code status } } }',
        { id: fresh.id },
      );
      return read.obligations;
    };
    const say = async (statusWord: string, occurredAt: string) => {
      const obligation = 'volunteer-team';
      const input = report('ful', {
        contractId: fresh.id,
        obligation,
        status: statusWord,
        occurredAt,
      });
      await at.do(at.officer, 'recordFulfilment', input);
      await at.do(at.approver, 'confirmFulfilment', decide(input.id));
    };
    const breach = await recorded({ contractId: fresh.id });
    expect(await status()).toEqual([
      { code: 'volunteer-team', status: 'PENDING' },
      { code: 'hotline-response', status: 'PENDING' },
    ]);
    await at.do(at.approver, 'confirmBreach', decide(breach.id));
    await say('FULFILLED', '2026-05-01T12:00:00+08:00');
    await say('AT_RISK', '2026-03-01T12:00:00+08:00');
    expect(await status()).toEqual([
      { code: 'volunteer-team', status: 'FULFILLED' },
      { code: 'hotline-response', status: 'BREACHED' },
    ]);
    await say('AT_RISK', '2026-06-01T12:00:00+08:00');
    expect(await status()).toContainEqual({ code: 'volunteer-team', status: 'AT_RISK' });
  });
});
