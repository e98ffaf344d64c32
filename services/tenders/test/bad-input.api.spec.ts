import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { type Envelope, sealEnvelope } from '@mulin/seal';
import {
  AFTER_DEADLINE,
  Bench,
  missing,
  type Officer,
  person,
  step,
  STREET,
  type Told,
} from './builders.js';
import { expectChecksToHold } from './checks.js';

const AFTER_STAND_STILL = new Date('2025-12-02T00:00:01+08:00');
const THE_LOG = `query ($after: String) { refusals(first: 100, after: $after)
  { nodes { actor operation ruleId } } }`;

/** Everything wrong that one tender can be sent, in the order of its life: what it is, it stays to the end. */
describe('everything wrong that a tender is sent', () => {
  let at: Bench;
  let li: Officer;
  let wang: Officer;
  let tender: Told;
  beforeAll(async () => {
    at = await Bench.open();
    const [first, second] = await at.officers();
    if (!first || !second) throw new Error('no officers');
    [li, wang] = [first, second];
    tender = await at.publishedTender();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  /** What the log must hold, and nothing else. */
  const written: { actor: string; operation: string; ruleId: string }[] = [];
  const refused = async (actor: Actor, operation: string, input: object, typename: string) => {
    const told = await at.do(actor, operation, input);
    expect(told).toMatchObject({
      __typename: typename,
      rule: { id: expect.any(String), article: expect.stringMatching(/\S/) },
    });
    const { id: ruleId } = told.rule as { id: string };
    written.push({ actor: actor.id, operation, ruleId });
    return told;
  };
  const bidders: Actor[] = [];
  const bids = new Map<string, Told>();
  const handIn = async (name: string, change: object = {}, input: object = {}) => {
    const bidder = at.bidder();
    bidders.push(bidder);
    const good = await at.submission(tender, bidder, change);
    const bid = await at.must(bidder, 'submitBid', { ...good, ...input });
    bids.set(name, bid);
    return { bidder, good };
  };
  const bidOf = (name: string) => bids.get(name) ?? missing(name);
  const stateOf = async (name: string) => {
    const [row] = await at.mulin.database.query<{ state: string }>(
      'select state from bid where id = $1',
      [bidOf(name).id],
    );
    return row?.state;
  };

  it('as a file: points that do not sum, a price weight out of range', async () => {
    for (const change of [
      { priceWeight: 1100 },
      { priceWeight: 900, criteria: [{ ...(await at.tenderFile()).criteria[0], points: 9100 }] },
    ]) {
      const draft = await at.draftedTender(change);
      await refused(at.approver, 'publishTender', step(draft), 'TenderFileInvalid');
      expect(
        await at.mulin.database.query('select state from tender where id = $1', [draft.id]),
      ).toEqual([{ state: 'draft' }]);
    }
  });

  it('as a bid: for another tender, another’s envelopes, sent again, of a version that is past', async () => {
    const { bidder, good } = await handIn('lowest', { price: '80000000' });
    await handIn('second', { price: '85000000' });
    await handIn('third', { price: '87000000' });
    await handIn('aboveCeiling', { price: '88000001' });
    await handIn('flipped');
    await handIn('headedByOne');
    await handIn('headedByTheSame');
    await at.related(bidders.slice(-2).map(({ organisation }) => organisation));

    const stranger = at.bidder();
    const elsewhere = await at.submission(tender, stranger, { tenderId: newId('ten') });
    await refused(stranger, 'submitBid', elsewhere, 'EnvelopeNotAccepted');
    await refused(stranger, 'submitBid', { ...good, id: newId('bid') }, 'EnvelopeNotAccepted');
    expect(await at.do(bidder, 'submitBid', good)).toMatchObject({ id: bidOf('lowest').id });
    await refused(bidder, 'submitBid', { ...good, id: newId('bid') }, 'AlreadyBid');
    const old = { qualification: good.qualification, price: good.price };
    await refused(
      bidder,
      'replaceBid',
      { ...step(bidOf('lowest')), ...old },
      'EnvelopeNotAccepted',
    );
  });

  it('as a bid: another payload to another pair of officers', async () => {
    const bidder = at.bidder();
    const good = await at.submission(tender, bidder);
    const envelope = JSON.parse(good.qualification) as Envelope;
    const keys = (await at.officers()).map(({ publicKey }) => publicKey);
    const other = await sealEnvelope(envelope.context, new TextEncoder().encode('{}'), keys);
    envelope.halves.splice(0, 2, ...other.halves.slice(0, 2));
    bidders.push(bidder);
    const qualification = JSON.stringify(envelope);
    bids.set('twoPayloads', await at.must(bidder, 'submitBid', { ...good, qualification }));
  });

  it('before its time and after it: an early opening, a late bid', async () => {
    await refused(li.actor, 'openBids', step(tender), 'OpeningTooEarly');
    const late = at.bidder();
    const input = await at.submission(tender, late);
    await at.clockTo(new Date('2025-11-25T10:00:00.001+08:00'));
    await refused(late, 'submitBid', input, 'BidLate');
  });

  it('at its opening: one officer alone, another’s halves, a stranger', async () => {
    await at.mulin.database.query(
      `update bid_content set qualification = jsonb_set(qualification, '{ciphertext}',
         to_jsonb('B' || substr(qualification ->> 'ciphertext', 2))) where bid_id = $1`,
      [bidOf('flipped').id],
    );
    await at.clockTo(AFTER_DEADLINE);
    const { sealedBids } = await at.mulin.answer<{ sealedBids: { envelope: string }[] }>(
      wang.actor,
      'query ($id: ID!) { sealedBids(tenderId: $id) { envelope } }',
      { id: tender.id },
    );
    const theirs = await Promise.all(
      sealedBids.map(({ envelope }) => at.unwrapped(JSON.parse(envelope), wang)),
    );
    const shares = JSON.stringify(theirs.flat());
    await refused(li.actor, 'handOverShares', { ...step(tender), shares }, 'SharesDoNotFit');
    await at.handOver(tender, li);
    await refused(li.actor, 'openBids', step(tender), 'OfficersMissing');
    await refused(at.officer, 'openBids', step(tender), 'NotAnOpeningOfficer');
  });

  it('opens what stands, and minutes what does not: the other payload, the flipped bit, the related, the dear', async () => {
    await at.handOver(tender, wang);
    // The two of the pair that was given another payload wait for the third.
    await refused(li.actor, 'openBids', step(tender), 'ThirdOfficerNeeded');
    const third = (await at.officers())[2] ?? missing('third officer');
    await at.handOver(tender, third);
    const opened = await at.must(li.actor, 'openBids', step(tender));
    const { tender: told } = await at.mulin.answer<{
      tender: { openings: { bids: { bidId: string; result: string }[] }[] };
    }>(
      at.officer,
      'query ($id: ID!) { tender(id: $id) { openings { bids { bidId result code } } } }',
      { id: tender.id },
    );
    const lines = told.openings[0]?.bids ?? [];
    const resultOf = (name: string) => lines.find(({ bidId }) => bidId === bidOf(name).id)?.result;
    expect(lines).toHaveLength(bids.size);
    for (const name of ['lowest', 'second', 'third', 'aboveCeiling', 'twoPayloads'])
      expect([name, resultOf(name)]).toEqual([name, 'OPENED']);
    expect(resultOf('flipped')).toBe('RETURNED');
    for (const name of ['headedByOne', 'headedByTheSame'])
      expect(lines).toContainEqual({
        ...{ bidId: bidOf(name).id, result: 'EXCLUDED', code: 'relatedBidders' },
      });
    await at.reviewed(tender, [bidOf('twoPayloads').id]);
    const closed = await at.must(at.approver, 'closeQualification', step(opened));
    tender = await at.opened(closed);
    expect(await stateOf('aboveCeiling')).toBe('invalid');
    for (const name of ['lowest', 'second', 'third'])
      expect([name, await stateOf(name)]).toEqual([name, 'priced']);
  });

  it('as a committee and its scores: too few, even, related; a criterion that is not in the file, points out of range', async () => {
    const draw = (experts: number, buyerRepresentativeIds: string[]) => ({
      ...{ ...step(tender), experts, buyerRepresentativeIds },
    });
    await at.emptyPool();
    const pool = await at.experts(4);
    await refused(at.officer, 'drawCommittee', draw(1, []), 'CommitteeInvalid');
    await refused(at.officer, 'drawCommittee', draw(3, [newId('per')]), 'CommitteeInvalid');
    const related = newId('per');
    await at.mulin.database.query(
      `insert into relation (id, street, person_id, organisation_id, kind, valid_from)
       values ($1, $2, $3, $4, 'employee', '2020-01-01')`,
      [newId('rel'), STREET, related, bidders[0]?.organisation],
    );
    await refused(at.officer, 'drawCommittee', draw(2, [related]), 'MustRecuse');

    const standing = ['lowest', 'second', 'third'].map(bidOf);
    const { committee, members } = await at.seatedCommittee(tender, pool);
    const [leader = missing('leader')] = members;
    const checked = await at.checkedBids(committee, members, standing);
    const scores = (change: { criterion: string; points: number }[]) => ({
      ...{ ...step(checked), bidId: standing[0]?.id, scores: change },
    });
    const points = (plan: number) => [
      { criterion: 'service-plan', points: plan },
      { criterion: 'grade', points: 2000 },
    ];
    const more = [...points(1), { criterion: 'local-award', points: 1 }];
    await refused(leader, 'submitScores', scores(more), 'ScoresInvalid');
    await refused(leader, 'submitScores', scores(points(6001)), 'ScoresInvalid');
    await refused(leader, 'submitScores', scores(points(-1)), 'ScoresInvalid');
    await at.scoredBids(checked, members, standing);
    const open = await at.must(leader, 'openScores', step(checked));
    const drawnUp = await at.must(leader, 'drawUpReport', step(open));
    for (const member of members)
      await at.must(member, 'signReport', { ...step(drawnUp), reportHash: drawnUp.reportHash });
    await at.must(leader, 'deliverReport', step(drawnUp));
  });

  it('as an award while a challenge is open', async () => {
    const chosen = await at.must(at.officer, 'chooseWinners', step(tender));
    await at.must(at.approver, 'announceResult', step(chosen));
    const loser = bidders[1] ?? missing('loser');
    const filed = await at.must(loser, 'fileChallenge', {
      ...{ id: newId('chl'), tenderId: tender.id, kind: 'CHALLENGE', stage: 'RESULT' },
      grounds: [{ ground: '评分有误', evidence: '评审报告第 3 页', remedy: '重新评审' }],
    });
    const [award = missing('award')] = await at.mulin.database.query<Told>(
      'select id, version from award where tender_id = $1',
      [tender.id],
    );
    await at.clockTo(AFTER_STAND_STILL);
    await refused(at.approver, 'noticeAward', step(award), 'ChallengeUndecided');
    const taken = await at.must(at.officer, 'acceptChallenge', step(filed));
    await refused(at.approver, 'noticeAward', step(award), 'TenderOnHold');
    await at.must(at.approver, 'answerChallenge', {
      ...{ ...step(taken), outcome: 'DISMISSED', effect: 'NONE', answer: '不成立。' },
    });
    await at.must(at.approver, 'noticeAward', step(award));
    expect(await stateOf('lowest')).toBe('won');
  });

  it('is written down, each once and in its order, and nothing else is', async () => {
    const { refusals } = await at.mulin.answer<{ refusals: { nodes: object[] } }>(
      person(['auditor']),
      THE_LOG,
    );
    // The newest first, as auditors read it.
    expect(refusals.nodes.toReversed()).toEqual(written);
    expect(written.length).toBeGreaterThanOrEqual(20);
  });

  it('has lost nothing: every bid is there with its receipt, the late one with a receipt alone', async () => {
    const rows = await at.mulin.database.query<{ action: string; count: number }>(
      `select receipt ->> 'action' as action, count(*)::int as count from receipt
       where tender_id = $1 group by 1 order by 1`,
      [tender.id],
    );
    expect(rows).toEqual([
      { action: 'refusedLate', count: 1 },
      { action: 'submitted', count: bids.size },
    ]);
    const [kept] = await at.mulin.database.query<{ count: number }>(
      'select count(*)::int as count from bid where tender_id = $1',
      [tender.id],
    );
    expect(kept?.count).toBe(bids.size);
  });
});
