import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { AFTER_DEADLINE, Bench, missing, person, step } from './builders.js';
import { expectChecksToHold } from './checks.js';

interface Entry {
  actor: string;
  operation: string;
  ruleId: string;
  subject: string | null;
}

describe('what was refused', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const auditor = person(['auditor']);
  const refusals = async (subject: string, actor = auditor): Promise<Entry[]> => {
    const answer = await at.mulin.answer<{ refusals: { nodes: Entry[] } }>(
      actor,
      `query ($subject: ID) { refusals(first: 50, filter: { subject: $subject })
         { nodes { actor operation ruleId subject } } }`,
      { subject },
    );
    return answer.refusals.nodes;
  };

  it('is written down though nothing else of it is: a bid for another tender, an early opening, one officer alone', async () => {
    const tender = await at.publishedTender();
    const bidder = at.bidder();
    const other = await at.submission(tender, bidder, { tenderId: newId('ten') });
    expect(await at.do(bidder, 'submitBid', other)).toMatchObject({
      __typename: 'EnvelopeNotAccepted',
    });
    for (let bids = 0; bids < 3; bids += 1) await at.bid(tender);
    const [officer = missing('officer')] = await at.officers();
    const open = () => at.do(officer.actor, 'openBids', step(tender));
    expect(await open()).toMatchObject({ __typename: 'OpeningTooEarly' });
    // Until the deadline nobody of the buyer's side learns that somebody bids; one's own refusal one knows.
    expect(await refusals(tender.id)).toEqual([]);
    await at.clockTo(AFTER_DEADLINE);
    await at.handOver(tender, officer);
    expect(await open()).toMatchObject({ __typename: 'OfficersMissing' });
    const subject = tender.id;
    expect(await refusals(tender.id)).toEqual([
      { actor: bidder.id, operation: 'submitBid', ruleId: 'bid.sealed', subject },
      { actor: officer.actor.id, operation: 'openBids', ruleId: 'opening.afterDeadline', subject },
      { actor: officer.actor.id, operation: 'openBids', ruleId: 'opening.twoOfficers', subject },
    ]);
  });

  it('is kept from residents and other streets, never changed, and holds no text that somebody wrote', async () => {
    const told = await at.mulin.ask(at.resident, '{ refusals(first: 5) { nodes { id } } }');
    expect(told.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    const elsewhere = person(['auditor'], { street: '310110016' });
    const page = await at.mulin.answer<{ refusals: { totalCount: number } }>(
      elsewhere,
      '{ refusals(first: 5) { totalCount } }',
    );
    expect(page.refusals.totalCount).toBe(0);
    const sent = await at.do(at.officer, 'draftServiceItem', {
      ...{ id: '张三的电话 13800000000', code: 'x', categoryCode: 'elderly', title: '甲' },
      ...{ standard: '甲', targetGroup: '甲', unit: '年', legalBasis: '甲' },
    });
    expect(sent).toMatchObject({ __typename: 'InvalidInput' });
    const rows = await at.mulin.database.query<{ subject: string | null }>(
      `select subject from refusal_log where operation = 'draftServiceItem'`,
    );
    expect(rows).toEqual([{ subject: null }]);
    await expect(
      at.mulin.service.database.app.query(`update refusal_log set rule_id = 'x'`),
    ).rejects.toThrow('permission denied');
  });
});
