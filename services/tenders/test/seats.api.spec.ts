import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { Bench, missing, person, planTerms, step, STREET, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

const PRICES = ['80000000', '85000000', '87000000'];
const LOW = '30000000';

describe('the seats of a committee', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  /** Two experts and a representative who sit, and two more experts in the pool. */
  const seated = async (prices: readonly string[] = PRICES) => {
    const { tender, bids, bidders } = await at.pricedTender(prices);
    await at.emptyPool();
    const people = await at.experts(4);
    const { committee, members } = await at.seatedCommittee(tender, people);
    const [leader = missing('leader'), second = missing('second'), third = missing('third')] =
      members;
    return { tender, bids, bidders, people, committee, members, leader, second, third };
  };
  const relate = (member: Actor, bidder: Actor | undefined) =>
    at.mulin.database.query(
      `insert into relation (id, street, person_id, organisation_id, kind, valid_from, valid_to)
       values ($1, $2, $3, $4, 'employee', '2015-01-01', null)`,
      [newId('rel'), STREET, member.id, bidder?.organisation],
    );
  const replace = (committee: Told, buyers: string[] = []) =>
    at.do(at.officer, 'replaceRecused', { ...step(committee), buyerRepresentativeIds: buyers });
  const absent = (actor: Actor, committee: Told, place: number) =>
    at.do(actor, 'replaceMember', {
      ...{ ...step(committee), place, because: '两次通知后仍未到场。', buyerRepresentativeIds: [] },
    });
  /** Whoever was invited instead says yes. */
  const successor = async (committee: Told, people: readonly Actor[]): Promise<Actor> => {
    const [next = missing('successor')] = await at.invited(committee, people);
    await at.must(next, 'answerInvitation', { ...step(committee), accept: true });
    return next;
  };
  const find = (actor: Actor, committee: Told, bid: Told | undefined, compliant: boolean) =>
    at.do(actor, 'submitConformity', {
      ...{ ...step(committee), bidId: bid?.id, compliant },
      ...(compliant ? {} : { reasonCode: 'not-signed', because: '未盖章。' }),
    });
  const closedAt = async ({ id }: { id: string }) => {
    const [row] = await at.mulin.database.query<{ at: Date }>(
      `select taken_at as at from procedure_step_taken step join committee on committee.tender_id = step.tender_id
       where committee.id = $1 and step = 'conformityClosed'`,
      [id],
    );
    return row?.at ?? missing('close of conformity');
  };
  const stateOf = async (bid: Told | undefined) => {
    const [row] = await at.mulin.database.query<{ state: string }>(
      'select state from bid where id = $1',
      [bid?.id],
    );
    return row?.state;
  };

  it('of experts are never filled by the buyer, whoever has left them', async () => {
    const { committee, bidders, second, people } = await seated();
    await relate(second, bidders[0]);
    expect(await replace(committee, [newId('per')])).toMatchObject({
      __typename: 'CommitteeInvalid',
      rule: { article: '87号令 第四十七条' },
    });
    await expect(
      at.mulin.database.query('select appoint_buyer($1, $2, $3)', [
        ...[committee.id, newId('mbr'), newId('per')],
      ]),
    ).rejects.toThrow('the buyer has no seat left');
    const replaced = await replace(committee);
    expect(replaced).toMatchObject({ __typename: 'TenderCommittee' });
    await successor(replaced, people);
    expect(await replace(replaced)).toMatchObject({ __typename: 'StateConflict' });
  });

  it('cannot be guessed by naming people of the pool: drawn or not, the answer is the same', async () => {
    const { committee, bidders, third, people, members } = await seated();
    const drawn = people.filter((each) => members.includes(each));
    const others = people.filter((each) => !members.includes(each));
    await relate(third, bidders[0]);
    const answers = await Promise.all(
      [...drawn, ...others].map(async ({ id }) => ({ ...(await replace(committee, [id])) })),
    );
    expect(answers).toHaveLength(4);
    for (const each of answers) expect(each).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ __typename: 'CommitteeInvalid' });
    await expect(
      at.mulin.database.query('select appoint_buyer($1, $2, $3)', [
        ...[committee.id, newId('mbr'), drawn[0]?.id],
      ]),
    ).rejects.toThrow();
    const { id: known } = await at.registered(person(['streetOfficer']));
    expect(await replace(committee, [known])).toMatchObject({
      __typename: 'TenderCommittee',
    });
  });

  it('lapse when nobody answers in time, and the next who was drawn is invited', async () => {
    const { tender } = await at.pricedTender(PRICES);
    await at.emptyPool();
    const people = await at.experts(4);
    const committee = await at.must(at.officer, 'drawCommittee', {
      ...{ ...step(tender), experts: 3, buyerRepresentativeIds: [] },
    });
    const [first = missing('first'), second = missing('second'), silent = missing('silent')] =
      await at.invited(committee, people);
    for (const each of [first, second])
      await at.must(each, 'answerInvitation', { ...step(committee), accept: true });
    await at.mulin.database.advanceClock('23 hours 59 minutes');
    expect(await at.do(at.officer, 'drawAgain', step(committee))).toMatchObject({
      __typename: 'StateConflict',
    });
    await at.mulin.database.advanceClock('1 minute');
    await at.must(at.officer, 'drawAgain', step(committee));
    const [next] = await at.invited(committee, people);
    expect([first, second, silent]).not.toContain(next);
    expect(
      await at.do(silent, 'answerInvitation', { ...step(committee), accept: true }),
    ).toMatchObject({ __typename: 'StateConflict' });
  });

  it('of members who stop coming are filled anew after two days, for a reason that is kept', async () => {
    const { tender, committee, bids, leader, second, third, people } = await seated();
    for (const member of [leader, third])
      for (const bid of bids) await find(member, committee, bid, true);
    expect(await absent(at.officer, committee, 3)).toMatchObject({
      __typename: 'MemberNotAbsent',
      absentHours: 48,
      rule: { article: '87号令 第四十九条' },
    });
    await at.mulin.database.advanceClock('48 hours');
    // Who has judged stays, and no member unseats another but the leader.
    const [row] = await at.mulin.database.query<{ place: number }>(
      'select place from committee_member where committee_id = $1 and person_id = $2',
      [committee.id, second.id],
    );
    const place = row?.place ?? 0;
    for (const other of [1, 2, 3].filter((each) => each !== place))
      expect(await absent(at.officer, committee, other)).toMatchObject({
        __typename: 'MemberNotAbsent',
      });
    expect(await absent(second, committee, place)).toMatchObject({ __typename: 'NotOnCommittee' });
    const replaced = await absent(leader, committee, place);
    expect(replaced).toMatchObject({ __typename: 'TenderCommittee', state: 'CONFORMITY' });
    expect(await find(second, replaced, bids[0], true)).toMatchObject({
      __typename: 'NotOnCommittee',
    });
    const next = await successor(replaced, people);
    for (const bid of bids) await find(next, replaced, bid, true);
    // All is in, and the leader does not take the step: then the next expert leads.
    await at.mulin.database.advanceClock('48 hours');
    const [first] = await at.mulin.database.query<{ place: number }>(
      'select place from committee_member where committee_id = $1 and person_id = $2',
      [committee.id, leader.id],
    );
    const led = await absent(at.officer, replaced, first?.place ?? 0);
    expect(led).toMatchObject({ __typename: 'TenderCommittee' });
    const { tender: seen } = await at.mulin.answer<{
      tender: { committee: { replacements: object[] } };
    }>(
      person(['auditor']),
      'query ($id: ID!) { tender(id: $id) { committee { replacements { place because } } } }',
      { id: tender.id },
    );
    expect(seen.committee.replacements).toHaveLength(2);
    expect(seen.committee.replacements).toContainEqual({ place, because: '两次通知后仍未到场。' });
  });

  it('findings that all members know change no more', async () => {
    const { committee, bids, members, leader } = await seated();
    for (const member of members) for (const bid of bids) await find(member, committee, bid, true);
    expect(await find(leader, committee, bids[0], false)).toMatchObject({
      __typename: 'OpinionSettled',
      rule: { id: 'committee.finding.settled' },
    });
    await expect(
      at.mulin.database.query(
        'update conformity_finding set found_at = now() where committee_id = $1',
        [committee.id],
      ),
    ).rejects.toThrow('are open');
  });

  it('are counted by the rule of their own street, whatever another street has entered', async () => {
    const { committee } = await seated();
    await at.mulin.database.query(
      `insert into procedure (method, street, version, in_force_from, terms, title_zh, title_en, article)
       select method, '310110016', version, in_force_from,
         jsonb_set(jsonb_set(terms, '{committee,answerHours}', '1'), '{committee,least}', '99'), title_zh, title_en, article
       from procedure where method = 'belowThreshold' and street is null`,
    );
    // The check of committees, which runs after all of this, must not judge by it either.
    const hours = await at.mulin.database.query<{ hours: number }>(
      `select extract(epoch from seat_hours(committee.id, 'answerHours'))::int / 3600 as hours
       from committee where committee.id = $1`,
      [committee.id],
    );
    expect(hours).toEqual([{ hours: 24 }]);
  });

  it('a finding that a void vote decided is made anew, by the votes that stand and the one who follows', async () => {
    const { committee, bids, bidders, people, leader, second, third } = await seated([
      ...PRICES,
      '86000000',
    ]);
    for (const member of [leader, second, third])
      for (const bid of bids)
        await find(member, committee, bid, bid !== bids[0] || member === leader);
    const checked = await at.must(leader, 'closeConformity', step(committee));
    const before = await closedAt(committee);
    expect(await stateOf(bids[0])).toBe('invalid');
    await at.scoredBids(checked, [leader, second, third], bids.slice(1));
    const opened = await at.must(leader, 'openScores', step(checked));
    await relate(second, bidders[1]);
    const again = await replace(opened);
    expect(again).toMatchObject({ state: 'CONFORMITY' });
    expect(await stateOf(bids[0])).toBe('priced');
    expect(await stateOf(bids[1])).toBe('compliant');
    const next = await successor(again, people);
    expect(await find(third, again, bids[0], true)).toMatchObject({ __typename: 'OpinionSettled' });
    await find(next, again, bids[0], true);
    const closed = await at.must(leader, 'closeConformity', step(again));
    expect(closed).toMatchObject({ state: 'SCORING' });
    // Whoever wants to challenge it has the whole term from the finding that holds.
    expect((await closedAt(committee)).getTime()).toBeGreaterThan(before.getTime());
    expect(await stateOf(bids[0])).toBe('compliant');
    // Sheets that were open stay as they are; who follows gives the own ones, and all score the bid that came back.
    const scores = [
      { criterion: 'service-plan', points: 1 },
      { criterion: 'grade', points: 2000 },
    ];
    expect(
      await at.do(third, 'submitScores', { ...step(closed), bidId: bids[1]?.id, scores }),
    ).toMatchObject({ __typename: 'OpinionSettled', rule: { article: '87号令 第六十四条' } });
    await at.scoredBids(closed, [leader, third], bids.slice(0, 1));
    await at.scoredBids(closed, [next], bids);
    await at.must(leader, 'openScores', step(closed));
  });

  it('a low price that a void vote accepted is judged anew', async () => {
    const { committee, bids, bidders, people, members, leader, second } = await seated([
      ...PRICES,
      LOW,
    ]);
    const checked = await at.checkedBids(committee, members, bids);
    const [row] = await at.mulin.database.query<{ version: number }>(
      'select version from bid where id = $1',
      [bids[3]?.id],
    );
    const asked = { id: bids[3]?.id ?? '', version: row?.version ?? 0 };
    await at.must(bidders[3] ?? missing('bidder'), 'explainPrice', {
      ...{ ...step(asked), text: '志愿者承担大部分服务。' },
    });
    const judge = (actor: Actor, now: Told, accepted: boolean) =>
      at.do(actor, 'judgePrice', {
        ...{ ...step(now), bidId: bids[3]?.id, accepted, because: '看成本说明。' },
      });
    for (const [place, member] of members.entries()) await judge(member, checked, place < 2);
    await relate(second, bidders[1]);
    const again = await replace(checked);
    expect(again).toMatchObject({ state: 'SCORING' });
    const next = await successor(again, people);
    expect(await at.do(leader, 'openScores', step(again))).toMatchObject({
      __typename: 'PriceExplanationsOpen',
      bidIds: [bids[3]?.id],
    });
    await judge(next, again, false);
    expect(await stateOf(bids[3])).toBe('invalid');
  });

  it('a report is not drawn up, nor delivered by silence, while a member must recuse', async () => {
    const { committee, bids, bidders, members, leader, third } = await seated();
    const checked = await at.checkedBids(committee, members, bids);
    await at.scoredBids(checked, members, bids);
    const opened = await at.must(leader, 'openScores', step(checked));
    expect(await replace(opened)).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'rechecking',
    });
    const drawnUp = await at.must(leader, 'drawUpReport', step(opened));
    await relate(third, bidders[2]);
    await at.mulin.database.advanceClock('7 days');
    expect(await at.do(leader, 'deliverReport', step(drawnUp))).toMatchObject({
      __typename: 'MustRecuse',
      personId: third.id,
    });
    await expect(
      at.mulin.database.query(`update committee set state = 'reported' where id = $1`, [
        committee.id,
      ]),
    ).rejects.toThrow('related to a bidder');
    const { id: known } = await at.registered(person(['streetOfficer']));
    expect(await replace(drawnUp, [known])).toMatchObject({ state: 'SCORING' });
  });

  it('are what opens the files: who is in the pool and does not sit there reads no draft, no bid, no report', async () => {
    const { tender, bids } = await at.reportedTender();
    await at.draftedTender();
    const plan = await at.must(at.officer, 'draftProcurementPlan', {
      ...planTerms((await at.budgetLine()).id),
    });
    const seen = async (actor: Actor) => {
      const told = await at.mulin.answer<{
        tenders: { nodes: { state: string }[] };
        bids: { nodes: { id: string }[] };
        procurementPlans: { nodes: { id: string }[] };
        tender: { committee: { reports: object[]; rechecks: object[] } | null };
      }>(
        actor,
        `query ($id: ID!) { tenders(first: 50) { nodes { state } } bids(first: 20, tenderId: $id) { nodes { id } }
           procurementPlans(first: 50) { nodes { id } }
           tender(id: $id) { committee { reports { hash } rechecks { bidId } } } }`,
        { id: tender.id },
      );
      return {
        drafts: told.tenders.nodes.some(({ state }) => state === 'DRAFT'),
        plan: told.procurementPlans.nodes.some(({ id }) => id === plan.id),
        bids: told.bids.nodes.length,
        reports: told.tender.committee?.reports.length,
      };
    };
    const all = { drafts: true, plan: true, bids: bids.length, reports: 1 };
    for (const role of ['streetOfficer', 'streetApprover', 'auditor'] as const)
      expect(await seen(person([role]))).toEqual(all);
    expect(await seen(person(['expert']))).toEqual({
      ...{ drafts: false, plan: false, bids: 0, reports: 0 },
    });
    const [opened] = await at.mulin.database.query<{ id: string }>(
      'select id from opening_record where tender_id = $1 limit 1',
      [tender.id],
    );
    expect(opened).toBeDefined();
    for (const role of ['expert', 'evaluator', 'cashier', 'platformOperator'] as const) {
      const rows = await at.mulin.service.database.read(person([role]), (tx) =>
        tx.query<{ rows: number }[]>(
          `select (select count(*) from opened_bid) + (select count(*) from score_report)
             + (select count(*) from bid) + (select count(*) from qualification_review) as rows`,
        ),
      );
      expect(Number(rows[0]?.rows)).toBe(0);
    }
  });
});
