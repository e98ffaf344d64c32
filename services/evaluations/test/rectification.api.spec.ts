import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { loadCalendar } from '@mulin/database';
import { newEventId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import { ClockSweep } from '../src/rectification/clock-sweep.js';
import { Bench } from './builders.js';
import { MONDAY, planOf } from './facts.js';

describe('rectification', () => {
  let here: Bench;
  beforeAll(async () => {
    here = await Bench.open();
  });
  afterEach(() => here.clockTo(MONDAY));
  afterAll(() => here.close());

  const failed = async () => {
    const contract = await here.contract();
    const id = await here.finalised(contract, contract.second, 5800);
    const rectification = await here.rectificationOf(id);
    return { contract, id, rectification, recId: rectification?.id ?? '' };
  };
  const submit = (actor: Actor, id: string, more: object = {}) =>
    here.do(actor, 'submitRectification', {
      id,
      report: '已增配夜间值班人员',
      expectedVersion: 1,
      idempotencyKey: newEventId(),
      ...more,
    });
  const lapsesOf = async (recId: string) =>
    (await here.events(recId)).filter(({ type }) => type === 'mulin.rectification.lapsed.v1');
  const sweep = () => here.mulin.service.app.get(ClockSweep).lapse();
  const isClosed = async (instalmentId: string) => {
    const [row] = await here.mulin.database.query<{ closed: boolean }>(
      'select closed_at is not null as closed from term_instalment where id = $1',
      [instalmentId],
    );
    return row?.closed;
  };

  const dueOf = async (instalmentId: string) => {
    const { evaluationsDue } = await here.mulin.answer<{
      evaluationsDue: { nodes: { id: string; attempt: number; previousEvaluationId: string }[] };
    }>(
      here.people.officer,
      'query { evaluationsDue(first: 100) { nodes { id attempt previousEvaluationId } } }',
    );
    const due = evaluationsDue.nodes.find(({ id }) => id === instalmentId);
    return due && { attempt: due.attempt, previousEvaluationId: due.previousEvaluationId };
  };

  it('opens when an evaluation fails, and runs for the rule’s twenty working days', async () => {
    const { rectification, contract, id } = await failed();
    expect(rectification).toMatchObject({ state: 'open', due_on: '2026-08-03' });
    expect(await isClosed(contract.second)).toBe(false);
    const { evaluation } = await here.mulin.answer<{ evaluation: object }>(
      contract.manager,
      'query ($id: ID!) { evaluation(id: $id) { failed rectification { state dueOn workingDays provisional } } }',
      { id },
    );
    expect(evaluation).toEqual({
      failed: true,
      rectification: { state: 'OPEN', dueOn: '2026-08-03', workingDays: 20, provisional: false },
    });
  });

  it('does not open when nothing failed, nor where the rule gives no time', async () => {
    const contract = await here.contract();
    const passed = await here.finalised(contract, contract.second, 6000);
    expect(await here.rectificationOf(passed)).toBeUndefined();
    expect(await isClosed(contract.second)).toBe(true);
    const strict = await here.contract({ rule: { ...contract.rule, rectificationDays: 0 } });
    const lost = await here.finalised(strict, strict.second, 5999);
    expect(await here.rectificationOf(lost)).toBeUndefined();
    expect(await isClosed(strict.second)).toBe(true);
  });

  it('is handed in by the organisation, which stops the clock', async () => {
    const { contract, recId, id } = await failed();
    await here.clockTo('2026-08-03T15:59:30Z');
    expect(await submit(contract.manager, recId)).toMatchObject({
      __typename: 'Rectification',
      state: 'SUBMITTED',
    });
    expect(await here.events(recId)).toEqual([
      {
        type: 'mulin.rectification.submitted.v1',
        version: 1,
        payload: {
          rectificationId: recId,
          evaluationId: id,
          instalmentId: contract.second,
          contractId: contract.contractId,
          organisationId: contract.organisationId,
          submittedOn: '2026-08-03',
        },
      },
    ]);
    await here.clockTo('2026-12-01T00:00:00Z');
    await sweep();
    expect(await lapsesOf(recId)).toEqual([]);
  });

  it('is too late at 24:00 of its last day in Shanghai', async () => {
    const { contract, recId } = await failed();
    await here.clockTo('2026-08-03T16:00:00Z');
    expect(await submit(contract.manager, recId)).toMatchObject({
      __typename: 'RectificationLate',
      dueOn: '2026-08-03',
      rule: { article: '民法典 第二百零一条、第二百零三条、第五百八十二条' },
    });
  });

  it('lapses by itself when nobody hands in, and says so exactly once, whoever looks', async () => {
    const { contract, recId, id } = await failed();
    await here.clockTo('2026-08-03T16:00:01Z');
    await Promise.all([sweep(), sweep(), sweep()]);
    await eventually(async () => expect(await lapsesOf(recId)).toHaveLength(1));
    expect(await here.events(recId)).toEqual([
      {
        type: 'mulin.rectification.lapsed.v1',
        version: 1,
        payload: {
          rectificationId: recId,
          evaluationId: id,
          instalmentId: contract.second,
          contractId: contract.contractId,
          organisationId: contract.organisationId,
          lapsedAt: '2026-08-03T16:00:00.000Z',
        },
      },
    ]);
    await sweep();
    expect(await lapsesOf(recId)).toHaveLength(1);
    expect(await isClosed(contract.second)).toBe(true);
    expect(await here.plan(planOf(contract.second, { previousEvaluationId: id }))).toMatchObject({
      __typename: 'AttemptNotAllowed',
      problem: 'RECTIFICATION_LAPSED',
    });
  });

  it('lapses by the timer alone, once development time has been moved', async () => {
    const { recId } = await failed();
    await here.mulin.database.advanceClock('60 days');
    await eventually(async () => expect(await lapsesOf(recId)).toHaveLength(1));
  });

  it('that was handed in leads to a second evaluation, which decides anew', async () => {
    const contract = await here.contract();
    const first = await here.breach(contract, '2026-02-01T02:00:00.000Z');
    const failedId = await here.finalised(contract, contract.second, 5800);
    const again = planOf(contract.second, { previousEvaluationId: failedId });
    expect(await here.plan(again)).toMatchObject({
      __typename: 'AttemptNotAllowed',
      problem: 'REPORT_NOT_SUBMITTED',
      evaluationId: failedId,
    });
    const rectification = await here.rectificationOf(failedId);
    await submit(contract.manager, rectification?.id ?? '');
    expect(await dueOf(contract.second)).toEqual({ attempt: 2, previousEvaluationId: failedId });
    const late = await here.breach(contract, '2026-02-02T02:00:00.000Z');
    const secondId = await here.finalised(contract, contract.second, 8200, {
      previousEvaluationId: failedId,
    });
    expect((await here.events(secondId)).at(-1)?.payload).toMatchObject({
      attempt: 2,
      previousEvaluationId: failedId,
      score: 8200,
      breaches: [{ id: first }, { id: late }],
    });
    expect(await here.rectificationOf(failedId)).toMatchObject({ state: 'reEvaluated' });
    expect(await isClosed(contract.second)).toBe(true);
    expect(
      await here.plan(planOf(contract.second, { previousEvaluationId: failedId })),
    ).toMatchObject({
      __typename: 'AttemptNotAllowed',
      problem: 'ALREADY_PLANNED',
    });
  });

  it('is given once: a second failure is final', async () => {
    const { contract, id, recId } = await failed();
    await submit(contract.manager, recId);
    const second = await here.finalised(contract, contract.second, 5500, {
      previousEvaluationId: id,
    });
    expect(await here.rectificationOf(second)).toBeUndefined();
    expect(await isClosed(contract.second)).toBe(true);
  });

  it('is submitted on the version that was read, once, and with something in it', async () => {
    const { contract, recId } = await failed();
    const stale = await submit(contract.manager, recId, { expectedVersion: 7 });
    expect(stale).toMatchObject({ __typename: 'StateConflict', actualVersion: 1 });
    expect(await submit(contract.manager, recId, { report: ' ' })).toMatchObject({
      __typename: 'InvalidInput',
      field: 'input.report',
    });
    const idempotencyKey = newEventId();
    const first = await submit(contract.manager, recId, { idempotencyKey });
    expect(await submit(contract.manager, recId, { idempotencyKey })).toEqual(first);
    expect(
      await submit(contract.manager, recId, { idempotencyKey, report: '另一份' }),
    ).toMatchObject({
      __typename: 'IdempotencyKeyReused',
    });
    expect(await submit(contract.manager, recId)).toMatchObject({ __typename: 'StateConflict' });
  });

  it('is seen and handed in by the organisation concerned only', async () => {
    const { recId } = await failed();
    const other = await here.contract();
    const input = { id: recId, report: '…', expectedVersion: 1, idempotencyKey: newEventId() };
    expect(await here.code(other.manager, 'submitRectification', input)).toBe('NOT_FOUND');
    expect(await here.code(here.people.officer, 'submitRectification', input)).toBe('FORBIDDEN');
  });

  it('that runs into a year without a calendar is provisional, and counted again when it is loaded', async () => {
    await here.clockTo('2027-01-25T02:00:00Z');
    const { recId, id } = await failed();
    const provisional = async () =>
      (
        await here.mulin.database.query<{ provisional: boolean; due_on: string }>(
          'select provisional, due_on::text from rectification where id = $1',
          [recId],
        )
      )[0];
    // Twenty working days from 25 January, weekends only, since nobody has published 2027 yet.
    expect(await provisional()).toEqual({ provisional: true, due_on: '2027-02-22' });
    const spring = ['08', '09', '10', '11', '12'].map((day) => `2027-02-${day}`);
    const rows = [...spring, '2027-10-01'].map((day) => ({ day, kind: 'holiday' as const }));
    await loadCalendar(here.mulin.database.urls, { rows, source: 'a test' });
    await eventually(async () =>
      expect(await provisional()).toEqual({ provisional: false, due_on: '2027-03-01' }),
    );
    expect(await here.rectificationOf(id)).toMatchObject({ state: 'open' });
  });
});
