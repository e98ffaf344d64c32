import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { testDatabase } from '@mulin/testing';
import { migrations } from '../src/index.js';
import { turnedAwayByTwo } from '../src/migrations/1763900000039-turned-away-by-two.js';
import { Bench, missing, NOW, person, step, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

const GROUNDS = [{ ground: '评分有误', evidence: '评审报告第 3 页', remedy: '重新评审' }];
const AFTER_STAND_STILL = new Date('2025-12-02T00:00:01+08:00');

describe('what is left to who was wronged', () => {
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
  const challenged = async () => {
    const announced = await at.announcedTender();
    const loser = announced.bidders[1] ?? missing('loser');
    return { ...announced, loser, filed: await must(loser, announced.tender) };
  };
  const complain = (actor: Actor, tender: { id: string }, { id: previousId }: { id: string }) =>
    file(actor, tender, {
      ...{ kind: 'COMPLAINT', previousId },
      grounds: GROUNDS.map((each) => ({ ...each, goesOnFrom: 1 })),
    });
  /** Upheld with this effect, by two people. */
  const upheld = async (accepted: Told, effect: object) => {
    const said = { ...step(accepted), outcome: 'UPHELD', answer: '质疑成立。', ...effect };
    const proposed = await at.must(at.approver, 'answerChallenge', said);
    expect(proposed).toMatchObject({ state: 'ACCEPTED', frozen: true });
    expect(await at.do(at.approver, 'confirmChallengeAnswer', step(proposed))).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
    return at.must(at.secondApprover, 'confirmChallengeAnswer', step(proposed));
  };
  /** Not taken in, by two people. */
  const turnedAway = async (filed: Told, because = '无。') => {
    const proposed = await at.must(at.officer, 'rejectChallenge', { ...step(filed), because });
    return at.must(at.approver, 'confirmChallengeRejection', step(proposed));
  };
  const rowOf = async <T>(table: string, { id }: { id: string }) => {
    const [row] = await at.mulin.database.query<T & Told>(`select * from ${table} where id = $1`, [
      id,
    ]);
    return row ?? missing(table);
  };
  const tenderRow = (tender: { id: string }) =>
    rowOf<{ state: string; failed_because: string | null; suspended_since: Date | null }>(
      'tender',
      tender,
    );
  const awardsOf = ({ id }: { id: string }) =>
    at.mulin.database.query<Told & { state: string; rank: number; bid_id: string }>(
      'select * from award where tender_id = $1 order by rank, id',
      [id],
    );
  const accepted = async () => {
    const announced = await at.announcedTender();
    await at.clockTo(new Date('2025-12-01T10:00:00+08:00'));
    const loser = announced.bidders[1] ?? missing('loser');
    const filed = await must(loser, announced.tender);
    const taken = await at.must(at.officer, 'acceptChallenge', step(filed));
    const exempted = await at.must(at.officer, 'exemptChallenge', {
      ...{ ...step(taken), because: '不影响中标结果。' },
    });
    const open = await at.must(at.approver, 'confirmChallengeExemption', step(exempted));
    await at.clockTo(AFTER_STAND_STILL);
    const noticed = await at.must(at.approver, 'noticeAward', step(announced.award));
    await at.must(announced.winner, 'acceptAward', step(noticed));
    return { ...announced, loser, challenge: open };
  };

  it('who is left without an answer complains when the time to answer is over, taken in or not, and it is listed as overdue', async () => {
    const { tender, loser, filed } = await challenged();
    // Filed on 25 November: seven working days end on 4 December.
    expect(filed).toMatchObject({ state: 'FILED', dueAt: '2025-12-04T16:00:00.000Z' });
    expect(await complain(loser, tender, filed)).toMatchObject({
      __typename: 'NotChallengedBefore',
    });
    await at.clockTo(new Date('2025-12-05T00:00:01+08:00'));
    const { challenges } = await at.mulin.answer<{ challenges: { nodes: object[] } }>(
      at.officer,
      `query ($id: ID) { challenges(first: 9, filter: { tenderId: $id, overdue: true }) { nodes { id } } }`,
      { id: tender.id },
    );
    expect(challenges.nodes).toEqual([{ id: filed.id }]);
    expect(await complain(loser, tender, filed)).toMatchObject({ state: 'FILED' });
    await at.clockTo(new Date('2025-12-26T00:00:01+08:00'));
    expect(await complain(loser, tender, filed)).toMatchObject({
      __typename: 'ChallengeOutOfTime',
    });
  });

  it('who is turned away reads the reason and complains from that day on', async () => {
    const { tender, loser, filed } = await challenged();
    const because = '未在法定期限内提出。';
    await turnedAway(filed, because);
    const { challenge } = await at.mulin.answer<{ challenge: { rejection: string } }>(
      loser,
      'query ($id: ID!) { challenge(id: $id) { rejection rejectedAt } }',
      { id: filed.id },
    );
    expect(challenge).toMatchObject({ rejection: because });
    await expect(
      at.mulin.database.query('update challenge set rejected_because = null where id = $1', [
        filed.id,
      ]),
    ).rejects.toThrow('who is turned away is told why');
    expect(await complain(loser, tender, filed)).toMatchObject({ state: 'FILED' });
  });

  it('one person alone turns nothing away: until a second confirms, it is filed, holds back the notice and may be taken in', async () => {
    const { tender, award, loser, filed } = await challenged();
    const both = person(['streetOfficer', 'streetApprover']);
    const because = '未在法定期限内提出。';
    const proposed = await at.must(both, 'rejectChallenge', { ...step(filed), because });
    expect(proposed).toMatchObject({
      ...{ state: 'FILED', proposedRejection: because, rejection: null, rejectedAt: null },
      dueAt: filed.dueAt,
    });
    const { challenge } = await at.mulin.answer<{ challenge: object }>(
      loser,
      'query ($id: ID!) { challenge(id: $id) { state rejection proposedRejection } }',
      { id: filed.id },
    );
    expect(challenge).toEqual({ state: 'FILED', rejection: null, proposedRejection: null });
    expect(await at.do(both, 'confirmChallengeRejection', step(proposed))).toMatchObject({
      ...{ __typename: 'SecondPersonNeeded', firstPersonId: both.id },
    });
    expect(await complain(loser, tender, filed)).toMatchObject({
      __typename: 'NotChallengedBefore',
    });
    await at.clockTo(AFTER_STAND_STILL);
    expect(await at.do(at.approver, 'noticeAward', step(award))).toMatchObject({
      __typename: 'ChallengeUndecided',
    });
    expect(await at.outbox(filed.id)).toHaveLength(1);
    const taken = await at.must(at.officer, 'acceptChallenge', step(proposed));
    expect(taken).toMatchObject({ state: 'ACCEPTED', frozen: true });
    expect(await at.do(at.approver, 'confirmChallengeRejection', step(taken))).toMatchObject({
      __typename: 'StateConflict',
    });
  });

  it('an inquiry is turned away by two people as well, and nothing is confirmed that nobody proposed', async () => {
    const { tender, loser } = await challenged();
    const inquiry = await must(loser, tender, { kind: 'INQUIRY' });
    expect(await at.do(at.approver, 'confirmChallengeRejection', step(inquiry))).toMatchObject({
      ...{ __typename: 'StateConflict', actualState: 'filed' },
    });
    expect(await turnedAway(inquiry)).toMatchObject({ state: 'REJECTED', rejection: '无。' });
    expect((await at.outbox(inquiry.id)).at(-1)).toMatchObject({
      ...{ type: 'mulin.challenge.decided.v1', payload: { outcome: 'rejected' } },
    });
  });

  it('two different people stand in the database for what is turned away', async () => {
    const { filed } = await challenged();
    const turn = (proposer: string, decider: string) =>
      at.mulin.database.query(
        `update challenge set state = 'rejected', rejected_because = '无。', rejected_by = ${decider},
           rejected_at = mulin.now(), rejection_proposed_because = '无。',
           rejection_proposed_by = ${proposer}, rejection_proposed_at = mulin.now() where id = $1`,
        [filed.id],
      );
    await expect(turn(`'per_1'`, `'per_1'`)).rejects.toThrow('two people turn a challenge away');
    await expect(turn(`'per_1'`, 'null')).rejects.toThrow('two people turn a challenge away');
    await expect(turn('null', `'per_1'`)).rejects.toThrow('its reason, its person and its time');
    await turn(`'per_1'`, `'per_2'`);
    const changed = `update challenge set rejected_because = '另一理由。' where id = $1`;
    await expect(at.mulin.database.query(changed, [filed.id])).rejects.toThrow(
      'the one that two people read',
    );
  });

  it('what one person turned away before there was a second counts as it did', async () => {
    const before = migrations.slice(0, migrations.indexOf(turnedAwayByTwo));
    const database = await testDatabase('tenders', { migrations: before });
    // Alone, without its tender: only what is written about it counts here.
    await database.query(`set session_replication_role = replica;
      insert into challenge (id, street, tender_id, organisation_id, kind, stage, grounds, state,
        filed_by, filed_at, frozen, rejected_because, rejected_by, rejected_at, version, events)
      values ('chl_1', '310110015', 'tnd_1', 'org_1', 'challenge', 'result', '[]', 'rejected',
        'per_1', '2025-11-25T10:00:00Z', false, '无。', 'per_2', '2025-11-26T10:00:00Z', 2, 2);
      set session_replication_role = origin`);
    await database.query(turnedAwayByTwo.up);
    expect(
      await database.query(
        'select state, rejected_because as because, rejected_by as by from challenge',
      ),
    ).toEqual([{ state: 'rejected', because: '无。', by: 'per_2' }]);
    await database.drop();
  });

  it('nobody of the street lifts the finance department’s notice', async () => {
    const { tender, loser, filed } = await challenged();
    await turnedAway(filed);
    const complaint = await complain(loser, tender, filed);
    const taken = await at.must(at.officer, 'acceptChallenge', step(complaint));
    const held = await at.must(at.approver, 'holdByNotice', {
      ...{ ...step(taken), noticeNo: '7', noticeDate: '2025-11-25' },
      until: '2025-12-10T10:00:00+08:00',
    });
    expect(
      await at.do(at.officer, 'exemptChallenge', { ...step(held), because: '不影响。' }),
    ).toMatchObject({ __typename: 'NoticeBinds', rule: { article: '政府采购法 第五十七条' } });
    await expect(
      at.mulin.database.query(
        `update challenge set exemption = 'x', exempted_by = 'a' where id = $1`,
        [complaint.id],
      ),
    ).rejects.toThrow('nobody here lifts');
  });

  it('no award notice goes out, and none is accepted, before what was filed is taken in or turned away', async () => {
    const { award, filed } = await challenged();
    await at.clockTo(AFTER_STAND_STILL);
    expect(await at.do(at.approver, 'noticeAward', step(award))).toMatchObject({
      __typename: 'ChallengeUndecided',
    });
    await expect(
      at.mulin.database.query(
        `update award set state = 'noticed', noticed_at = mulin.now() where id = $1`,
        [award.id],
      ),
    ).rejects.toThrow('waits');
    await turnedAway(filed);
    await at.must(at.approver, 'noticeAward', step(award));
  });

  it('a winner loses nothing by a hold: silence is no refusal meanwhile, and the term to answer stands still', async () => {
    const { tender, award, winner, bidders } = await at.announcedTender();
    await at.clockTo(AFTER_STAND_STILL);
    const noticed = await at.must(at.approver, 'noticeAward', step(award));
    // Fifteen days from Tuesday 2 December.
    expect(noticed.answerBy).toBe('2025-12-17T16:00:00.000Z');
    const loser = bidders[1] ?? missing('loser');
    const inquiry = await must(loser, tender, { kind: 'INQUIRY' });
    const taken = await at.must(at.officer, 'acceptChallenge', step(inquiry));
    await at.clockTo(new Date('2025-12-22T00:00:01+08:00'));
    const record = { ...step(noticed), because: '逾期未答复。' };
    expect(await at.do(at.approver, 'recordAwardRefusal', record)).toMatchObject({
      __typename: 'TenderOnHold',
    });
    await at.must(loser, 'withdrawChallenge', step(taken));
    const after = await rowOf<{ answer_by: Date }>('award', award);
    const moved = after.answer_by.getTime() - new Date(String(noticed.answerBy)).getTime();
    // Twenty days, less the seconds between the notice and the hold, with those before it was taken in.
    expect(moved).toBeGreaterThan(19 * 86_400_000);
    expect(moved).toBeLessThan(20 * 86_400_000 + 60_000);
    expect(
      await at.do(at.approver, 'recordAwardRefusal', { ...record, ...step(after) }),
    ).toMatchObject({ __typename: 'AnswerNotDue' });
    expect(await at.must(winner, 'acceptAward', step(after))).toMatchObject({ state: 'ACCEPTED' });
  });

  describe('an upheld challenge', () => {
    it('changes nothing when it is dismissed, whoever writes it', async () => {
      const { filed } = await challenged();
      const taken = await at.must(at.officer, 'acceptChallenge', step(filed));
      const said = { ...step(taken), outcome: 'DISMISSED', answer: '不成立。' };
      expect(
        await at.do(at.approver, 'answerChallenge', { ...said, effect: 'NEW_TENDER' }),
      ).toMatchObject({ __typename: 'EffectWithoutCause' });
      await at.must(at.approver, 'answerChallenge', { ...said, effect: 'NONE' });
      for (const change of [
        `effect = 'newTender', proposed_by = 'x'`,
        `outcome = 'upheld', effect = 'newTender'`,
      ])
        await expect(
          at.mulin.database.query(`update challenge set ${change} where id = $1`, [filed.id]),
        ).rejects.toThrow(/changes nothing|what an answer changes/);
    });

    it('lets an award fall that was accepted, and the next candidate follow', async () => {
      const { tender, award, bids, challenge } = await accepted();
      expect(await tenderRow(tender)).toMatchObject({ state: 'awarded' });
      expect(
        await at.do(at.approver, 'answerChallenge', {
          ...{ ...step(challenge), outcome: 'UPHELD', effect: 'NEXT_CANDIDATE', answer: '成立。' },
        }),
      ).toMatchObject({ __typename: 'InvalidInput', field: 'input.awardIds' });
      const said = {
        ...step(challenge),
        outcome: 'UPHELD',
        answer: '成立。',
        awardIds: [award.id],
      };
      const proposed = await at.must(at.approver, 'answerChallenge', {
        ...{ ...said, effect: 'NEXT_CANDIDATE' },
      });
      await at.must(at.secondApprover, 'confirmChallengeAnswer', step(proposed));
      const { contract_id: contractId } = await rowOf<{ contract_id: string }>('award', award);
      expect((await at.outbox(challenge.id)).at(-1)).toMatchObject({
        payload: {
          ...{ effect: 'none', remedy: 'nextCandidate' },
          overturned: [{ awardId: award.id, contractId }],
        },
      });
      expect(await tenderRow(tender)).toMatchObject({ state: 'resultNotice' });
      await at.must(at.officer, 'chooseWinners', step(await tenderRow(tender)));
      expect(await awardsOf(tender)).toMatchObject([
        { state: 'invalid', rank: 1, refusal: 'challengeUpheld' },
        { state: 'proposed', rank: 2, bid_id: bids[1]?.id },
      ]);
    });

    it('lets the award fall with its lot, and the tender fails when nothing else was awarded', async () => {
      const { tender, award, filed } = await challenged();
      const taken = await at.must(at.officer, 'acceptChallenge', step(filed));
      const answered = await upheld(taken, { effect: 'AWARD_INVALID', awardIds: [award.id] });
      expect(answered).toMatchObject({ state: 'ANSWERED', overturned: [award.id] });
      expect(await tenderRow(tender)).toMatchObject({
        ...{ state: 'failed', failed_because: 'challengeUpheld', suspended_since: null },
      });
      expect((await at.outbox(tender.id)).slice(-2).map(({ type }) => type)).toEqual([
        'mulin.tender.failed.v1',
        'mulin.tender.resumed.v1',
      ]);
    });
  });

  it('that nobody is awarded is a result too, and a challenge of it holds nothing', async () => {
    const { tender, bidders } = await at.reportedTender();
    const failed = await at.must(at.approver, 'declareTenderFailed', {
      ...{ ...step(tender), reasonCode: 'taskCancelled' },
    });
    const bidder = bidders[0] ?? missing('bidder');
    const filed = await must(bidder, failed);
    const before = (await at.outbox(tender.id)).length;
    expect(await at.must(at.officer, 'acceptChallenge', step(filed))).toMatchObject({
      frozen: false,
    });
    expect(await at.outbox(tender.id)).toHaveLength(before);
    await at.clockTo(new Date('2025-11-29T00:00:00+08:00'));
    expect(await file(bidder, failed)).toMatchObject({ __typename: 'ChallengeOutOfTime' });
  });

  it('whoever takes part may ask at any time: a question that was taken in holds what was awarded, until two people exempt it', async () => {
    const { tender, award, winner, loser } = await challenged().then(async (all) => {
      await at.must(all.loser, 'withdrawChallenge', step(all.filed));
      return all;
    });
    await at.clockTo(AFTER_STAND_STILL);
    const noticed = await at.must(at.approver, 'noticeAward', step(award));
    await at.must(winner, 'acceptAward', step(noticed));
    for (const stage of ['RESULT', 'FILE']) {
      const asked = await must(loser, tender, { kind: 'INQUIRY', stage });
      expect((await tenderRow(tender)).suspended_since).toBeNull();
      const taken = await at.must(at.officer, 'acceptChallenge', step(asked));
      expect(taken).toMatchObject({ state: 'ACCEPTED', frozen: true });
      expect((await tenderRow(tender)).suspended_since).not.toBeNull();
      const because = '仅询问付款时间，不影响中标结果。';
      const exempted = await at.must(at.officer, 'exemptChallenge', { ...step(taken), because });
      await at.must(at.approver, 'confirmChallengeExemption', step(exempted));
      expect((await tenderRow(tender)).suspended_since).toBeNull();
    }
  });

  it('the file may be challenged until the term after it could last be had, and anew after a clarification', async () => {
    await at.clockTo(NOW);
    const tender = await at.publishedTender();
    const supplier = at.bidder();
    await at.known(supplier.organisation);
    // To be had until Thursday 20 November: three working days end on the 25th.
    await at.clockTo(new Date('2025-11-25T09:00:00+08:00'));
    await must(supplier, tender, { stage: 'FILE' });
    await at.clockTo(new Date('2025-11-26T00:00:00+08:00'));
    expect(await file(supplier, tender, { stage: 'FILE' })).toMatchObject({
      ...{ __typename: 'ChallengeOutOfTime', until: '2025-11-25T16:00:00.000Z' },
    });
    await at.mulin.database.query(
      `insert into clarification (id, street, tender_id, text, affects_bids, round, deadline, written_by, issued_at)
       select $2, street, id, '更正', false, round, deadline, 'x', mulin.now() from tender where id = $1`,
      [tender.id, newId('cla')],
    );
    await must(supplier, tender, { stage: 'FILE' });
  });

  it('the review may be challenged from its own end, not from the opening', async () => {
    const { tender, bidders } = await at.pricedTender(['80000000', '85000000', '87000000']);
    const bidder = bidders[1] ?? missing('bidder');
    await at.clockTo(new Date('2025-12-01T10:00:00+08:00'));
    expect(await file(bidder, tender, { stage: 'PROCESS' })).toMatchObject({
      __typename: 'ChallengeOutOfTime',
    });
    const bids = await at.mulin.database.query<Told>('select id from bid where tender_id = $1', [
      tender.id,
    ]);
    const { committee, members } = await at.seatedCommittee(tender);
    await at.checkedBids(committee, members, bids);
    await must(bidder, tender, { stage: 'PROCESS' });
  });

  it('the winner hears of a challenge that was taken in, and reads the answer, but not what a rival wrote', async () => {
    const { winner, bidders, filed } = await challenged();
    const look = async (actor: Actor) =>
      (
        await at.mulin.ask<{ challenge: object }>(
          actor,
          'query ($id: ID!) { challenge(id: $id) { state answer grounds { ground } } }',
          { id: filed.id },
        )
      ).data?.challenge;
    expect(await look(winner)).toBeNull();
    const taken = await at.must(at.officer, 'acceptChallenge', step(filed));
    expect(await look(winner)).toEqual({ state: 'ACCEPTED', answer: null, grounds: null });
    const respond = (actor: Actor) =>
      at.do(actor, 'respondToChallenge', { ...step(taken), text: '评分有据。' });
    expect(await respond(winner)).toMatchObject({ __typename: 'Challenge' });
    expect(await respond(winner)).toMatchObject({ __typename: 'StateConflict' });
    await expect(respond(bidders[2] ?? missing('third'))).rejects.toThrow('NOT_FOUND');
    const { challenge } = await at.mulin.answer<{ challenge: object }>(
      at.officer,
      'query ($id: ID!) { challenge(id: $id) { responses { organisationId text } } }',
      { id: filed.id },
    );
    expect(challenge).toEqual({
      responses: [{ organisationId: winner.organisation, text: '评分有据。' }],
    });
    await at.must(at.approver, 'answerChallenge', {
      ...{ ...step(taken), outcome: 'DISMISSED', effect: 'NONE', answer: '不成立。' },
    });
    expect(await look(winner)).toEqual({ state: 'ANSWERED', answer: '不成立。', grounds: null });
    expect(await look(bidders[2] ?? missing('third'))).toBeNull();
  });

  it('who is barred since it bid is passed over, and loses an announced award before the notice', async () => {
    const { tender, bidders, bids } = await at.reportedTender();
    const bar = (bidder?: Actor) =>
      at.mulin.database.query(
        `update organisation set restricted_until = '2027-01-01' where id = $1`,
        [bidder?.organisation],
      );
    await bar(bidders[0]);
    const chosen = await at.must(at.officer, 'chooseWinners', step(tender));
    expect(await awardsOf(tender)).toMatchObject([
      { state: 'invalid', rank: 1, refusal: 'barred' },
      { state: 'proposed', rank: 2, bid_id: bids[1]?.id },
    ]);
    // Nothing of it is public before the announcement, who was passed over neither.
    const { tender: seen } = await at.mulin.answer<{ tender: { awards: object[] } }>(
      null,
      'query ($id: ID!) { tender(id: $id) { awards { id } } }',
      { id: tender.id },
    );
    expect(seen.awards).toEqual([]);
    await at.must(at.approver, 'announceResult', step(chosen));
    await bar(bidders[1]);
    await at.clockTo(AFTER_STAND_STILL);
    const second = (await awardsOf(tender))[1] ?? missing('award');
    expect(await at.do(at.approver, 'noticeAward', step(second))).toMatchObject({
      __typename: 'BidderNotAdmitted',
    });
    await at.must(at.approver, 'recordAwardRefusal', { ...step(second), because: '被列入名单。' });
    await at.must(at.officer, 'chooseWinners', step(await tenderRow(tender)));
    expect((await awardsOf(tender)).map(({ state }) => state)).toEqual([
      ...['invalid', 'invalid', 'proposed'],
    ]);
  });

  it('who is barred after the notice accepts nothing, and loses the award at once', async () => {
    const { tender, bidders } = await at.reportedTender();
    const chosen = await at.must(at.officer, 'chooseWinners', step(tender));
    await at.must(at.approver, 'announceResult', step(chosen));
    await at.clockTo(AFTER_STAND_STILL);
    const [first = missing('award')] = await awardsOf(tender);
    const noticed = await at.must(at.approver, 'noticeAward', step(first));
    const winner = bidders[0] ?? missing('winner');
    await at.mulin.database.query(
      `update organisation set restricted_until = '2027-01-01' where id = $1`,
      [winner.organisation],
    );
    expect(await at.do(winner, 'acceptAward', step(noticed))).toMatchObject({
      ...{ __typename: 'BidderNotAdmitted', bar: 'RESTRICTED' },
    });
    // Not by the code alone.
    await expect(
      at.mulin.database.query(
        `update award set state = 'accepted', contract_id = $2, answered_at = now() where id = $1`,
        [noticed.id, newId('con')],
      ),
    ).rejects.toThrow('is barred');
    await at.must(at.approver, 'recordAwardRefusal', { ...step(noticed), because: '被列入名单。' });
    await at.must(at.officer, 'chooseWinners', step(await tenderRow(tender)));
    expect((await awardsOf(tender)).map(({ state }) => state)).toEqual(['invalid', 'proposed']);
  });

  it('with nobody left who would sign, the tender has failed and its plan is free', async () => {
    const { tender, bidders } = await at.reportedTender();
    for (const [place, bidder] of bidders.entries()) {
      const chosen = await at.must(at.officer, 'chooseWinners', step(await tenderRow(tender)));
      await at.must(at.approver, 'announceResult', step(chosen));
      await at.clockTo(new Date(AFTER_STAND_STILL.getTime() + place * 14 * 86_400_000));
      const award = (await awardsOf(tender)).at(-1) ?? missing('award');
      const noticed = await at.must(at.approver, 'noticeAward', step(award));
      const accepted = await at.must(bidder, 'acceptAward', step(noticed));
      await at.unsigned(accepted.contractId);
    }
    const rows = await at.mulin.database.query(
      `select tender.state, failed_because, plan.state as plan from tender
         join procurement_plan plan on plan.id = plan_id where tender.id = $1`,
      [tender.id],
    );
    expect(rows).toEqual([
      { state: 'failed', failed_because: 'noCandidateLeft', plan: 'approved' },
    ]);
    const told = await at.mulin.database.query(
      `select from mulin.outbox where type = 'mulin.tender.failed.v1' and key = $1`,
      [tender.id],
    );
    expect(told).toHaveLength(1);
  });

  it('nobody passes over a candidate who is not barred, nor awards to one who is, whoever writes it', async () => {
    const { bids, bidders } = await at.reportedTender();
    const write = (state: string) =>
      at.mulin.database.query(
        `insert into award (id, street, tender_id, lot_id, bid_id, organisation_id, rank, total, price_fen, state,
           deemed, chosen_by, chosen_at, version, refusal)
         select 'awd_' || id, street, tender_id, lot_id, id, organisation_id, 1, 1, price_fen, $2, false, 'x', now(), 1,
           case $2 when 'invalid' then 'barred' end from bid where id = $1`,
        [bids[0]?.id, state],
      );
    await expect(write('invalid')).rejects.toThrow('is not barred');
    await at.mulin.database.query('update organisation set verified = false where id = $1', [
      bidders[0]?.organisation,
    ]);
    await expect(write('proposed')).rejects.toThrow('is barred');
  });

  it('who bid reads its own score once the result is announced, and never what each expert gave', async () => {
    const { tender, bidders } = await at.reportedTender();
    const read = async (actor: Actor) => {
      const { tender: seen } = await at.mulin.answer<{ tender: { scoreReports: object[] } }>(
        actor,
        'query ($id: ID!) { tender(id: $id) { scoreReports { hash ranking { bidId rank } } } }',
        { id: tender.id },
      );
      return seen.scoreReports.length;
    };
    const bidder = bidders[2] ?? missing('bidder');
    expect(await read(bidder)).toBe(0);
    const chosen = await at.must(at.officer, 'chooseWinners', step(tender));
    await at.must(at.approver, 'announceResult', step(chosen));
    expect(await read(bidder)).toBe(0);
    expect(await read(at.officer)).toBe(1);
    expect(await read(at.bidder())).toBe(0);
    expect(await read(person(['resident']))).toBe(0);
  });
});
