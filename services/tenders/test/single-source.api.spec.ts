import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { countStatements } from '@mulin/testing';
import { Bench, missing, NOW, person, step, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

/** A notice of Monday 10 November runs for five working days, to the end of the 17th. */
const LAST_DAY = new Date('2025-11-17T23:59:50+08:00');
const AFTER_NOTICE = new Date('2025-11-18T00:00:05+08:00');

/** Published when the notice is over: the papers are due a week later. */
const TIMES = { fileUntil: '2025-11-25', deadline: '2025-11-26T10:00:00+08:00' };

describe('single source (单一来源)', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const OPINION = {
    name: '王某（虚构）',
    position: '某大学社会工作系副教授',
    opinion: '全市仅该机构持有手语导盲犬训练资质。',
  };
  const plan = (change: object = {}) => at.approvedPlan({ method: 'SINGLE_SOURCE', ...change });
  const supplier = async () => {
    const bidder = at.bidder();
    await at.known(bidder.organisation);
    return bidder;
  };
  const propose = (on: Told, bidder: Actor, change: object = {}) =>
    at.do(at.officer, 'proposeSingleSource', {
      id: newId('ssp'),
      planId: on.id,
      organisationId: bidder.organisation,
      reasonCode: 'onlySupplier',
      statement: '导盲犬训练只有一家机构能够承担。',
      opinions: [OPINION],
      ...change,
    });
  const noticed = async (on: Told, bidder: Actor) => {
    const proposal = await propose(on, bidder);
    return at.must(at.approver, 'noticeSingleSource', step(proposal));
  };
  const object = (actor: Actor, proposal: Told, id = newId('sso')) =>
    at.do(actor, 'objectToSingleSource', {
      ...{ id, proposalId: proposal.id, text: '我单位也有训练资质，证书编号附后。' },
    });
  /** A tender file on this plan, whose price alone counts. */
  const drafted = async (on: Told) =>
    at.must(at.officer, 'draftTender', {
      id: newId('ten'),
      procurementPlanId: on.id,
      ...(await at.tenderFile({ priceWeight: 10_000, criteria: [], ...TIMES })),
    });
  const publish = (tender: Told) => at.do(at.approver, 'publishTender', step(tender));
  const planEvents = async ({ id }: Told) =>
    (await at.outbox(id)).map(({ type, aggregateversion }) => [type, aggregateversion]);

  it('is proposed on a ground of the law, with what that ground asks for', async () => {
    await at.clockTo(NOW);
    const bidder = await supplier();
    const on = await plan();
    const problem = async (change: object, of = on) =>
      (await propose(of, bidder, change)).problem ?? 'none';
    expect(await problem({ reasonCode: 'cheaper' })).toBe('REASON_UNKNOWN');
    expect(await problem({ opinions: [] })).toBe('OPINION_MISSING');
    expect(await problem({ reasonCode: 'addition', opinions: [] })).toBe('ORIGINAL_MISSING');
    expect(await problem({ originalAwardId: newId('awd') })).toBe('ORIGINAL_MISSING');
    expect(await problem({}, await at.approvedPlan())).toBe('OTHER_METHOD');
    expect(await propose(on, at.bidder())).toMatchObject({
      __typename: 'BidderNotAdmitted',
      bar: 'NOT_VERIFIED',
    });
    const proposal = await propose(on, bidder);
    expect(proposal).toMatchObject({ __typename: 'SingleSourceProposal', state: 'DRAFT' });
    expect(await propose(on, bidder)).toMatchObject({
      ...{ __typename: 'SingleSourceNotAllowed', problem: 'ALREADY_PROPOSED' },
      proposalId: proposal.id,
    });
  });

  it('from the tender threshold on needs the approval of the finance department', async () => {
    const bidder = await supplier();
    const line = await at.budgetLine({ planned: '400000000' });
    const large = await at.must(at.officer, 'draftProcurementPlan', {
      id: newId('ppl'),
      budgetLineId: line.id,
      title: '导盲犬训练',
      amount: '400000000',
      method: 'SINGLE_SOURCE',
      needIds: [],
    });
    const filed = await at.must(at.officer, 'fileProcurementPlan', step(large));
    const on = await at.must(at.approver, 'approveProcurementPlan', step(filed));
    expect(await propose(on, bidder)).toMatchObject({
      problem: 'APPROVAL_MISSING',
      rule: { article: '政府采购法 第二十七条' },
    });
    expect(
      await propose(on, bidder, { approvalNumber: '沪财采〔2025〕001号（虚构）' }),
    ).toMatchObject({
      __typename: 'SingleSourceProposal',
    });
  });

  it('is noticed by somebody who did not write it, for five working days, and told to the district', async () => {
    await at.clockTo(NOW);
    const on = await plan();
    const both = person(['streetOfficer', 'streetApprover']);
    const own = await at.must(both, 'proposeSingleSource', {
      ...{ id: newId('ssp'), planId: on.id, organisationId: (await supplier()).organisation },
      ...{ reasonCode: 'onlySupplier', statement: '只有一家。', opinions: [OPINION] },
    });
    expect(await at.do(both, 'noticeSingleSource', step(own))).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
    const seen = (actor: Actor) =>
      at.mulin.ask<{ singleSourceProposal: object }>(
        actor,
        'query ($id: ID!) { singleSourceProposal(id: $id) { statement opinions { name } } }',
        { id: own.id },
      );
    expect((await seen(at.resident)).data?.singleSourceProposal).toBeNull();
    expect(await at.must(at.approver, 'noticeSingleSource', step(own))).toMatchObject({
      state: 'PUBLISHED',
      noticeUntil: '2025-11-17',
    });
    expect((await seen(at.resident)).data?.singleSourceProposal).toEqual({
      statement: '只有一家。',
      opinions: [{ name: OPINION.name }],
    });
    expect(await planEvents(on)).toEqual([
      ['mulin.procurementPlan.approved.v1', 1],
      ['mulin.procurementPlan.singleSourceNoticed.v1', 2],
    ]);
    const [, told] = await at.outbox(on.id);
    expect(JSON.stringify(told)).not.toContain(OPINION.name);
    await expect(
      at.mulin.database.query(
        `update single_source_proposal set statement = '另一家也可以' where id = $1`,
        [own.id],
      ),
    ).rejects.toThrow('is fixed');
  });

  it('is published as a tender when the notice is over and no objection is open, for that supplier alone', async () => {
    await at.clockTo(NOW);
    const on = await plan();
    const bidder = await supplier();
    const proposed = await propose(on, bidder);
    const tender = await drafted(on);
    expect(await publish(tender)).toMatchObject({
      __typename: 'SingleSourceNotSettled',
      open: 'NOT_NOTICED',
      rule: { article: '74号令 第三十八条、第四十条' },
    });
    const proposal = await at.must(at.approver, 'noticeSingleSource', step(proposed));
    expect(await publish(tender)).toMatchObject({ open: 'NOTICE_RUNNING', until: '2025-11-17' });
    await at.clockTo(LAST_DAY);
    expect(await publish(tender)).toMatchObject({ open: 'NOTICE_RUNNING' });
    const objection = await object(at.resident, proposal);
    expect(objection).toMatchObject({
      __typename: 'SingleSourceObjection',
      answerDueAt: '2025-11-24T16:00:00.000Z',
    });
    await at.clockTo(AFTER_NOTICE);
    expect(await object(at.resident, proposal)).toMatchObject({
      __typename: 'NoticeNotRunning',
      until: '2025-11-17',
    });
    expect(await publish(tender)).toMatchObject({ open: 'OBJECTIONS_OPEN' });
    // Not by the code alone.
    await expect(
      at.mulin.database.query(
        `update tender set state = 'published', published_by = 'x', published_at = now(),
           procedure_version = 1, invited_organisation_id = $1 where id = $2`,
        [bidder.organisation, tender.id],
      ),
    ).rejects.toThrow('is not over');
    const answer = { upheld: false, answer: '补充论证：该证书已于 2024 年到期。' };
    expect(
      await at.do(at.approver, 'answerSingleSourceObjection', { ...step(objection), ...answer }),
    ).toMatchObject({ __typename: 'SingleSourceObjection', upheld: false });
    expect(
      await at.do(at.approver, 'answerSingleSourceObjection', { ...step(objection), ...answer }),
    ).toMatchObject({ __typename: 'StateConflict' });
    const published = await publish(tender);
    expect(published).toMatchObject({
      __typename: 'Tender',
      state: 'PUBLISHED',
      invitedOrganisationId: bidder.organisation,
    });
    const other = await supplier();
    expect(await at.do(other, 'submitBid', await at.submission(published, other))).toMatchObject({
      __typename: 'BidderNotAdmitted',
      bar: 'NOT_INVITED',
    });
    await expect(
      at.mulin.database.query(
        `insert into bid (id, street, tender_id, lot_id, organisation_id, state, content_version,
           confirmed_round, received_at, version)
         select $1, street, tender_id, id, $2, 'sealed', 1, 1, now(), 1 from lot where tender_id = $3`,
        [newId('bid'), other.organisation, published.id],
      ),
    ).rejects.toThrow('was not invited');
    expect(await at.do(bidder, 'submitBid', await at.submission(published, bidder))).toMatchObject({
      __typename: 'Bid',
    });
  });

  it('ends when an objection is right, and is never proposed again for that supplier', async () => {
    await at.clockTo(NOW);
    const on = await plan();
    const bidder = await supplier();
    const proposal = await noticed(on, bidder);
    const tender = await drafted(on);
    const rival = await supplier();
    const objection = await object(rival, proposal);
    const seen = async (actor: Actor) => {
      const { singleSourceProposal } = await at.mulin.answer<{
        singleSourceProposal: { objections: object[] };
      }>(actor, 'query ($id: ID!) { singleSourceProposal(id: $id) { objections { id } } }', {
        id: proposal.id,
      });
      return singleSourceProposal.objections.length;
    };
    expect([await seen(rival), await seen(at.officer), await seen(bidder)]).toEqual([1, 1, 0]);
    // Who keeps the platform, pays or sits in the pool handles no objection.
    for (const role of ['platformOperator', 'cashier', 'expert'] as const)
      expect([role, await seen(person([role]))]).toEqual([role, 0]);
    const right = { upheld: true, answer: '异议成立，改用竞争性磋商。' };
    const writer = person(['streetApprover'], { id: at.officer.id });
    expect(
      await at.do(writer, 'answerSingleSourceObjection', { ...step(objection), ...right }),
    ).toMatchObject({ __typename: 'SecondPersonNeeded' });
    await at.must(at.approver, 'answerSingleSourceObjection', { ...step(objection), ...right });
    expect((await planEvents(on)).at(-1)).toEqual([
      'mulin.procurementPlan.singleSourceRefused.v1',
      3,
    ]);
    await at.clockTo(AFTER_NOTICE);
    expect(await publish(tender)).toMatchObject({ open: 'NOT_NOTICED' });
    expect(await propose(on, bidder)).toMatchObject({
      ...{ problem: 'ALREADY_REFUSED', rule: { article: '74号令 第四十条' } },
    });
    expect(await object(rival, proposal)).toMatchObject({ __typename: 'NoticeNotRunning' });
  });

  it('goes the whole way: the price is agreed on, offered sealed, and awarded; with nobody to follow who does not sign', async () => {
    await at.clockTo(NOW);
    const on = await plan();
    const bidder = await supplier();
    await noticed(on, bidder);
    const tender = await drafted(on);
    await at.clockTo(AFTER_NOTICE);
    const published = await at.must(at.approver, 'publishTender', step(tender));
    const bid = await at.bid(published, bidder);
    await at.clockTo(new Date('2025-11-26T10:00:10+08:00'));
    const opened = await at.opened(published);
    await at.reviewed(published);
    const priced = await at.opened(await at.must(at.approver, 'closeQualification', step(opened)));
    const { committee, members } = await at.seatedCommittee(priced);
    const leader = members[0] ?? missing('leader');
    const consulting = await at.checkedBids(committee, members, [bid]);
    expect(consulting).toMatchObject({ state: 'CONSULTING' });
    const called = await at.must(leader, 'callForFinalOffers', {
      ...{ ...step(consulting), dueAt: '2025-11-26T12:00:00+08:00', changes: null },
    });
    await at.must(bidder, 'submitFinalOffer', await at.finalOffer(bid.id, bidder, '82000000'));
    await at.clockTo(new Date('2025-11-26T12:00:10+08:00'));
    await at.opened(priced);
    const scoring = { ...called, version: called.version + 1 };
    for (const member of members)
      await at.must(member, 'submitScores', { ...step(scoring), bidId: bid.id, scores: [] });
    const scores = await at.must(leader, 'openScores', step(scoring));
    const drawnUp = await at.must(leader, 'drawUpReport', step(scores));
    for (const member of members)
      await at.must(member, 'signReport', { ...step(drawnUp), reportHash: drawnUp.reportHash });
    await at.must(leader, 'deliverReport', step(drawnUp));
    const [{ version } = missing('tender')] = await at.mulin.database.query<Told>(
      'select version from tender where id = $1',
      [published.id],
    );
    const chosen = await at.must(at.officer, 'chooseWinners', step({ id: published.id, version }));
    await at.must(at.approver, 'announceResult', step(chosen));
    const [award = missing('award')] = await at.mulin.database.query<
      Told & { organisation: string; price: string }
    >(
      'select id, version, organisation_id as organisation, price_fen as price from award where tender_id = $1',
      [published.id],
    );
    expect(award).toMatchObject({ organisation: bidder.organisation, price: '82000000' });
    await at.clockTo(new Date('2025-12-20T10:00:00+08:00'));
    const sent = await at.must(at.approver, 'noticeAward', step(award));
    const accepted = await at.must(bidder, 'acceptAward', step(sent));
    const next = await at.mulin.answer<{ tender: { state: string; nextSteps: object[] } }>(
      at.resident,
      'query ($id: ID!) { tender(id: $id) { state nextSteps { toState } } }',
      { id: published.id },
    );
    expect(next.tender).toEqual({ state: 'AWARDED', nextSteps: [{ toState: 'FAILED' }] });
    await at.unsigned(accepted.contractId);
    const rows = await at.mulin.database.query(
      'select state, failed_because as because from tender where id = $1',
      [published.id],
    );
    expect(rows).toEqual([{ state: 'failed', because: 'noCandidateLeft' }]);
  });

  it('adds to what was bought before up to a tenth of it, all additions together', async () => {
    const { award, winner } = await at.announcedTender();
    const half = await plan({ amount: '5000000' });
    const addition = { reasonCode: 'addition', opinions: [], originalAwardId: award.id };
    // An award that nobody accepted yet is nothing to add to.
    expect(await propose(half, winner, addition)).toMatchObject({ problem: 'ORIGINAL_MISSING' });
    await at.clockTo(new Date('2025-12-05T10:00:00+08:00'));
    const sent = await at.must(at.approver, 'noticeAward', step(award));
    await at.must(winner, 'acceptAward', step(sent));
    const first = await propose(half, winner, addition);
    expect(first).toMatchObject({ __typename: 'SingleSourceProposal' });
    const rest = await plan({ amount: '3000001' });
    expect(await propose(rest, winner, addition)).toMatchObject({ problem: 'ADDITION_TOO_LARGE' });
    expect(await propose(rest, await supplier(), addition)).toMatchObject({
      problem: 'ORIGINAL_MISSING',
    });
    const last = await plan({ amount: '3000000' });
    expect(await propose(last, winner, addition)).toMatchObject({ state: 'DRAFT' });
    // Such a ground needs no notice: it is settled when the second person agrees.
    await at.must(at.approver, 'noticeSingleSource', step(first));
    expect(await publish(await drafted(half))).toMatchObject({
      __typename: 'TenderFileInvalid',
    });
  });

  it('reads its proposals in pages, with as many statements for three as for one', async () => {
    const read = (first: number) =>
      at.mulin.answer<{ singleSourceProposals: { nodes: object[] } }>(
        at.resident,
        `query ($first: Int!) { singleSourceProposals(first: $first, state: PUBLISHED) {
           nodes { id objections { id } } } }`,
        { first },
      );
    const count = async (first: number) =>
      (await countStatements(at.mulin.service.database.app, () => read(first))).count;
    expect(await count(3)).toBe(await count(1));
    expect((await read(3)).singleSourceProposals.nodes).toHaveLength(3);
  });
});
