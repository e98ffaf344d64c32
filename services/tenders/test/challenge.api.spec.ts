import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { HoldClock } from '../src/challenge/hold-clock.js';
import { Bench, missing, NOW, person, step, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

const GROUNDS = [
  { ground: '第二名的服务方案得分明显偏高', evidence: '评审报告第 3 页', remedy: '重新评审' },
];

describe('inquiries, challenges and complaints', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const file = (actor: Actor, tender: { id: string }, change: object = {}) =>
    at.do(actor, 'fileChallenge', {
      ...{ id: newId('chl'), tenderId: tender.id, kind: 'CHALLENGE', stage: 'RESULT' },
      ...{ grounds: GROUNDS, ...change },
    });
  const must = async (actor: Actor, tender: { id: string }, change: object = {}) => {
    const filed = await file(actor, tender, change);
    if ('rule' in filed) throw new Error(JSON.stringify(filed));
    return filed;
  };
  /** A tender whose result is announced and challenged by the second. */
  const challenged = async () => {
    const announced = await at.announcedTender();
    const loser = announced.bidders[1] ?? missing('loser');
    const filed = await must(loser, announced.tender);
    return { ...announced, loser, filed };
  };
  const reply = (challenge: Told, change: object = {}) =>
    at.do(at.approver, 'answerChallenge', {
      ...{ ...step(challenge), outcome: 'DISMISSED', effect: 'NONE', answer: '评分符合招标文件。' },
      ...change,
    });
  const tenderNow = async ({ id }: { id: string }) => {
    const { tender } = await at.mulin.answer<{
      tender: { state: string; suspendedSince: string | null; failedBecause: string | null };
    }>(at.officer, 'query ($id: ID!) { tender(id: $id) { state suspendedSince failedBecause } }', {
      id,
    });
    return tender;
  };
  const AFTER_STAND_STILL = new Date('2025-12-02T00:00:01+08:00');

  it('are filed by who takes part: about the file every verified organisation, about the rest the bidders', async () => {
    const { tender } = await at.announcedTender();
    const stranger = at.bidder();
    await at.known(stranger.organisation);
    expect(await file(stranger, tender)).toMatchObject({ __typename: 'NotAParty' });
    expect(await file(stranger, tender, { stage: 'PROCESS' })).toMatchObject({
      __typename: 'NotAParty',
    });
    await at.clockTo(NOW);
    const published = await at.publishedTender();
    const unverified = at.bidder();
    await at.known(unverified.organisation, { verified: false });
    expect(await file(unverified, published, { stage: 'FILE' })).toMatchObject({
      __typename: 'NotAParty',
    });
    expect(await file(stranger, published, { stage: 'FILE' })).toMatchObject({
      __typename: 'Challenge',
      state: 'FILED',
    });
    expect(await file(stranger, published, { stage: 'FILE', grounds: [] })).toMatchObject({
      __typename: 'InvalidInput',
    });
  });

  it('come within the term: a challenge of the result until three working days after its notice (this street’s rule), and not before it', async () => {
    const { tender: evaluating, bidders: early } = await at.reportedTender();
    expect(await file(early[0] ?? missing('bidder'), evaluating)).toMatchObject({
      __typename: 'ChallengeOutOfTime',
      until: null,
    });
    const { tender, bidders } = await at.announcedTender();
    const loser = bidders[1] ?? missing('loser');
    await at.clockTo(new Date('2025-12-01T23:59:50+08:00'));
    await must(loser, tender);
    await at.clockTo(new Date('2025-12-02T00:00:00+08:00'));
    expect(await file(loser, tender)).toMatchObject({
      __typename: 'ChallengeOutOfTime',
      until: '2025-12-01T16:00:00.000Z',
    });
    // An inquiry has no such term.
    expect(await file(loser, tender, { kind: 'INQUIRY' })).toMatchObject({ state: 'FILED' });
  });

  it('hold the award from the moment they are accepted until they are answered', async () => {
    const { tender, award, filed, winner } = await challenged();
    await at.clockTo(AFTER_STAND_STILL);
    const accepted = await at.must(at.officer, 'acceptChallenge', step(filed));
    expect(accepted).toMatchObject({ frozen: true });
    expect(await at.do(at.approver, 'noticeAward', step(award))).toMatchObject({
      __typename: 'TenderOnHold',
      rule: { id: 'tender.suspended' },
    });
    await expect(
      at.mulin.database.query(
        `update award set state = 'noticed', noticed_at = mulin.now() where id = $1`,
        [award.id],
      ),
    ).rejects.toThrow('is suspended');
    expect((await tenderNow(tender)).suspendedSince).not.toBeNull();
    const answered = await reply(accepted);
    expect(answered).toMatchObject({ state: 'ANSWERED', frozen: false });
    expect((await tenderNow(tender)).suspendedSince).toBeNull();
    const noticed = await at.must(at.approver, 'noticeAward', step(award));
    await at.must(winner, 'acceptAward', step(noticed));
    expect((await at.outbox(tender.id)).slice(-3).map(({ type }) => type)).toEqual([
      'mulin.tender.suspended.v1',
      'mulin.tender.resumed.v1',
      'mulin.tender.awarded.v1',
    ]);
    const told = await at.outbox(filed.id);
    expect(told.map(({ type }) => type)).toEqual([
      'mulin.challenge.filed.v1',
      'mulin.challenge.decided.v1',
    ]);
    expect(JSON.stringify(told)).not.toContain('得分');
  });

  it('hold the choice and the announcement too, when they are about how it went', async () => {
    const { tender, bidders } = await at.reportedTender();
    const filed = await must(bidders[1] ?? missing('bidder'), tender, { stage: 'PROCESS' });
    const accepted = await at.must(at.officer, 'acceptChallenge', step(filed));
    const now = async () => {
      const [row] = await at.mulin.database.query<Told>(
        'select id, version from tender where id = $1',
        [tender.id],
      );
      return row ?? missing('tender');
    };
    expect(await at.do(at.officer, 'chooseWinners', step(await now()))).toMatchObject({
      __typename: 'TenderOnHold',
    });
    await reply(accepted);
    const chosen = await at.must(at.officer, 'chooseWinners', step(await now()));
    const again = await must(bidders[2] ?? missing('bidder'), tender, { stage: 'PROCESS' });
    await at.must(at.officer, 'acceptChallenge', step(again));
    expect(chosen.version).toBeLessThan((await now()).version);
    expect(await at.do(at.approver, 'announceResult', step(await now()))).toMatchObject({
      __typename: 'TenderOnHold',
    });
  });

  it('stop an award notice that went out, before the winner has accepted', async () => {
    const { tender, award, winner, bidders } = await at.announcedTender();
    await at.clockTo(AFTER_STAND_STILL);
    const noticed = await at.must(at.approver, 'noticeAward', step(award));
    const filed = await must(bidders[1] ?? missing('loser'), tender, { kind: 'INQUIRY' });
    await at.must(at.officer, 'acceptChallenge', step(filed));
    expect(await at.do(winner, 'acceptAward', step(noticed))).toMatchObject({
      __typename: 'TenderOnHold',
    });
  });

  it('do not cost the winner its time to answer while nobody has said whether they are taken in', async () => {
    const { tender, award, winner, bidders } = await at.announcedTender();
    await at.clockTo(AFTER_STAND_STILL);
    const noticed = await at.must(at.approver, 'noticeAward', step(award));
    // The term ends with 17 December; the question comes four hours before that and is answered two days later.
    await at.clockTo(new Date('2025-12-17T20:00:00+08:00'));
    const filed = await must(bidders[1] ?? missing('loser'), tender, { kind: 'INQUIRY' });
    await at.clockTo(new Date('2025-12-19T20:00:00+08:00'));
    expect(await at.do(winner, 'acceptAward', step(noticed))).toMatchObject({
      __typename: 'ChallengeUndecided',
    });
    expect(
      await at.do(at.approver, 'recordAwardRefusal', { ...step(noticed), because: '逾期未答复。' }),
    ).toMatchObject({ __typename: 'ChallengeUndecided' });
    await at.must(bidders[1] ?? missing('loser'), 'withdrawChallenge', step(filed));
    const { award: now } = await at.mulin.answer<{ award: Told & { answerBy: string } }>(
      winner,
      'query ($id: ID!) { award(id: $id) { id version answerBy } }',
      { id: award.id },
    );
    expect(now.answerBy.slice(0, 16)).toBe('2025-12-19T16:00');
    expect(await at.must(winner, 'acceptAward', step(now))).toMatchObject({ state: 'ACCEPTED' });
  });

  it('hold nothing when one person records and another confirms that they cannot affect the result', async () => {
    const { tender, filed } = await challenged();
    const accepted = await at.must(at.officer, 'acceptChallenge', step(filed));
    const both = person(['streetOfficer', 'streetApprover']);
    const exempted = await at.must(both, 'exemptChallenge', {
      ...{ ...step(accepted), because: '涉及的是落选的两家之间的排序。' },
    });
    expect((await tenderNow(tender)).suspendedSince).not.toBeNull();
    expect(await at.do(both, 'confirmChallengeExemption', step(exempted))).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
    await at.must(at.approver, 'confirmChallengeExemption', step(exempted));
    expect((await tenderNow(tender)).suspendedSince).toBeNull();
  });

  it('hold on while another is open, whichever is answered first', async () => {
    const { tender, bidders, filed } = await challenged();
    const other = await must(bidders[2] ?? missing('third'), tender, { kind: 'INQUIRY' });
    const first = await at.must(at.officer, 'acceptChallenge', step(filed));
    const second = await at.must(at.officer, 'acceptChallenge', step(other));
    await reply(first);
    expect((await tenderNow(tender)).suspendedSince).not.toBeNull();
    await at.must(bidders[2] ?? missing('third'), 'withdrawChallenge', step(second));
    expect((await tenderNow(tender)).suspendedSince).toBeNull();
  });

  it('are answered within seven working days of coming, an inquiry within three, and listed when they are late', async () => {
    const { tender, loser, filed } = await challenged();
    // Filed on Tuesday 25 November.
    const accepted = await at.must(at.officer, 'acceptChallenge', step(filed));
    expect(accepted.dueAt).toBe('2025-12-04T16:00:00.000Z');
    const inquiry = await must(loser, tender, { kind: 'INQUIRY' });
    expect(await at.must(at.officer, 'acceptChallenge', step(inquiry))).toMatchObject({
      dueAt: '2025-11-28T16:00:00.000Z',
    });
    await at.clockTo(new Date('2025-12-01T10:00:00+08:00'));
    const { challenges } = await at.mulin.answer<{ challenges: { nodes: object[] } }>(
      at.officer,
      `query ($id: ID) { challenges(first: 9, filter: { tenderId: $id, overdue: true }) { nodes { id } } }`,
      { id: tender.id },
    );
    expect(challenges.nodes).toEqual([{ id: inquiry.id }]);
  });

  it('make the tender fail when they are upheld so, and nothing is awarded by it any more', async () => {
    const { tender, award, filed } = await challenged();
    const accepted = await at.must(at.officer, 'acceptChallenge', step(filed));
    const said = { outcome: 'UPHELD', effect: 'NEW_TENDER', answer: '评审程序有误。' };
    const proposed = await reply(accepted, said);
    expect((await tenderNow(tender)).suspendedSince).not.toBeNull();
    await at.must(at.secondApprover, 'confirmChallengeAnswer', step(proposed));
    expect(await tenderNow(tender)).toEqual({
      ...{ state: 'FAILED', failedBecause: 'challengeUpheld', suspendedSince: null },
    });
    await at.clockTo(AFTER_STAND_STILL);
    expect(await at.do(at.approver, 'noticeAward', step(award))).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'failed',
    });
  });

  it('are the parties’ own: another bidder sees nothing, and answers nothing', async () => {
    const { bidders, filed } = await challenged();
    const { data } = await at.mulin.ask(
      bidders[2] ?? missing('third'),
      'query ($id: ID!) { challenge(id: $id) { grounds { ground } } }',
      { id: filed.id },
    );
    expect(data).toEqual({ challenge: null });
    await expect(
      at.must(bidders[2] ?? missing('third'), 'withdrawChallenge', step(filed)),
    ).rejects.toThrow('NOT_FOUND');
  });

  it('are read by the office that handles them, and by nobody else who works for the street', async () => {
    const { filed } = await challenged();
    const read = (actor: Actor) =>
      at.mulin.ask<{ challenge: { grounds: object[] } | null }>(
        actor,
        `query ($id: ID!) { challenge(id: $id) { grounds { evidence } responses { text } pauses { reasonCode } } }`,
        { id: filed.id },
      );
    for (const role of ['streetOfficer', 'streetApprover', 'auditor'] as const)
      expect((await read(person([role]))).data?.challenge?.grounds).toEqual([
        { evidence: '评审报告第 3 页' },
      ]);
    for (const role of [
      ...(['expert', 'cashier', 'evaluator', 'districtAnalyst', 'platformOperator'] as const),
    ])
      expect({ role, ...(await read(person([role]))).data }).toEqual({ role, challenge: null });
  });

  describe('a complaint', () => {
    const CHALLENGED = GROUNDS.map((each) => ({ ...each, goesOnFrom: 1 }));
    const DECISION = { decisionNo: '沪财采裁〔2025〕3号（虚构）', decisionDate: '2025-11-25' };
    const complained = async () => {
      const { filed, ...all } = await challenged();
      const accepted = await at.must(at.officer, 'acceptChallenge', step(filed));
      await reply(accepted);
      const complaint = await must(all.loser, all.tender, {
        ...{ kind: 'COMPLAINT', previousId: filed.id, grounds: CHALLENGED },
      });
      return { ...all, filed, complaint };
    };

    it('goes on from one’s own challenge, answered or overdue, about the same stage', async () => {
      const { tender, loser, filed, bidders } = await challenged();
      const complain = (actor: Actor, change: object = {}) =>
        file(actor, tender, {
          ...{ kind: 'COMPLAINT', previousId: filed.id, grounds: CHALLENGED, ...change },
        });
      expect(await complain(loser)).toMatchObject({ __typename: 'NotChallengedBefore' });
      await at.must(at.officer, 'acceptChallenge', step(filed));
      await at.clockTo(new Date('2025-12-05T00:00:01+08:00'));
      expect(await complain(bidders[2] ?? missing('third'))).toMatchObject({
        __typename: 'NotChallengedBefore',
      });
      expect(await complain(loser, { stage: 'PROCESS' })).toMatchObject({
        __typename: 'NotChallengedBefore',
      });
      // Not answered until Thursday 4 December: fifteen working days from there.
      expect(await complain(loser)).toMatchObject({ state: 'FILED' });
      await at.clockTo(new Date('2025-12-26T00:00:01+08:00'));
      expect(await complain(loser)).toMatchObject({ __typename: 'ChallengeOutOfTime' });
    });

    it('is about what was challenged, or about the answer to it where there is one', async () => {
      const { tender, loser, filed } = await challenged();
      const [ground = missing('ground')] = GROUNDS;
      const complain = (...grounds: object[]) =>
        file(loser, tender, {
          ...{ kind: 'COMPLAINT', previousId: filed.id },
          grounds: grounds.map((each) => ({ ...ground, ...each })),
        });
      // Left lying for its seven working days: there is no answer to complain about, and one ground was challenged.
      await at.clockTo(new Date('2025-12-05T00:00:01+08:00'));
      for (const beyond of [
        { ground: '全新理由' },
        { goesOnFrom: 0 },
        { goesOnFrom: 2 },
        { aboutAnswer: true },
      ])
        expect(await complain({ goesOnFrom: 1 }, beyond)).toMatchObject({
          ...{ __typename: 'GroundNotChallenged', ground: 2 },
          rule: { id: 'complaint.grounds', article: expect.stringContaining('第五十五条') },
        });
      await expect(
        at.mulin.database.query(
          `insert into challenge (id, street, tender_id, organisation_id, kind, stage, previous_id, grounds, state,
             filed_by, filed_at, due_at, frozen, version, events)
           select 'chl_new', street, tender_id, organisation_id, 'complaint', stage, id, grounds, 'filed',
             filed_by, mulin.now(), mulin.now(), false, 1, 1 from challenge where id = $1`,
          [filed.id],
        ),
      ).rejects.toThrow('goes beyond what was challenged');
      const proposed = await at.must(at.officer, 'rejectChallenge', {
        ...{ ...step(filed), because: '重复质疑。' },
      });
      await at.must(at.approver, 'confirmChallengeRejection', step(proposed));
      expect(await complain({ goesOnFrom: 1, aboutAnswer: true })).toMatchObject({
        __typename: 'GroundNotChallenged',
      });
      const filedNow = await complain({ goesOnFrom: 1 }, { aboutAnswer: true });
      expect(filedNow).toMatchObject({ state: 'FILED' });
      const { challenge } = await at.mulin.answer<{ challenge: { grounds: object[] } }>(
        at.officer,
        'query ($id: ID!) { challenge(id: $id) { grounds { goesOnFrom aboutAnswer } } }',
        { id: filedNow.id },
      );
      expect(challenge.grounds).toEqual([
        { goesOnFrom: 1, aboutAnswer: null },
        { goesOnFrom: null, aboutAnswer: true },
      ]);
      // Of a challenge nothing is said that it could go on from.
      expect(await file(loser, tender, { grounds: CHALLENGED })).toMatchObject({
        __typename: 'InvalidInput',
      });
    });

    it('is held once by a notice, and a second one is told why it is not possible', async () => {
      const { complaint } = await complained();
      const hold = (of: Told, noticeNo: string) =>
        at.do(at.approver, 'holdByNotice', {
          ...{
            ...step(of),
            until: '2025-12-10T10:00:00+08:00',
            noticeDate: '2025-11-25',
            noticeNo,
          },
        });
      expect(await hold(complaint, '甲')).toMatchObject({
        __typename: 'StateConflict',
        message: expect.stringContaining('held after it was taken in'),
      });
      const accepted = await at.must(at.officer, 'acceptChallenge', step(complaint));
      const held = await hold(accepted, '沪财采暂停〔2025〕9号（虚构）');
      expect(await hold(held, '乙')).toMatchObject({
        __typename: 'StateConflict',
        message: expect.stringContaining(
          'The notice 沪财采暂停〔2025〕9号（虚构） has held it once',
        ),
      });
    });

    it('holds the tender only by the finance department’s notice, for at most thirty days, which ends by itself', async () => {
      const { tender, complaint } = await complained();
      const accepted = await at.must(at.officer, 'acceptChallenge', step(complaint));
      expect(accepted).toMatchObject({ frozen: false });
      expect((await tenderNow(tender)).suspendedSince).toBeNull();
      await at.clockTo(new Date('2025-11-27T10:00:00+08:00'));
      const hold = (until: string, noticeDate = '2025-11-25') =>
        at.do(at.approver, 'holdByNotice', {
          ...{ ...step(accepted), until, noticeDate, noticeNo: '沪财采暂停〔2025〕7号（虚构）' },
        });
      // Thirty days from the date of the notice, not from the day it was recorded.
      expect(await hold('2025-12-26T10:00:00+08:00')).toMatchObject({
        ...{ __typename: 'HoldTooLong', latest: '2025-12-25T16:00:00.000Z' },
      });
      expect(await hold('2025-12-10T10:00:00+08:00', '2025-11-28')).toMatchObject({
        __typename: 'InvalidInput',
      });
      expect(await hold('2025-12-10T10:00:00+08:00')).toMatchObject({
        ...{ frozen: true, noticeDate: '2025-11-25' },
      });
      expect((await tenderNow(tender)).suspendedSince).not.toBeNull();
      await at.clockTo(new Date('2025-12-10T10:00:01+08:00'));
      await at.mulin.service.app.get(HoldClock).tick();
      expect((await tenderNow(tender)).suspendedSince).toBeNull();
      expect((await at.outbox(tender.id)).at(-1)).toMatchObject({
        type: 'mulin.tender.resumed.v1',
      });
    });

    it('is held by no notice that is older than itself, in the code and in the database', async () => {
      const { tender, complaint } = await complained();
      const accepted = await at.must(at.officer, 'acceptChallenge', step(complaint));
      const older = { until: '2025-12-10T10:00:00+08:00', noticeDate: '2025-11-24' };
      expect(
        await at.do(at.approver, 'holdByNotice', { ...step(accepted), ...older, noticeNo: '9' }),
      ).toMatchObject({
        ...{ __typename: 'NoticeBeforeComplaint', filedOn: '2025-11-25' },
        rule: { article: '政府采购法 第五十七条' },
      });
      expect((await tenderNow(tender)).suspendedSince).toBeNull();
      await expect(
        at.mulin.database.query(
          `update challenge set frozen = true, frozen_until = '2025-12-10', notice_no = '9',
             notice_date = '2025-11-24' where id = $1`,
          [complaint.id],
        ),
      ).rejects.toThrow('is older than the complaint');
    });

    it('is decided by no decision that is older than itself, in the code and in the database', async () => {
      const { complaint } = await complained();
      const accepted = await at.must(at.officer, 'acceptChallenge', step(complaint));
      expect(await reply(accepted, { ...DECISION, decisionDate: '2025-11-24' })).toMatchObject({
        ...{ __typename: 'DecisionBeforeComplaint', filedOn: '2025-11-25' },
        rule: { id: 'complaint.decisionDate', article: '政府采购法 第五十六条' },
      });
      const recorded = await reply(accepted, DECISION);
      await expect(
        at.mulin.database.query(
          `update challenge set decision_no = '9', decision_date = '2025-11-24' where id = $1`,
          [complaint.id],
        ),
      ).rejects.toThrow('is older than the complaint');
      // Nor is one that a first person could record before this rule was there.
      await at.mulin.database.query(
        `update challenge set proposed = jsonb_set(proposed, '{decision,date}', '"2025-11-24"') where id = $1`,
        [complaint.id],
      );
      expect(
        await at.do(at.secondApprover, 'confirmChallengeAnswer', step(recorded)),
      ).toMatchObject({ __typename: 'DecisionBeforeComplaint' });
    });

    it('is decided by the finance department: its decision is recorded with number and date, and one person alone ends no hold', async () => {
      const { tender, loser, complaint } = await complained();
      const accepted = await at.must(at.officer, 'acceptChallenge', step(complaint));
      const held = await at.must(at.approver, 'holdByNotice', {
        ...{ ...step(accepted), until: '2025-12-10T10:00:00+08:00', noticeDate: '2025-11-25' },
        noticeNo: '沪财采暂停〔2025〕8号（虚构）',
      });
      expect(await reply(held)).toMatchObject({ __typename: 'InvalidInput' });
      expect(await reply(held, { ...DECISION, decisionDate: '2099-01-01' })).toMatchObject({
        __typename: 'InvalidInput',
      });
      const recorded = await reply(held, DECISION);
      expect(recorded).toMatchObject({ state: 'ACCEPTED', frozen: true, answer: null });
      await expect(
        at.mulin.database.query(`update challenge set state = 'answered' where id = $1`, [
          complaint.id,
        ]),
      ).rejects.toThrow('a complaint is answered by a decision that two people record');
      expect(await at.do(at.approver, 'confirmChallengeAnswer', step(recorded))).toMatchObject({
        __typename: 'SecondPersonNeeded',
      });
      expect((await tenderNow(tender)).suspendedSince).not.toBeNull();
      expect(
        await at.must(at.secondApprover, 'confirmChallengeAnswer', step(recorded)),
      ).toMatchObject({ state: 'ANSWERED', frozen: false, ...DECISION });
      expect((await tenderNow(tender)).suspendedSince).toBeNull();
      // What the street answers itself has no such decision.
      const own = await must(loser, tender, { kind: 'INQUIRY' });
      const taken = await at.must(at.officer, 'acceptChallenge', step(own));
      expect(await reply(taken, DECISION)).toMatchObject({ __typename: 'InvalidInput' });
    });

    it('is decided within thirty working days, which stand still for tests and corrections', async () => {
      const { complaint } = await complained();
      // Filed on 25 November 2025: thirty working days end on 7 January 2026 (New Year’s Day is off).
      const accepted = await at.must(at.officer, 'acceptChallenge', step(complaint));
      const due = String(accepted.dueAt);
      await at.clockTo(new Date('2025-12-01T10:00:00+08:00'));
      const stop = (row: Told, reasonCode: string) =>
        at.do(at.officer, 'stopChallengeClock', { ...step(row), reasonCode });
      expect(await stop(accepted, 'holiday')).toMatchObject({
        ...{ __typename: 'PauseReasonUnknown', rule: { article: '财政部令第94号 第二十七条' } },
      });
      const stopped = await stop(accepted, 'expertReview');
      expect(stopped).toMatchObject({ dueAt: null });
      expect(await stop(stopped, 'tests')).toMatchObject({ __typename: 'StateConflict' });
      await at.clockTo(new Date('2025-12-08T10:00:00+08:00'));
      const going = await at.must(at.officer, 'startChallengeClock', step(stopped));
      // Five working days later than it was.
      const days = (new Date(String(going.dueAt)).getTime() - new Date(due).getTime()) / 86_400_000;
      expect(days).toBe(7);
      const { challenge } = await at.mulin.answer<{ challenge: { pauses: object[] } }>(
        at.officer,
        'query ($id: ID!) { challenge(id: $id) { pauses { reasonCode stoppedBy startedAt } } }',
        { id: complaint.id },
      );
      expect(challenge.pauses).toEqual([
        {
          ...{ reasonCode: 'expertReview', stoppedBy: at.officer.id },
          startedAt: expect.stringContaining('2025-12-08'),
        },
      ]);
    });

    it('stays overdue when its clock is stopped too late', async () => {
      const { complaint, tender } = await complained();
      const accepted = await at.must(at.officer, 'acceptChallenge', step(complaint));
      await at.clockTo(new Date('2026-01-12T10:00:00+08:00'));
      const stopped = await at.must(at.officer, 'stopChallengeClock', {
        ...{ ...step(accepted), reasonCode: 'tests' },
      });
      const { challenges } = await at.mulin.answer<{ challenges: { nodes: object[] } }>(
        at.officer,
        `query ($id: ID) { challenges(first: 9, filter: { tenderId: $id, overdue: true }) { nodes { id } } }`,
        { id: tender.id },
      );
      expect(challenges.nodes).toEqual([{ id: complaint.id }]);
      expect(await at.must(at.officer, 'startChallengeClock', step(stopped))).toMatchObject({
        dueAt: accepted.dueAt,
      });
    });

    it('is published with its decision', async () => {
      const { complaint } = await complained();
      const accepted = await at.must(at.officer, 'acceptChallenge', step(complaint));
      const look = (actor: Actor | null = person(['resident'])) =>
        at.mulin.ask<{ challenge: { answer: string } }>(
          actor,
          'query ($id: ID!) { challenge(id: $id) { answer outcome grounds { ground } pauses { reasonCode } } }',
          { id: complaint.id },
        );
      expect((await look()).data).toEqual({ challenge: null });
      expect((await look(null)).data).toEqual({ challenge: null });
      const recorded = await reply(accepted, { ...DECISION, answer: '投诉事项不成立。' });
      expect((await look()).data).toEqual({ challenge: null });
      await at.must(at.secondApprover, 'confirmChallengeAnswer', step(recorded));
      expect((await look()).data?.challenge).toEqual({
        ...{ answer: '投诉事项不成立。', outcome: 'DISMISSED' },
        // What was written is not: business secrets may stand in it.
        ...{ grounds: null, pauses: [] },
      });
      // Without signing in as well, and of all that was filed this alone.
      expect((await look(null)).data).toEqual((await look()).data);
      const { challenges } = await at.mulin.answer<{ challenges: { nodes: object[] } }>(
        null,
        '{ challenges(first: 100) { nodes { id kind state rejection exemption } } }',
      );
      expect(challenges.nodes).toContainEqual({
        ...{ id: complaint.id, kind: 'COMPLAINT', state: 'ANSWERED' },
        ...{ rejection: null, exemption: null },
      });
      for (const each of challenges.nodes)
        expect(each).toMatchObject({ kind: 'COMPLAINT', state: 'ANSWERED' });
    });
  });
});
