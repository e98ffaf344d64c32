import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { Bench } from './builders.js';
import { MONDAY, person, planOf } from './facts.js';

describe('telling the organisation, and hearing its appeal', () => {
  let here: Bench;
  let people: Bench['people'];
  beforeAll(async () => {
    here = await Bench.open();
    people = here.people;
  });
  afterAll(() => here.close());

  afterEach(() => here.clockTo(MONDAY));

  const finalise = (id: string, actor: Actor = people.approver, more: object = {}) =>
    here.step(actor, 'finaliseEvaluation', id, more);
  const accept = (manager: Actor, id: string) => here.step(manager, 'acceptResult', id);
  const appeal = (actor: Actor, evaluationId: string, more: object = {}) =>
    here.do(actor, 'appealEvaluation', {
      id: newId('apl'),
      evaluationId,
      reasonCode: 'BREACH',
      text: '当日线路由电信检修',
      ...more,
    });
  const decide = async (
    appealId: string,
    evaluationId: string,
    more: object,
    actor = people.approver,
  ) => {
    return here.do(actor, 'decideAppeal', {
      id: appealId,
      expectedVersion: await here.versionOf(evaluationId),
      idempotencyKey: newId('apl'),
      answer: '已核实',
      ...more,
    });
  };
  const RESULT = `query ($id: ID!) { evaluation(id: $id) { id state score version appealUntil appealArticle
    gates { code fulfilled } breaches { id obligation } sheets { id score } appeals { state text answer } } }`;
  const see = (actor: Actor, id: string) =>
    here.mulin.ask<{ evaluation: Record<string, unknown> | null }>(actor, RESULT, { id });

  it('leaves public holidays out of the window', async () => {
    // Wednesday 30 September: 1 to 7 October are holidays, Saturday the 10th is worked.
    await here.clockTo('2026-09-30T02:00:00Z');
    const contract = await here.contract();
    const id = await here.notified(contract.second, 9500);
    expect((await see(contract.manager, id)).data?.evaluation).toMatchObject({
      appealUntil: '2026-10-15T16:00:00.000Z',
    });
  });

  it('does not notify again when nothing changed', async () => {
    const contract = await here.contract();
    const id = await here.notified(contract.third, 8500);
    expect(await here.step(people.evaluator, 'notifyEvaluation', id)).toMatchObject({
      __typename: 'StateConflict',
    });
  });

  it('shows the organisation its result from the notice on, never before', async () => {
    const contract = await here.contract();
    const { id } = await here.plan(planOf(contract.second));
    const before = async () => (await see(contract.manager, id)).errors?.[0]?.extensions.code;
    expect(await before()).toBe('NOT_FOUND');
    await here.sheet(id, 9000);
    await here.step(people.evaluator, 'scoreEvaluation', id);
    expect(await before()).toBe('NOT_FOUND');
    await here.step(people.evaluator, 'notifyEvaluation', id);
    expect((await see(contract.manager, id)).data?.evaluation).toMatchObject({
      score: 9000,
      sheets: [{ score: 9000 }],
    });
    const stranger = person(['organisationManager'], { organisation: newId('org') });
    expect((await see(stranger, id)).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    expect((await see(people.elsewhere, id)).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });

  it('shows the organisation the plan when it assesses itself, but no sheet and no result', async () => {
    const contract = await here.contract();
    const plan = planOf(contract.second, { sources: [{ source: 'EXPERT' }, { source: 'SELF' }] });
    const { id } = await here.plan(plan);
    await here.sheet(id, 4000);
    await here.sheet(id, 9900, { source: 'SELF' }, contract.manager);
    await here.step(people.evaluator, 'scoreEvaluation', id);
    expect((await see(contract.manager, id)).data?.evaluation).toMatchObject({
      state: 'SCORED',
      score: null,
      sheets: [{ score: 9900 }],
    });
    const rows = await here.mulin.service.database.read(contract.manager, (tx) =>
      tx.query<object[]>('select score from result'),
    );
    expect(rows).toEqual([]);
  });

  describe('an appeal', () => {
    it('stops the finalising until it is answered, and its text stays in the database', async () => {
      const contract = await here.contract();
      const id = await here.notified(contract.second, 7000);
      const filed = await appeal(contract.manager, id);
      expect(filed).toMatchObject({ __typename: 'Appeal', state: 'OPEN', noticeNo: 1 });
      expect(await finalise(id)).toMatchObject({
        __typename: 'AppealOpen',
        until: null,
        appealId: filed.id,
      });
      const told = (await here.events(id)).at(-1);
      expect(told?.type).toBe('mulin.evaluation.appealed.v1');
      expect(JSON.stringify(told?.payload)).not.toContain('电信');
      const answer = await decide(filed.id, id, { upheld: false });
      expect(answer).toMatchObject({ __typename: 'Appeal', state: 'DISMISSED' });
      expect((await see(contract.manager, id)).data?.evaluation).toMatchObject({
        state: 'NOTIFIED',
        appeals: [{ state: 'DISMISSED', text: '当日线路由电信检修', answer: '已核实' }],
      });
      await here.clockTo('2026-07-16T00:00:00Z');
      expect(await finalise(id)).toMatchObject({ __typename: 'Evaluation' });
    });

    it('that is upheld has sheets written again, scored and told again', async () => {
      const contract = await here.contract();
      const id = await here.notified(contract.second, 5000);
      const { id: appealId } = await appeal(contract.manager, id, { reasonCode: 'SCORE' });
      const { data } = await see(people.officer, id);
      const sheets = data?.evaluation?.sheets as { id: string }[];
      const reopenSheetIds = sheets.map((sheet) => sheet.id);
      expect(await decide(appealId, id, { upheld: true, reopenSheetIds })).toMatchObject({
        __typename: 'Appeal',
        state: 'UPHELD',
      });
      expect((await see(people.officer, id)).data?.evaluation).toMatchObject({
        state: 'COLLECTING',
        score: null,
      });
      expect(await here.step(people.evaluator, 'scoreEvaluation', id)).toMatchObject({
        __typename: 'SheetsMissing',
      });
      expect(await here.sheet(id, 8200)).toMatchObject({ __typename: 'Sheet' });
      await here.step(people.evaluator, 'scoreEvaluation', id);
      expect(await here.step(people.evaluator, 'notifyEvaluation', id)).toMatchObject({
        score: 8200,
        noticeNo: 2,
      });
      await accept(contract.manager, id);
      expect(await finalise(id)).toMatchObject({ __typename: 'Evaluation', score: 8200 });
    });

    it('is answered by somebody who took no part', async () => {
      const contract = await here.contract();
      const author = person(['expert', 'streetApprover']);
      const { id } = await here.plan(planOf(contract.second));
      await here.sheet(id, 5000, {}, author);
      await here.step(people.evaluator, 'scoreEvaluation', id);
      await here.step(people.evaluator, 'notifyEvaluation', id);
      const { id: appealId } = await appeal(contract.manager, id);
      expect(await decide(appealId, id, { upheld: false }, author)).toMatchObject({
        __typename: 'SecondPersonNeeded',
        firstPersonId: author.id,
      });
      await decide(appealId, id, { upheld: false });
      expect(await decide(appealId, id, { upheld: true })).toMatchObject({
        __typename: 'StateConflict',
      });
    });

    it('comes too late after the window, or after the result was accepted', async () => {
      const contract = await here.contract();
      const accepted = await here.notified(contract.second, 7000);
      await accept(contract.manager, accepted);
      expect(await appeal(contract.manager, accepted)).toMatchObject({
        __typename: 'AppealClosed',
        accepted: true,
      });
      const slept = await here.notified(contract.third, 7000);
      await here.clockTo('2026-07-15T16:00:00Z');
      expect(await appeal(contract.manager, slept)).toMatchObject({
        __typename: 'AppealClosed',
        accepted: false,
        until: '2026-07-15T16:00:00.000Z',
      });
    });

    it('names its grounds', async () => {
      const contract = await here.contract();
      const id = await here.notified(contract.second, 7000);
      expect(await appeal(contract.manager, id, { text: ' ' })).toMatchObject({
        __typename: 'InvalidInput',
        field: 'input.text',
      });
    });
  });
});
