import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { ContractTerminated } from '@mulin/events';
import { eventually } from '@mulin/testing';
import { Bench } from './builders.js';
import { MONDAY, person, planOf } from './facts.js';

describe('making an evaluation final', () => {
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

  it('is refused once a termination dated within the period has settled the instalment', async () => {
    const contract = await here.contract();
    const id = await here.notified(contract.second, 9500);
    await accept(contract.manager, id);
    const { contractId, organisationId } = contract;
    const ended = { contractId, organisationId, reasonCode: 'breach', terminatedOn: '2026-03-15' };
    await here.send(ContractTerminated, ended);
    const known = 'select from term where contract_id = $1 and terminated_on is not null';
    await eventually(async () =>
      expect(await here.mulin.database.query(known, [contractId])).toHaveLength(1),
    );
    expect(await finalise(id)).toMatchObject({
      __typename: 'ContractEndedEarly',
      terminatedOn: '2026-03-15',
    });
    expect(await here.events(id)).toHaveLength(2);
  });

  it('is refused inside the appeal window, to its last second: seven working days after the notice', async () => {
    const contract = await here.contract();
    const id = await here.notified(contract.second, 9500);
    // Monday 6 July: seven working days end with Wednesday 15 July, 24:00 in Shanghai.
    await here.clockTo('2026-07-15T15:59:50Z');
    expect(await finalise(id)).toMatchObject({
      __typename: 'AppealOpen',
      until: '2026-07-15T16:00:00.000Z',
      rule: { id: 'appeal.window', article: '政府采购法 第五十二条（参照）' },
    });
    await here.clockTo('2026-07-15T16:00:00Z');
    expect(await finalise(id)).toMatchObject({ __typename: 'Evaluation', state: 'FINALISED' });
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
});
