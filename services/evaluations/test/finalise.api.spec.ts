import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { Bench } from './builders.js';
import { MONDAY, person, planOf } from './facts.js';

describe('telling the organisation, hearing its appeal, and making it final', () => {
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

  it('emits the event that moves money, exactly as payments reads it', async () => {
    const contract = await here.contract();
    const first = await here.breach(contract, '2026-05-03T15:20:00.000Z');
    const second = await here.breach(contract, '2026-06-30T15:59:59.000Z');
    await here.fulfil(contract, 'fulfilled');
    const id = await here.notified(contract.third, 8500);
    await accept(contract.manager, id);
    expect(await finalise(id)).toMatchObject({
      __typename: 'Evaluation',
      state: 'FINALISED',
      score: 8500,
      grade: '良好',
    });
    const events = await here.events(id);
    expect(events.map(({ type, version }) => [type, version])).toEqual([
      ['mulin.evaluation.planned.v1', 1],
      ['mulin.evaluation.notified.v1', 2],
      ['mulin.evaluation.finalised.v1', 3],
    ]);
    expect(events[2]?.payload).toEqual({
      evaluationId: id,
      contractId: contract.contractId,
      instalmentId: contract.third,
      organisationId: contract.organisationId,
      attempt: 1,
      previousEvaluationId: null,
      score: 8500,
      gates: [{ code: 'volunteer-team', fulfilled: true }],
      breaches: [
        { id: first, obligation: 'hotline-response' },
        { id: second, obligation: 'hotline-response' },
      ],
      ruleVersion: 1,
      finalisedAt: expect.stringMatching(/^2026-07-06T/),
    });
  });

  it('is refused inside the appeal window, to its last second: seven working days after the notice', async () => {
    const contract = await here.contract();
    const id = await here.notified(contract.second, 9500);
    // Monday 6 July: seven working days end with Wednesday 15 July, 24:00 in Shanghai.
    expect((await see(contract.manager, id)).data?.evaluation).toMatchObject({
      appealUntil: '2026-07-15T16:00:00.000Z',
      appealArticle: '政府采购法 第五十二条（参照）',
    });
    await here.clockTo('2026-07-15T15:59:50Z');
    expect(await finalise(id)).toMatchObject({
      __typename: 'AppealOpen',
      until: '2026-07-15T16:00:00.000Z',
      rule: { id: 'appeal.window', article: '政府采购法 第五十二条（参照）' },
    });
    await here.clockTo('2026-07-15T16:00:00Z');
    expect(await finalise(id)).toMatchObject({ __typename: 'Evaluation', state: 'FINALISED' });
  });

  it('leaves public holidays out of the window', async () => {
    // Wednesday 30 September: 1 to 7 October are holidays, Saturday the 10th is worked.
    await here.clockTo('2026-09-30T02:00:00Z');
    const contract = await here.contract();
    const id = await here.notified(contract.second, 9500);
    expect((await see(contract.manager, id)).data?.evaluation).toMatchObject({
      appealUntil: '2026-10-15T16:00:00.000Z',
    });
  });

  it('may come at once when the organisation accepts its result', async () => {
    const contract = await here.contract();
    const id = await here.notified(contract.second, 9500);
    expect(await accept(contract.manager, id)).toMatchObject({
      __typename: 'Evaluation',
      state: 'NOTIFIED',
    });
    expect(await accept(contract.manager, id)).toMatchObject({ __typename: 'StateConflict' });
    expect(await finalise(id)).toMatchObject({ __typename: 'Evaluation' });
  });

  it('needs a second person: not who planned, scored or filled in a sheet', async () => {
    const contract = await here.contract();
    const everything = person(['evaluator', 'streetApprover']);
    const planner = person(['evaluator', 'streetApprover']);
    const author = person(['expert', 'streetApprover']);
    const { id } = await here.plan(planOf(contract.second), planner);
    await here.sheet(id, 9000, {}, author);
    await here.step(everything, 'scoreEvaluation', id);
    await here.step(people.evaluator, 'notifyEvaluation', id);
    await accept(contract.manager, id);
    for (const actor of [everything, planner, author]) {
      expect(await finalise(id, actor)).toMatchObject({
        __typename: 'NotYourTurn',
        decidedBy: actor.id,
        mayFinalise: ['streetApprover'],
      });
      const behind = here.mulin.database.query(
        `update evaluation set state = 'finalised', finalised_by = $2, finalised_at = now() where id = $1`,
        [id, actor.id],
      );
      await expect(behind).rejects.toMatchObject({
        constraint: expect.stringMatching(/does not finalise$/),
      });
    }
    expect(
      await here.code(people.evaluator, 'finaliseEvaluation', {
        id,
        expectedVersion: 5,
        idempotencyKey: 'x',
      }),
    ).toBe('FORBIDDEN');
    expect(await finalise(id)).toMatchObject({ __typename: 'Evaluation' });
  });

  it('is refused to an approver who was employed by the organisation, in the database as well', async () => {
    const contract = await here.contract();
    const related = person(['streetApprover']);
    await here.relate(related, contract.organisationId, '2024-03-01', 'employee');
    const id = await here.notified(contract.second, 9000);
    await accept(contract.manager, id);
    expect(await finalise(id, related)).toMatchObject({
      __typename: 'ConflictOfInterest',
      relation: 'employee',
      until: '2027-03-01',
    });
    const behind = here.mulin.database.query(
      `update evaluation set state = 'finalised', finalised_by = $2, finalised_at = now() where id = $1`,
      [id, related.id],
    );
    await expect(behind).rejects.toMatchObject({
      constraint: 'nobody related to the contract holder takes part',
    });
  });

  it('twice with one key is the same answer and one event; other content is refused', async () => {
    const contract = await here.contract();
    const id = await here.notified(contract.second, 9000);
    await accept(contract.manager, id);
    const input = { id, expectedVersion: 5, idempotencyKey: 'finalise-once' };
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => here.do(people.approver, 'finaliseEvaluation', input)),
    );
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ __typename: 'Evaluation', version: 6 });
    expect((await here.events(id)).filter(({ type }) => type.includes('finalised'))).toHaveLength(
      1,
    );
    const other = { ...input, expectedVersion: 6 };
    expect(await here.do(people.approver, 'finaliseEvaluation', other)).toMatchObject({
      __typename: 'IdempotencyKeyReused',
      idempotencyKey: 'finalise-once',
    });
    const again = { ...other, idempotencyKey: 'again' };
    expect(await here.do(people.approver, 'finaliseEvaluation', again)).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'finalised',
    });
  });

  it('is not answered by the success of another step under the same key', async () => {
    const contract = await here.contract();
    const { id } = await here.plan(planOf(contract.second));
    await here.sheet(id, 9000);
    const input = { id, expectedVersion: await here.versionOf(id), idempotencyKey: 'one-key' };
    await here.do(people.evaluator, 'scoreEvaluation', input);
    expect(await here.do(people.evaluator, 'notifyEvaluation', input)).toMatchObject({
      __typename: 'IdempotencyKeyReused',
    });
  });

  it('is final: nothing changes it, not even past the code', async () => {
    const contract = await here.contract();
    const id = await here.finalised(contract, contract.second, 9000);
    await expect(
      here.mulin.database.query('update evaluation set notice_no = 7 where id = $1', [id]),
    ).rejects.toMatchObject({ constraint: 'a final evaluation never changes' });
  });

  it('is refused when a breach was confirmed after the notice: the organisation is told again', async () => {
    const contract = await here.contract();
    const id = await here.notified(contract.third, 8500);
    await accept(contract.manager, id);
    const breachId = await here.breach(contract, '2026-05-01T02:00:00.000Z');
    expect(await finalise(id)).toMatchObject({
      __typename: 'NoticeOutdated',
      newBreachIds: [breachId],
    });
    await here.fulfil(contract, 'fulfilled');
    expect(await finalise(id)).toMatchObject({
      __typename: 'NoticeOutdated',
      changedGates: ['volunteer-team'],
    });
    expect(await here.step(people.evaluator, 'notifyEvaluation', id)).toMatchObject({
      __typename: 'Evaluation',
      noticeNo: 2,
      acceptedAt: null,
    });
    expect(await finalise(id)).toMatchObject({ __typename: 'AppealOpen' });
    await accept(contract.manager, id);
    await finalise(id);
    expect((await here.events(id)).at(-1)?.payload).toMatchObject({
      breaches: [{ id: breachId }],
      gates: [{ code: 'volunteer-team', fulfilled: true }],
    });
  });

  it('does not notify again when nothing changed', async () => {
    const contract = await here.contract();
    const id = await here.notified(contract.third, 8500);
    expect(await here.step(people.evaluator, 'notifyEvaluation', id)).toMatchObject({
      __typename: 'StateConflict',
    });
  });

  it('charges a breach once: confirmed after its instalment is final, it goes to the next one', async () => {
    const contract = await here.contract();
    const early = await here.breach(contract, '2026-02-01T02:00:00.000Z');
    const secondQuarter = await here.finalised(contract, contract.second, 9000);
    const late = await here.breach(contract, '2026-03-01T02:00:00.000Z');
    const thirdQuarter = await here.finalised(contract, contract.third, 9000);
    const breachesOf = async (id: string) => (await here.events(id)).at(-1)?.payload.breaches;
    expect(await breachesOf(secondQuarter)).toEqual([
      { id: early, obligation: 'hotline-response' },
    ]);
    expect(await breachesOf(thirdQuarter)).toEqual([{ id: late, obligation: 'hotline-response' }]);
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
