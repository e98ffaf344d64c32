import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor, Role } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import {
  type Agreement,
  AMOUNT,
  appropriate,
  available,
  contractBecomes,
  contractNow,
  decisions,
  draft,
  fund,
  notified,
  organisation,
  ordered,
  decided,
  planned,
  requestFunds,
  sign,
  signedContract,
  submitSheet,
} from './story.js';
import { person, World, WHILE_IT_BOOTS } from './world.js';

/** The same person, in another post by now: no token gives roles together that exclude each other. */
const inPost = (actor: Actor, ...roles: Role[]): Actor => ({ ...actor, roles });

describe('before anyone signs, and who must not', () => {
  let world: World;
  let provider: Awaited<ReturnType<typeof organisation>>;

  beforeAll(async () => {
    world = await World.open({ at: '2026-01-05T10:00:00+08:00' });
    provider = await organisation(world);
  }, WHILE_IT_BOOTS);

  afterAll(async () => {
    const broken = await world.brokenSentences();
    await world.close();
    expect(broken).toEqual([]);
  });

  describe('money before signatures', () => {
    let fundId: string;
    let poor: Agreement;

    beforeAll(async () => {
      fundId = await fund(world, AMOUNT - 1n);
      poor = await draft(world, { fundId, provider });
    });

    it('sends a contract back to its draft when the fund is one fen too small, and says what is missing', async () => {
      await requestFunds(world, poor.id);
      const back = await contractBecomes(world, poor.id, 'DRAFTED');
      expect(back.fundsRefusal).toEqual({
        code: 'budgetExceeded',
        requested: { fen: '30000000' },
        remaining: { fen: '29999999' },
      });
      expect(await available(world, fundId)).toBe(AMOUNT - 1n);
    });

    it('lets neither side sign what no money is reserved for', async () => {
      const { textHash } = await contractNow(world, poor.id);
      for (const [actor, side] of [
        [world.people.approver, 'BUYER'],
        [poor.manager, 'PROVIDER'],
      ] as const) {
        const answer = await world.step(actor, 'signContract', poor.id, { side, textHash });
        expect(answer).toMatchObject({ __typename: 'FundsNotReserved', state: 'DRAFTED' });
      }
    });

    it('lets both sides sign once the budget is there and the money is asked for again', async () => {
      await appropriate(world, { fundId, fen: 1n });
      await requestFunds(world, poor.id);
      expect((await contractBecomes(world, poor.id, 'FUNDED')).fundsRefusal).toBeNull();
      expect(await available(world, fundId)).toBe(0n);
      await sign(world, poor);
      await contractBecomes(world, poor.id, 'ACTIVE');
    });

    it('gives reserved money back to the fund when a contract is given up before it is signed', async () => {
      const other = await fund(world, AMOUNT);
      const given = await draft(world, { fundId: other, provider });
      await requestFunds(world, given.id);
      await contractBecomes(world, given.id, 'FUNDED');
      expect(await available(world, other)).toBe(0n);
      await world.mustStep(world.people.officer, 'cancelContract', given.id);
      await eventually(async () => (await available(world, other)) === AMOUNT);
    });
  });

  describe('two people for each matter, and nobody in two posts', () => {
    let agreement: Agreement;
    let second: Agreement;
    let third: Agreement;

    beforeAll(async () => {
      const fundId = await fund(world, 4n * AMOUNT);
      // The second one is above the limit from which a payment needs two approvals.
      const signed = (amount: bigint) => signedContract(world, { fundId, provider, amount });
      [agreement, second, third] = await Promise.all([
        signed(AMOUNT),
        signed(2n * AMOUNT),
        signed(AMOUNT),
      ]);
      await world.clockTo('2026-04-07T10:00:00+08:00');
    });

    it('does not let who wrote a contract sign it, even with the approver’s post', async () => {
      const both = person(['streetOfficer', 'streetApprover']);
      const fundId = await fund(world, AMOUNT);
      const before = world.people.officer;
      Object.assign(world.people, { officer: both });
      const own = await draft(world, { fundId, provider });
      Object.assign(world.people, { officer: before });
      await requestFunds(world, own.id);
      const { textHash } = await contractBecomes(world, own.id, 'FUNDED');
      const answer = await world.step(both, 'signContract', own.id, { side: 'BUYER', textHash });
      expect(answer).toMatchObject({ __typename: 'SecondPersonNeeded', firstPersonId: both.id });
    });

    it('keeps a former director away from the organisation’s evaluation for three years', async () => {
      const director = person('evaluator');
      const { officer, approver } = world.people;
      const relation = newId('rel');
      await world.must(officer, 'registerPerson', { id: director.id, name: '前理事（虚构）' });
      await world.must(officer, 'recordRelation', {
        id: relation,
        personId: director.id,
        organisationId: agreement.organisationId,
        kind: 'DIRECTOR',
        from: '2020-01-01',
        to: '2024-04-07',
      });
      await world.mustStep(approver, 'confirmRelation', relation);
      const plan = (instalmentId: string) =>
        world.do(director, 'planEvaluation', {
          id: newId('eva'),
          instalmentId,
          indicators: [{ code: 'quality', title: '质量', weight: 10_000, source: 'EXPERT' }],
          sources: [{ source: 'EXPERT' }],
        });
      // The register's news travels as an event; a plan made before it is there would be a plan.
      await eventually(async () => {
        const known = await world.databases.evaluations.query(
          'select from relation where person_id = $1',
          [director.id],
        );
        return known.length === 1;
      });
      expect(await plan(agreement.instalmentId)).toMatchObject({
        __typename: 'ConflictOfInterest',
        relation: 'director',
        until: '2027-04-07',
        rule: { id: 'recusal.employment', article: '政府采购法实施条例 第九条' },
      });
    });

    it('does not let who planned an evaluation make it final', async () => {
      const planner = person('evaluator');
      const before = world.people.evaluator;
      Object.assign(world.people, { evaluator: planner });
      const id = await notified(world, { instalmentId: second.instalmentId, score: 9500 });
      Object.assign(world.people, { evaluator: before });
      await world.mustStep(second.manager, 'acceptResult', id);
      expect(
        await world.step(inPost(planner, 'streetApprover'), 'finaliseEvaluation', id),
      ).toMatchObject({
        __typename: 'NotYourTurn',
        decidedBy: planner.id,
      });
      expect(await decisions(world, second.instalmentId)).toEqual([]);
      await world.mustStep(world.people.approver, 'finaliseEvaluation', id);
    });

    it('does not let who filled in a sheet make the evaluation final', async () => {
      const author = person(['expert', 'streetApprover']);
      const id = await planned(world, third);
      const before = world.people.expert;
      Object.assign(world.people, { expert: author });
      await submitSheet(world, { evaluationId: id, score: 9000 });
      Object.assign(world.people, { expert: before });
      await world.mustStep(world.people.evaluator, 'scoreEvaluation', id);
      await world.mustStep(world.people.evaluator, 'notifyEvaluation', id);
      await world.mustStep(third.manager, 'acceptResult', id);
      expect(await world.step(author, 'finaliseEvaluation', id)).toMatchObject({
        __typename: 'NotYourTurn',
        decidedBy: author.id,
      });
    });

    it('wants different people to order a payment, approve it, and pay it', async () => {
      const decision = await decided(world, second.instalmentId, 1);
      const everything = person('streetOfficer');
      const id = await ordered(world, decision, everything);
      const isRefused = { __typename: 'SecondPersonNeeded', firstPersonId: everything.id };
      expect(
        await world.step(inPost(everything, 'streetApprover'), 'approveOrder', id),
      ).toMatchObject(isRefused);

      const approvingCashier = person('streetApprover');
      const once = await world.mustStep(approvingCashier, 'approveOrder', id);
      expect(once).toMatchObject({ state: 'DRAFTED', approversNeeded: 2 });
      expect(await world.step(approvingCashier, 'approveOrder', id)).toMatchObject({
        __typename: 'SecondPersonNeeded',
      });
      await world.mustStep(world.people.approver, 'approveOrder', id);
      expect(
        await world.step(inPost(approvingCashier, 'cashier'), 'confirmSettlement', id),
      ).toMatchObject({
        __typename: 'SecondPersonNeeded',
        firstPersonId: approvingCashier.id,
      });
      expect(
        await world.step(inPost(everything, 'cashier'), 'confirmSettlement', id),
      ).toMatchObject(isRefused);

      const evaluatingCashier = person(['evaluator', 'cashier']);
      // payments would refuse too (its own tests play that); the gateway takes no such token.
      const { status, codes } = await world.ask(evaluatingCashier, '{ viewer { id } }');
      expect([status, codes]).toEqual([401, ['UNAUTHENTICATED']]);
      await world.mustStep(world.people.cashier, 'confirmSettlement', id);
    });
  });
});
