import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { Bench, missing, person, step, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

const AFTER_STAND_STILL = new Date('2025-12-02T00:00:01+08:00');

describe('the award', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  /** A tender whose result is announced, with its award and its winner. */
  const announced = async (prices?: readonly string[]) => {
    const reported = await at.reportedTender(prices);
    const chosen = await at.must(at.officer, 'chooseWinners', step(reported.tender));
    const tender = await at.must(at.approver, 'announceResult', step(chosen));
    return { ...reported, tender, ...(await awardOf(reported.bidders, tender)) };
  };
  /** The newest award of a tender, and who acts for its organisation. */
  const awardOf = async (bidders: readonly Actor[], { id }: { id: string }) => {
    const { tender } = await at.mulin.answer<{
      tender: { awards: (Told & { organisationId: string; bidId: string; rank: number })[] };
    }>(
      at.officer,
      `query ($id: ID!) { tender(id: $id) { awards
         { id bidId organisationId rank state version standStillEndsAt noticeEndsAt } } }`,
      { id },
    );
    const award = tender.awards.at(-1) ?? missing('award');
    const winner = bidders.find(({ organisation }) => organisation === award.organisationId);
    return { award, winner: winner ?? missing('winner') };
  };
  const tenderNow = async ({ id }: { id: string }) => {
    const { tender } = await at.mulin.answer<{ tender: Told & { state: string } }>(
      at.officer,
      'query ($id: ID!) { tender(id: $id) { id state version failedBecause } }',
      { id },
    );
    return tender;
  };

  it('goes to the first candidate of the report, chosen by one person and announced by another', async () => {
    const { tender, bids } = await at.reportedTender();
    const both = person(['streetOfficer', 'streetApprover']);
    expect(await at.do(at.approver, 'announceResult', step(tender))).toMatchObject({
      __typename: 'NothingToChoose',
    });
    const chosen = await at.must(both, 'chooseWinners', step(tender));
    expect(await at.do(both, 'announceResult', step(chosen))).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
    // Until then it is the street's own.
    const seenBy = async (actor: Actor) => {
      const { tender: seen } = await at.mulin.answer<{ tender: { awards: object[] } }>(
        actor,
        'query ($id: ID!) { tender(id: $id) { awards { bidId rank state deemed price { fen } } } }',
        { id: tender.id },
      );
      return seen.awards;
    };
    expect(await seenBy(at.resident)).toEqual([]);
    const told = await at.must(at.approver, 'announceResult', step(chosen));
    expect(told).toMatchObject({ state: 'RESULT_NOTICE' });
    expect(await seenBy(at.resident)).toEqual([
      {
        ...{ bidId: bids[0]?.id, rank: 1, state: 'ANNOUNCED', deemed: false },
        price: { fen: '80000000' },
      },
    ]);
    const event = (await at.outbox(tender.id)).at(-1);
    expect(event).toMatchObject({
      type: 'mulin.tender.resultAnnounced.v1',
      payload: {
        awards: [expect.objectContaining({ bidId: bids[0]?.id, amountFen: '80000000', rank: 1 })],
        bids: expect.arrayContaining([
          expect.objectContaining({
            bidId: bids[2]?.id,
            priceFen: '87000000',
            rank: 3,
            state: 'ranked',
          }),
        ]),
      },
    });
    expect(JSON.stringify(event)).not.toContain('专家');
    expect(await at.do(at.officer, 'chooseWinners', step(told))).toMatchObject({
      __typename: 'NothingToChoose',
    });
  });

  it('cannot go past a better candidate, nor for another amount, whoever writes it', async () => {
    const { tender, bids } = await at.reportedTender();
    const write = (bid: Told | undefined, price: number, rank: number) =>
      at.mulin.database.query(
        `insert into award (id, street, tender_id, lot_id, bid_id, organisation_id, rank, total, price_fen, state,
           deemed, chosen_by, chosen_at, version)
         select 'awd_' || id, street, tender_id, lot_id, id, organisation_id, $3, 1, $2, 'proposed', false, 'x', now(), 1
         from bid where id = $1`,
        [bid?.id, price, rank],
      );
    await expect(write(bids[1], 85_000_000, 2)).rejects.toThrow('has not refused');
    await expect(write(bids[0], 80_000_001, 1)).rejects.toThrow('not that of a ranked bid');
    expect(await tenderNow(tender)).toMatchObject({ state: 'EVALUATING' });
  });

  it('is deemed to be the first candidate when the buyer lets five working days pass', async () => {
    const { tender } = await at.reportedTender();
    await at.clockTo(new Date('2025-12-03T00:00:01+08:00'));
    await at.must(at.officer, 'chooseWinners', step(tender));
    const [award] = await at.mulin.database.query<{ deemed: boolean }>(
      'select deemed from award where tender_id = $1',
      [tender.id],
    );
    expect(award).toEqual({ deemed: true });
  });

  it('tells a loser its own score and rank with the announcement, and nobody else’s', async () => {
    const { bids, bidders } = await announced();
    const rankOf = async (actor: Actor, bid: Told | undefined) => {
      const { data } = await at.mulin.ask<{ bid: { rank: object | null } }>(
        actor,
        'query ($id: ID!) { bid(id: $id) { rank { rank total price technical } } }',
        { id: bid?.id },
      );
      return data?.bid?.rank;
    };
    const loser = bidders[1] ?? missing('loser');
    expect(await rankOf(loser, bids[1])).toEqual({
      ...{ rank: 2, total: 7941, price: 941, technical: 7000 },
    });
    expect(await rankOf(loser, bids[0])).toBeUndefined();
  });

  it('is noticed when the stand-still is over, three working days after the notice has run', async () => {
    const { award } = await announced();
    // Announced on Tuesday 25 November: the notice runs until the 26th, challenges may come until 1 December.
    expect(award).toMatchObject({
      noticeEndsAt: '2025-11-26T16:00:00.000Z',
      standStillEndsAt: '2025-12-01T16:00:00.000Z',
    });
    expect(await at.do(at.approver, 'noticeAward', step(award))).toMatchObject({
      __typename: 'StandStill',
    });
    await expect(
      at.mulin.database.query(
        `update award set state = 'noticed', noticed_at = mulin.now() where id = $1`,
        [award.id],
      ),
    ).rejects.toThrow('no award notice before the stand-still is over');
    await at.clockTo(AFTER_STAND_STILL);
    expect(await at.must(at.approver, 'noticeAward', step(award))).toMatchObject({
      state: 'NOTICED',
    });
  });

  it('makes a contract of the tender file when the winner accepts, and of nothing else', async () => {
    const { tender, award, winner, bids } = await announced(['80000001', '85000000', '87000000']);
    await at.clockTo(AFTER_STAND_STILL);
    const noticed = await at.must(at.approver, 'noticeAward', step(award));
    const other = at.bidder();
    for (const mutation of ['acceptAward', 'refuseAward'])
      expect(
        await at.do(other, mutation, {
          ...step(noticed),
          ...(mutation === 'refuseAward' ? { because: '捣乱' } : {}),
        }),
      ).toMatchObject({ __typename: 'NotTheWinner' });
    // Nor in the database, for whoever acts for another organisation.
    await expect(
      at.mulin.database.query(
        `select set_config('app.staff', 'off', true), set_config('app.organisation', '${other.organisation}', true);
         update award set state = 'refused', refusal = '捣乱', version = 9 where id = '${award.id}'`,
      ),
    ).rejects.toThrow('is another’s');
    const accepted = await at.must(winner, 'acceptAward', step(noticed));
    expect(accepted).toMatchObject({ state: 'ACCEPTED' });
    expect(await tenderNow(tender)).toMatchObject({ state: 'AWARDED' });
    const states = await at.mulin.database.query<{ state: string }>(
      'select state from bid where tender_id = $1 order by id',
      [tender.id],
    );
    expect(states.map(({ state }) => state)).toEqual(['won', 'lost', 'lost']);
    expect((await at.outbox(tender.id)).at(-1)).toMatchObject({
      type: 'mulin.tender.awarded.v1',
      payload: {
        bidId: bids[0]?.id,
        contractId: accepted.contractId,
        organisationId: winner.organisation,
        amountFen: '80000001',
        from: '2026-01-01',
        obligations: [{ code: 'volunteer-team', title: '孵化志愿者团队', metric: '年内 2 支' }],
        instalments: [
          expect.objectContaining({ no: 1, kind: 'advance', amountFen: '24000000' }),
          expect.objectContaining({ no: 2, amountFen: '56000001', periodTo: '2026-12-31' }),
        ],
      },
    });
  });

  it('passes to the next candidate when the winner refuses, with a notice and a stand-still of its own', async () => {
    const { tender, award, winner, bidders, bids } = await announced();
    await at.clockTo(AFTER_STAND_STILL);
    const noticed = await at.must(at.approver, 'noticeAward', step(award));
    expect(await at.do(winner, 'refuseAward', { ...step(noticed), because: '' })).toMatchObject({
      __typename: 'InvalidInput',
    });
    await at.must(winner, 'refuseAward', { ...step(noticed), because: '人员不足。' });
    const chosen = await at.must(at.officer, 'chooseWinners', step(await tenderNow(tender)));
    const told = await at.must(at.approver, 'announceResult', step(chosen));
    const next = await awardOf(bidders, told);
    expect(next.award).toMatchObject({ bidId: bids[1]?.id, rank: 2, state: 'ANNOUNCED' });
    expect(await at.do(at.approver, 'noticeAward', step(next.award))).toMatchObject({
      __typename: 'StandStill',
    });
    // Why it refused is not everyone's business.
    const { award: seen } = await at.mulin.answer<{ award: { refusal: string | null } }>(
      next.winner,
      'query ($id: ID!) { award(id: $id) { refusal } }',
      { id: award.id },
    );
    expect(seen.refusal).toBeNull();
  });

  it('takes silence for a refusal only when the term to answer is over; with nobody left the tender has failed', async () => {
    const { tender, award, winner, bidders } = await announced();
    await at.clockTo(AFTER_STAND_STILL);
    const notice = await at.must(at.approver, 'noticeAward', step(award));
    const record = { ...step(notice), because: '逾期未答复。' };
    expect(await at.do(at.approver, 'recordAwardRefusal', record)).toMatchObject({
      __typename: 'AnswerNotDue',
    });
    await at.clockTo(new Date('2025-12-18T00:00:01+08:00'));
    // Nor does the winner come back on it: nothing is written, and the buyer may record the refusal as before.
    expect(await at.do(winner, 'acceptAward', step(notice))).toMatchObject({
      __typename: 'AnswerTooLate',
      rule: { id: 'award.answerOver', article: expect.stringContaining('第十五条') },
      until: '2025-12-17T16:00:00.000Z',
    });
    await expect(
      at.mulin.database.query(
        `update award set state = 'accepted', contract_id = 'con_x', answered_at = mulin.now() where id = $1`,
        [award.id],
      ),
    ).rejects.toThrow('the term to answer');
    expect(await tenderNow(tender)).toMatchObject({ state: 'RESULT_NOTICE' });
    expect(await at.must(at.approver, 'recordAwardRefusal', record)).toMatchObject({
      state: 'REFUSED',
    });
    for (let left = 0; left < 2; left += 1) {
      const chosen = await at.must(at.officer, 'chooseWinners', step(await tenderNow(tender)));
      const told = await at.must(at.approver, 'announceResult', step(chosen));
      const next = await awardOf(bidders, told);
      await at.mulin.database.advanceClock('10 days');
      const noticed = await at.must(at.approver, 'noticeAward', step(next.award));
      await at.must(next.winner, 'refuseAward', { ...step(noticed), because: '放弃。' });
    }
    expect(await tenderNow(tender)).toMatchObject({
      state: 'FAILED',
      failedBecause: 'noCandidateLeft',
    });
    const [plan] = await at.mulin.database.query<{ state: string }>(
      'select state from procurement_plan where id = (select plan_id from tender where id = $1)',
      [tender.id],
    );
    expect(plan?.state).toBe('approved');
    expect((await at.outbox(tender.id)).at(-1)).toMatchObject({
      type: 'mulin.tender.failed.v1',
      payload: expect.objectContaining({
        reasonCode: 'noCandidateLeft',
        // The winner who refused last sees none of the others, and yet all are told.
        bids: Array.from({ length: bidders.length }, () =>
          expect.objectContaining({ state: 'lost' }),
        ),
      }),
    });
  });
});
