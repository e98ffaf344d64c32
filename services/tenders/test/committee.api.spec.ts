import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { countStatements } from '@mulin/testing';
import { verifyDraw } from '@mulin/tender-rule';
import { drawSubject } from '../src/committee/committee.entity.js';
import { Bench, fileTerms, missing, NOW, person, step, STREET, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

const PRICES = ['80000000', '85000000', '87000000'];

describe('the committee that judges the bids', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const draw = (tender: Told, experts: number, buyers: string[] = [], actor: Actor = at.officer) =>
    at.do(actor, 'drawCommittee', {
      ...{ ...step(tender), experts, buyerRepresentativeIds: buyers },
    });
  const problemsOf = async (tender: Told, experts: number, buyers: string[]) => {
    const { data } = await at.mulin.ask<{ drawCommittee: { problems?: { code: string }[] } }>(
      at.officer,
      `mutation ($input: DrawCommitteeInput!) { drawCommittee(input: $input)
         { ... on CommitteeInvalid { problems { code } } } }`,
      { input: { ...step(tender), experts, buyerRepresentativeIds: buyers } },
    );
    return data?.drawCommittee.problems?.map(({ code }) => code);
  };
  /** A relation of a person to a bidder, as the register told it. */
  const relate = (personId: string, bidder: Actor, to: string | null = null, kind = 'employee') =>
    at.mulin.database.query(
      `insert into relation (id, street, person_id, organisation_id, kind, valid_from, valid_to)
       values ($1, $2, $3, $4, $5, '2015-01-01', $6)`,
      [newId('rel'), STREET, personId, bidder.organisation, kind, to],
    );

  it('an expert is registered by one person and listed by another', async () => {
    const both = person(['streetOfficer', 'streetApprover']);
    const facts = { personId: newId('per'), name: '某专家（虚构）', speciality: '养老服务' };
    const expert = await at.must(both, 'registerExpert', { id: newId('exp'), ...facts });
    expect(await at.do(both, 'listExpert', step(expert))).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
    expect(await at.do(both, 'registerExpert', { id: newId('exp'), ...facts })).toMatchObject({
      __typename: 'IdAlreadyUsed',
    });
    const listed = await at.must(at.approver, 'listExpert', step(expert));
    expect(listed).toMatchObject({ state: 'LISTED' });
    const removed = await at.must(at.approver, 'removeExpert', step(listed));
    expect(await at.do(at.approver, 'removeExpert', step(removed))).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'removed',
    });
  });

  it('is odd, large enough and two thirds experts, and drawn when it is settled who bids', async () => {
    await at.emptyPool();
    await at.experts(3);
    const published = await at.publishedTender();
    expect(await draw(published, 3)).toMatchObject({ __typename: 'StateConflict' });
    const { tender } = await at.pricedTender(PRICES);
    expect(await problemsOf(tender, 1, [])).toEqual(['tooFewMembers']);
    expect(await problemsOf(tender, 3, [newId('per')])).toEqual(['evenMembers']);
    expect(await problemsOf(tender, 1, [newId('per'), newId('per')])).toEqual(['tooFewExperts']);
    expect(await draw(tender, 5)).toMatchObject({ __typename: 'PoolTooSmall', available: 3 });
    expect(await draw(tender, 3, [], at.secondOfficer)).toMatchObject({
      __typename: 'TenderCommittee',
      state: 'CONFORMITY',
    });
    expect(await draw(tender, 3)).toMatchObject({ __typename: 'StateConflict' });
  });

  it('of open tendering has five members, and seven from ten million yuan on', async () => {
    const fundId = await at.fund({ fen: '2000000000' });
    const opened = async (amount: string) => {
      await at.clockTo(NOW);
      const line = await at.budgetLine({ planned: amount, fundId });
      const terms = fileTerms([]);
      const { tender } = await at.pricedTender(
        PRICES,
        {
          ...{ fileUntil: '2025-11-18', deadline: '2025-12-03T10:00:00+08:00' },
          lots: terms.lots.map((lot) => ({ ...lot, budget: amount, ceiling: amount })),
          instalments: terms.instalments.map((each) => ({ ...each, fundId })),
        },
        { budgetLineId: line.id, amount, method: 'OPEN_TENDERING' },
      );
      return tender;
    };
    await at.emptyPool();
    await at.experts(9);
    const { id: buyer } = await at.registered(person(['streetOfficer']));
    const { id: second } = await at.registered(person(['streetOfficer']));
    const small = await opened('999999999');
    expect(await problemsOf(small, 3, [])).toEqual(['tooFewMembers']);
    expect(await draw(small, 4, [buyer])).toMatchObject({ __typename: 'TenderCommittee' });
    const large = await opened('1000000000');
    expect(await problemsOf(large, 4, [buyer])).toEqual(['tooFewMembers']);
    expect(await problemsOf(large, 4, [buyer, second, newId('per')])).toEqual(['tooFewExperts']);
    expect(await draw(large, 5, [buyer, second])).toMatchObject({ __typename: 'TenderCommittee' });
  });

  it('never seats who was related to a bidder within three years, nor who had a hand in the tender', async () => {
    const { tender, bidders } = await at.pricedTender(PRICES);
    await at.emptyPool();
    const [related, recently, longAgo, fourth, officer] = await at.experts(5);
    const bidder = bidders[1] ?? missing('bidder');
    await relate(related?.id ?? '', bidder);
    await relate(recently?.id ?? '', bidder, '2022-11-26', 'director');
    await relate(longAgo?.id ?? '', bidder, '2022-11-24');
    await at.mulin.database.query(
      `update qualification_review set confirmed_by = $1 where tender_id = $2`,
      [officer?.id, tender.id],
    );
    expect(await draw(tender, 3)).toMatchObject({ __typename: 'PoolTooSmall', available: 2 });
    const outsider = newId('per');
    await relate(outsider, bidder);
    expect(await draw(tender, 2, [outsider])).toMatchObject({ __typename: 'MustRecuse' });
    // Of the pool nobody is appointed, related or not.
    expect(await draw(tender, 2, [related?.id ?? ''])).toMatchObject({
      __typename: 'CommitteeInvalid',
    });
    const [opening] = await at.officers();
    expect(await draw(tender, 2, [opening?.actor.id ?? ''])).toMatchObject({
      __typename: 'MustRecuse',
    });
    // Nor somebody whom nobody knows.
    const random = newId('per');
    expect(await draw(tender, 2, [random])).toMatchObject({
      __typename: 'CommitteeInvalid',
      message: expect.stringContaining('a person whom the register of the street knows'),
    });
    const { id: known } = await at.registered(person(['streetOfficer']));
    const committee = await draw(tender, 2, [known]);
    await expect(
      at.mulin.database.query(
        `update committee_member set state = 'declined', person_id = $1 where committee_id = $2 and role = 'buyer'`,
        [random, committee.id],
      ),
    ).rejects.toMatchObject({ constraint: 'who stands for the buyer is known to the register' });
    const people = [related, recently, longAgo, fourth, officer].flatMap((each) => each ?? []);
    const invited = await at.invited(committee, people);
    expect(new Set(invited)).toEqual(new Set([longAgo, fourth]));
    // Not by the code alone: the database seats nobody who is related.
    await expect(
      at.mulin.database.query(
        `update committee_member set state = 'confirmed', person_id = $1 where committee_id = $2 and role = 'expert'`,
        [related?.id, committee.id],
      ),
    ).rejects.toThrow('related to a bidder');
  });

  it('stays secret even from who draws it; who was drawn sees the own seat, and the next follows a no', async () => {
    const { tender } = await at.pricedTender(PRICES);
    await at.emptyPool();
    const people = await at.experts(4);
    const committee = await draw(tender, 3);
    const look = (actor: Actor) =>
      at.mulin.answer<{
        tender: { committee: { vacantSeats: number; members: object[]; draws: object[] } };
      }>(
        actor,
        'query ($id: ID!) { tender(id: $id) { committee { vacantSeats members { personId } draws { seed } } } }',
        { id: tender.id },
      );
    for (const actor of [at.officer, at.approver, person(['auditor'])])
      expect((await look(actor)).tender.committee).toEqual({
        vacantSeats: 3,
        members: [],
        draws: [],
      });
    expect((await look(at.resident)).tender.committee).toBeNull();
    const [first, second, third] = await at.invited(committee, people);
    const seats = await at.mulin.answer<{ myCommitteeSeats: object[] }>(
      first ?? missing('expert'),
      '{ myCommitteeSeats { committeeId state place } }',
    );
    expect(seats.myCommitteeSeats).toEqual([
      { committeeId: committee.id, state: 'INVITED', place: 1 },
    ]);
    await at.must(first ?? missing('expert'), 'answerInvitation', {
      ...{ ...step(committee), accept: false },
    });
    const [, , next] = await at.invited(committee, people);
    expect([first, second, third]).not.toContain(next);
    expect(
      await at.do(person(['expert']), 'answerInvitation', { ...step(committee), accept: true }),
    ).toMatchObject({ __typename: 'NotOnCommittee' });
    // Nobody is left: a second round draws from who was not drawn yet.
    await at.must(next ?? missing('expert'), 'answerInvitation', {
      ...{ ...step(committee), accept: false },
    });
    expect(await at.do(at.officer, 'drawAgain', step(committee))).toMatchObject({
      __typename: 'PoolTooSmall',
      needed: 1,
      available: 0,
    });
    const [fifth] = await at.experts(1);
    await at.must(at.officer, 'drawAgain', step(committee));
    expect(await at.invited(committee, [fifth ?? missing('expert')])).toEqual([fifth]);
  });

  it('can be drawn again by anyone once the seed is published, and gives the same order', async () => {
    const { tender } = await at.reportedTender();
    const chosen = await at.must(at.officer, 'chooseWinners', step(tender));
    await at.must(at.approver, 'announceResult', step(chosen));
    const { tender: seen } = await at.mulin.answer<{
      tender: {
        committee: {
          draws: { round: number; seed: string; pool: string[]; drawn: string[] }[];
          members: { name: string | null; role: string; state: string }[];
        };
      };
    }>(
      at.resident,
      `query ($id: ID!) { tender(id: $id) { committee { draws { round seed pool drawn }
         members { name role state } } } }`,
      { id: tender.id },
    );
    const [shown] = seen.committee.draws;
    if (!shown) throw new Error('no draw');
    const { seed, pool, drawn: order, round } = shown;
    expect(verifyDraw({ seed, pool, order, subject: drawSubject(tender.id, round) })).toBe(true);
    expect(
      verifyDraw({
        seed,
        pool,
        order: [...order].reverse(),
        subject: drawSubject(tender.id, round),
      }),
    ).toBe(false);
    // With the result the experts' names are public (实施条例 第四十三条).
    // Whoever was drawn and said no is not named.
    await at.mulin.database.query(
      `insert into committee_member (id, street, committee_id, tender_id, person_id, expert_id, name, role, place, state)
       select 'mbr_x', street, committee_id, tender_id, 'per_x', expert_id, '专家某（虚构）', 'expert', 99, 'declined'
       from committee_member where tender_id = $1 and role = 'expert' limit 1`,
      [tender.id],
    );
    const { tender: again } = await at.mulin.answer<{
      tender: { committee: { members: { name: string | null }[] } };
    }>(at.resident, 'query ($id: ID!) { tender(id: $id) { committee { members { name } } } }', {
      id: tender.id,
    });
    expect(again.committee.members).toHaveLength(3);
    const experts = seen.committee.members.filter(({ role }) => role === 'EXPERT');
    expect(experts).toHaveLength(2);
    expect(experts.every(({ name }) => /^专家/.test(name ?? ''))).toBe(true);
  });

  it('judges only when all seats are taken, each for themselves, and only its leader closes a step', async () => {
    const { tender, bids } = await at.pricedTender(PRICES);
    await at.emptyPool();
    const people = await at.experts(3);
    const committee = await draw(tender, 3);
    const [first, second, third] = await at.invited(committee, people);
    const accept = { accept: true };
    await at.must(first ?? missing('1'), 'answerInvitation', { ...step(committee), ...accept });
    const find = (actor: Actor | undefined, change: object = {}) =>
      at.do(actor ?? missing('member'), 'submitConformity', {
        ...{ ...step(committee), bidId: bids[0]?.id, compliant: true, ...change },
      });
    expect(await find(first)).toMatchObject({ __typename: 'SeatsVacant', vacant: 2 });
    for (const each of [second, third])
      await at.must(each ?? missing('2'), 'answerInvitation', { ...step(committee), ...accept });
    expect(await find(at.officer)).toMatchObject({ __typename: 'NotOnCommittee' });
    expect(
      await find(first, { compliant: false, reasonCode: 'ugly', because: '无' }),
    ).toMatchObject({
      __typename: 'NonconformityReasonMissing',
      known: expect.arrayContaining(['not-signed']),
    });
    expect(await find(first)).toMatchObject({ __typename: 'TenderCommittee' });
    expect(await at.do(second ?? missing('2'), 'closeConformity', step(committee))).toMatchObject({
      __typename: 'NotOnCommittee',
      rule: { id: 'committee.leader' },
    });
    expect(await at.do(first ?? missing('1'), 'closeConformity', step(committee))).toMatchObject({
      __typename: 'CommitteeSheetsMissing',
      missing: 8,
    });
    // What others found stays sealed until all are in, from the other members too.
    const seen = await at.mulin.answer<{ tender: { committee: { findings: object[] } } }>(
      second ?? missing('2'),
      'query ($id: ID!) { tender(id: $id) { committee { findings { bidId } } } }',
      { id: tender.id },
    );
    expect(seen.tender.committee.findings).toEqual([]);
    await expect(
      at.mulin.database.query(
        `update conformity_finding set compliant = true where committee_id = $1`,
        [committee.id],
      ),
    ).rejects.toThrow('nobody judges for another');
  });

  it('finds a bid invalid by majority; with fewer compliant bids than the procedure asks for the tender fails', async () => {
    const { tender, bids } = await at.pricedTender([...PRICES, '86000000']);
    const { committee, members } = await at.seatedCommittee(tender);
    const [one, two] = bids;
    // One member of three is no majority.
    await at.must(members[2] ?? missing('member'), 'submitConformity', {
      ...{ ...step(committee), bidId: one?.id, compliant: false },
      ...{ reasonCode: 'own-conditions', because: '附加条件。' },
    });
    for (const member of members)
      for (const bid of bids) {
        if (bid === one && member === members[2]) continue;
        await at.must(member, 'submitConformity', {
          ...{ ...step(committee), bidId: bid.id, compliant: bid !== two },
          ...(bid === two ? { reasonCode: 'not-signed', because: '未盖章。' } : {}),
        });
      }
    await at.must(members[0] ?? missing('leader'), 'closeConformity', step(committee));
    const states = await at.mulin.database.query<{ state: string; because: string | null }>(
      'select state, invalid_because as because from bid where tender_id = $1 order by id',
      [tender.id],
    );
    expect(states.map(({ state, because }) => [state, because])).toEqual([
      ['compliant', null],
      ['invalid', 'not-signed'],
      ['compliant', null],
      ['compliant', null],
    ]);

    const other = await at.pricedTender(PRICES);
    const seated = await at.seatedCommittee(other.tender);
    await at.checkedBids(seated.committee, seated.members, other.bids, [other.bids[0]?.id ?? '']);
    const [failed] = await at.mulin.database.query<{ state: string; failed_because: string }>(
      'select state, failed_because from tender where id = $1',
      [other.tender.id],
    );
    expect(failed).toEqual({ state: 'failed', failed_because: 'tooFewCompliant' });
    expect((await at.outbox(other.tender.id)).at(-1)).toMatchObject({
      type: 'mulin.tender.failed.v1',
    });
  });

  it('unseats who turns out to be related, voids what they gave, and seals the sheets again', async () => {
    const { tender, bids, bidders } = await at.pricedTender(PRICES);
    await at.emptyPool();
    const people = await at.experts(4);
    const { committee, members } = await at.seatedCommittee(tender, people);
    const [leader, second, representative] = members;
    const checked = await at.checkedBids(committee, members, bids);
    await at.scoredBids(checked, members, bids);
    const opened = await at.must(leader ?? missing('leader'), 'openScores', step(checked));
    await relate(second?.id ?? '', bidders[2] ?? missing('bidder'), null, 'relativeOfHead');
    const again = {
      ...{ ...step(opened), bidId: bids[0]?.id, because: '复核。' },
      scores: [
        { criterion: 'service-plan', points: 1 },
        { criterion: 'grade', points: 2000 },
      ],
    };
    expect(await at.do(second ?? missing('2'), 'submitScores', again)).toMatchObject({
      __typename: 'MustRecuse',
      rule: { article: '政府采购法实施条例 第九条' },
    });
    const replaced = await at.must(at.officer, 'replaceRecused', {
      ...{ ...step(opened), buyerRepresentativeIds: [] },
    });
    expect(replaced).toMatchObject({ state: 'SCORING' });
    const [next] = await at.invited(committee, people);
    expect(await at.do(leader ?? missing('leader'), 'openScores', step(replaced))).toMatchObject({
      __typename: 'SeatsVacant',
    });
    await at.must(next ?? missing('next'), 'answerInvitation', { ...step(replaced), accept: true });
    expect(await at.do(leader ?? missing('leader'), 'openScores', step(replaced))).toMatchObject({
      __typename: 'CommitteeSheetsMissing',
      missing: 3,
    });
    await at.scoredBids(replaced, [next ?? missing('next')], bids);
    const reopened = await at.must(leader ?? missing('leader'), 'openScores', step(replaced));
    await at.must(leader ?? missing('leader'), 'drawUpReport', step(reopened));
    const [report] = await at.mulin.database.query<{ text: string }>(
      'select text from score_report where tender_id = $1',
      [tender.id],
    );
    const { input } = JSON.parse(report?.text ?? '{}') as { input: { members: string[] } };
    const seats = await at.mulin.database.query<{ id: string; person: string }>(
      'select id, person_id as person from committee_member where committee_id = $1',
      [committee.id],
    );
    const counted = seats.filter(({ id }) => input.members.includes(id)).map((each) => each.person);
    expect(new Set(counted)).toEqual(new Set([leader?.id, representative?.id, next?.id]));
  });

  it('is read in as many statements for six tenders as for one, with all that hangs on them', async () => {
    for (let made = 0; made < 6; made += 1) await at.reportedTender();
    const page = async (first: number) => {
      const { count } = await countStatements(at.mulin.service.database.app, () =>
        at.mulin.answer(
          person(['auditor']),
          `query ($first: Int!) { tenders(first: $first, orderBy: { field: ID, direction: DESC }) { nodes {
             lots { id } awards { id } committee { vacantSeats members { id } draws { seed } findings { bidId }
               sheets { bidId } rechecks { bidId } priceExplanations { bidId } reports { hash } signatures { memberId } } } } }`,
          { first },
        ),
      );
      return count;
    };
    expect(await page(6)).toBe(await page(1));
  });
});
