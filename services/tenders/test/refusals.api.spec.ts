import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { countStatements, queryPlan } from '@mulin/testing';
import { AFTER_DEADLINE, Bench, missing, NOW, person, step } from './builders.js';
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
      `query ($subject: ID) { refusals(first: 50, filter: { subject: $subject },
         orderBy: { field: ID }) { nodes { actor operation ruleId subject } } }`,
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
    const subject = tender.id;
    const early = {
      ...{
        actor: officer.actor.id,
        operation: 'openBids',
        ruleId: 'opening.afterDeadline',
        subject,
      },
    };
    // Until the deadline nobody of the buyer's side learns that somebody bids: of the two only the officer's is told.
    expect(await refusals(tender.id)).toEqual([early]);
    await at.clockTo(AFTER_DEADLINE);
    await at.handOver(tender, officer);
    expect(await open()).toMatchObject({ __typename: 'OfficersMissing' });
    expect(await refusals(tender.id)).toEqual([
      { actor: bidder.id, operation: 'submitBid', ruleId: 'bid.sealed', subject },
      early,
      { actor: officer.actor.id, operation: 'openBids', ruleId: 'opening.twoOfficers', subject },
    ]);
  });

  it('is seen at once where the office tried it, and of whoever may bid only after the deadline', async () => {
    await at.clockTo(NOW);
    const draft = await at.draftedTender();
    const both = { ...at.officer, roles: ['streetOfficer', 'streetApprover'] as const };
    expect(await at.do(both, 'publishTender', step(draft))).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
    expect(await refusals(draft.id)).toMatchObject([{ operation: 'publishTender' }]);
    const tender = await at.must(at.approver, 'publishTender', step(draft));
    const bidder = at.bidder();
    const bid = await at.bid(tender, bidder);
    // Whether its filer has bid decides how this is refused: it waits like the bid itself.
    const challenge = {
      ...{ id: newId('chl'), tenderId: tender.id, kind: 'CHALLENGE', stage: 'PROCESS' },
      ...{ grounds: [{ ground: '甲', evidence: '甲', remedy: '甲' }] },
    };
    expect(await at.do(bidder, 'fileChallenge', challenge)).toHaveProperty('rule');
    expect(await at.do(bidder, 'withdrawBid', { ...step(bid), expectedVersion: 9 })).toMatchObject({
      __typename: 'StateConflict',
    });
    expect(await refusals(tender.id)).toMatchObject([{ operation: 'publishTender' }]);
    expect(await refusals(bid.id)).toEqual([]);
    await at.clockTo(AFTER_DEADLINE);
    expect(await refusals(tender.id)).toMatchObject([
      { operation: 'publishTender' },
      { operation: 'fileChallenge' },
    ]);
    expect(await refusals(bid.id)).toMatchObject([{ operation: 'withdrawBid' }]);
  });

  it('says by the database who was refused, whatever a service claims', async () => {
    const bidder = at.bidder();
    const claims = at.mulin.service.database.as(bidder, (tx) =>
      tx.query(
        `insert into refusal_log (id, street, actor, operation, rule_id, at, by_office)
         values ($1, $2, $3, 'submitBid', 'bid.sealed', mulin.now(), true)`,
        [newId('rfl'), bidder.street, bidder.id],
      ),
    );
    await expect(claims).rejects.toThrow('row-level security');
  });

  it('is read newest first, by who, what and when, by an index however long the log is', async () => {
    const ask = (args: string) =>
      countStatements(at.mulin.service.database.app, () =>
        at.mulin.answer<{ refusals: { nodes: (Entry & { at: string })[] } }>(
          auditor,
          `{ refusals(first: 50${args}) { nodes { actor operation ruleId subject at } } }`,
        ),
      );
    const { result, statements } = await ask('');
    const times = result.refusals.nodes.map((each) => each.at);
    expect(times.length).toBeGreaterThan(2);
    expect(times).toEqual(times.toSorted().toReversed());
    const [newest = ''] = times;
    const since = await ask(`, filter: { at: { from: "${newest}" } }`);
    expect(since.result.refusals.nodes).toHaveLength(1);
    const until = await ask(`, filter: { at: { before: "${newest}" } }`);
    expect(until.result.refusals.nodes).toHaveLength(times.length - 1);
    const mine = await ask(`, filter: { actor: "${at.officer.id}", operation: "publishTender" }`);
    expect(mine.result.refusals.nodes).toMatchObject([{ actor: at.officer.id }]);
    for (const sql of [statements.at(-1), since.statements.at(-1), mine.statements.at(-1)]) {
      const plan = await queryPlan(at.mulin.service.database.app, sql ?? missing('statement'));
      expect(plan).toContain('Index Scan Backward');
      expect(plan).not.toMatch(/Sort|Seq Scan on refusal_log/);
    }
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
