import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { Bench, NOW, person, step, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

const AFTER = new Date('2025-11-25T10:00:10+08:00');

describe('qualification first, price after it', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  beforeEach(async () => {
    await at.clockTo(NOW);
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  /** A tender whose qualification envelopes are open, with the bids at these prices. */
  const opened = async (prices: readonly string[]) => {
    const tender = await at.publishedTender();
    const bids: Told[] = [];
    const bidders: Actor[] = [];
    for (const price of prices) {
      const bidder = at.bidder();
      bidders.push(bidder);
      bids.push(await at.must(bidder, 'submitBid', await at.submission(tender, bidder, { price })));
    }
    await at.clockTo(AFTER);
    return { tender: await at.opened(tender), bids, bidders };
  };
  const states = async (tender: { id: string }) => {
    const rows = await at.mulin.database.query<{ state: string; price: string | null }>(
      'select state, price_fen::text as price from bid where tender_id = $1 order by id',
      [tender.id],
    );
    return rows.map(({ state, price }) => [state, price]);
  };

  it('keeps every price shut until two people have found who qualifies', async () => {
    const { tender, bids } = await opened(['80000000', '85000000', '87000000']);
    expect(tender).toMatchObject({ state: 'OPENED' });
    const [officer] = await at.officers();
    expect(await at.handOver(tender, officer ?? fail())).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'opened',
    });
    await expect(
      at.mulin.database
        .query(
          `with record as (insert into opening_record (id, street, tender_id, envelope, opened_at, opened_by, officers,
           outcome, minimum_bidders) values ('opn_x', '310110015', $1, 'price', $2, 'x', array['a', 'b'], 'opened', 3)
           returning id) select id from record`,
          [tender.id, AFTER],
        )
        .then(() =>
          at.mulin.database.query(
            `insert into opened_bid (opening_id, bid_id, street, tender_id, organisation_id, result, failed_pairs, content)
           select 'opn_x', id, street, tender_id, organisation_id, 'opened', '[]', 'x' from bid where id = $1`,
            [bids[0]?.id],
          ),
        ),
    ).rejects.toThrow('stays shut');
    await at.mulin.database.query(`delete from opening_record where id = 'opn_x'`);
    expect(await at.do(at.approver, 'closeQualification', step(tender))).toMatchObject({
      __typename: 'QualificationUnfinished',
      bidIds: expect.arrayContaining(bids.map(({ id }) => id)),
    });
    await at.reviewed(tender);
    const closed = await at.must(at.approver, 'closeQualification', step(tender));
    expect(closed).toMatchObject({ state: 'QUALIFIED' });
    const priced = await at.opened(closed);
    expect(priced).toMatchObject({ state: 'EVALUATING' });
    expect(await states(tender)).toEqual([
      ['priced', '80000000'],
      ['priced', '85000000'],
      ['priced', '87000000'],
    ]);
  });

  it('takes a second person for every finding, and a reason of the law for who is kept out', async () => {
    const { bids } = await opened(['80000000', '85000000', '87000000']);
    const id = bids[0]?.id ?? '';
    const review = (change: object, version = 0) =>
      at.do(at.officer, 'reviewQualification', { ...step({ id, version }), ...change });
    for (const change of [
      { qualified: false },
      { qualified: false, reasonCode: 'i-dislike-them', because: '无' },
      { qualified: false, reasonCode: 'illegal-record' },
      { qualified: true, reasonCode: 'illegal-record', because: '无' },
    ])
      expect(await review(change)).toMatchObject({
        __typename: 'DisqualificationReasonMissing',
        known: expect.arrayContaining(['illegal-record']),
      });
    const both = person(['streetOfficer', 'streetApprover']);
    const found = await at.must(both, 'reviewQualification', {
      ...step({ id, version: 0 }),
      qualified: true,
    });
    expect(
      await at.do(both, 'confirmQualification', step({ id, version: found.version })),
    ).toMatchObject({ __typename: 'SecondPersonNeeded', firstPersonId: both.id });
    await expect(
      at.mulin.database.query(
        'update qualification_review set confirmed_by = reviewed_by where bid_id = $1',
        [id],
      ),
    ).rejects.toThrow('who reviews does not confirm');
    // Found anew before it is confirmed, and final after it.
    const anew = await at.must(at.secondOfficer, 'reviewQualification', {
      ...step({ id, version: found.version }),
      qualified: true,
    });
    await at.must(both, 'confirmQualification', step({ id, version: anew.version }));
    expect(await review({ qualified: true }, anew.version + 1)).toMatchObject({
      __typename: 'StateConflict',
    });
  });

  it('lets nobody open the prices before it is closed, and names what is missing', async () => {
    const { tender } = await opened(['80000000', '85000000', '87000000']);
    const [first = fail()] = await at.officers();
    const early = await at.do(first.actor, 'openBids', step(tender), 'zh-CN');
    expect(early).toMatchObject({ __typename: 'StateConflict' });
    expect(early.message).toContain('每份投标的资格审查结论均经第二人确认');
    expect(early.message).not.toContain('重新读取');
    const stale = { ...step(tender), expectedVersion: tender.version - 1 };
    expect((await at.do(at.approver, 'closeQualification', stale, 'zh-CN')).message).toContain(
      '请重新读取',
    );
  });

  it('fails the tender when fewer qualify than the procedure asks for, and no price is ever opened', async () => {
    const { tender, bids } = await opened(['80000000', '85000000', '87000000']);
    await at.reviewed(tender, [bids[1]?.id ?? '']);
    const failed = await at.must(at.approver, 'closeQualification', step(tender));
    expect(failed).toMatchObject({ state: 'FAILED', failedBecause: 'tooFewQualified' });
    expect((await at.outbox(tender.id)).at(-1)).toMatchObject({
      type: 'mulin.tender.failed.v1',
      payload: expect.objectContaining({
        reasonCode: 'tooFewQualified',
        bids: expect.arrayContaining([
          expect.objectContaining({ bidId: bids[0]?.id, state: 'qualified', reasonCode: null }),
          expect.objectContaining({
            ...{ bidId: bids[1]?.id, state: 'disqualified', reasonCode: expect.any(String) },
          }),
        ]),
      }),
    });
    expect((await states(tender)).every(([, price]) => price === null)).toBe(true);
    const [row] = await at.mulin.database.query<{ state: string }>(
      `select state from procurement_plan where id = (select plan_id from tender where id = $1)`,
      [tender.id],
    );
    expect(row?.state).toBe('approved');
  });

  it('finds a price above the ceiling, or one that is no number, invalid and goes on with the others', async () => {
    const { tender } = await opened([
      '88000000',
      '88000001',
      'a good price',
      '70000000',
      '71000000',
    ]);
    await at.reviewed(tender);
    const closed = await at.must(at.approver, 'closeQualification', step(tender));
    expect(await at.opened(closed)).toMatchObject({ state: 'EVALUATING' });
    expect(await states(tender)).toEqual([
      ['priced', '88000000'],
      ['invalid', null],
      ['invalid', null],
      ['priced', '70000000'],
      ['priced', '71000000'],
    ]);
    const codes = await at.mulin.database.query<{ code: string }>(
      `select code from opened_bid where tender_id = $1 and result = 'invalid' order by bid_id`,
      [tender.id],
    );
    expect(codes.map(({ code }) => code)).toEqual(['aboveCeiling', 'priceUnreadable']);
  });

  it('tells each bidder what was wrong with its own price, and what it was; and nobody else more than before', async () => {
    const prices = ['88000001', 'a good price', '70000000', '71000000', '72000000'];
    const { tender, bids, bidders } = await opened(prices);
    const ask = (actor: Actor | undefined, { id }: Told) =>
      at.mulin.ask(
        actor ?? fail(),
        'query ($id: ID!) { bid(id: $id) { state invalidBecause price { fen } } }',
        { id },
      );
    const look = async (actor: Actor | undefined, place: number) =>
      (await ask(actor, bids[place] ?? fail())).data?.bid;
    const [above, unreadable, valid] = bidders;
    const sealed = { state: 'OPENED', invalidBecause: null, price: null };
    expect(await look(above, 0)).toEqual(sealed);
    await at.reviewed(tender);
    const closed = await at.must(at.approver, 'closeQualification', step(tender));
    await at.opened(closed);
    expect(await look(above, 0)).toEqual({
      ...{ state: 'INVALID', invalidBecause: 'aboveCeiling', price: { fen: '88000001' } },
    });
    expect(await look(unreadable, 1)).toEqual({
      ...{ state: 'INVALID', invalidBecause: 'priceUnreadable', price: null },
    });
    expect(await look(valid, 2)).toEqual({
      ...{ state: 'PRICED', invalidBecause: null, price: { fen: '70000000' } },
    });
    expect(await look(at.officer, 0)).toEqual({
      ...{ state: 'INVALID', invalidBecause: null, price: null },
    });
    expect((await ask(valid, bids[0] ?? fail())).errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });

  it.each([
    ['too few prices are valid', ['88000001', '88000002', '70000000'], 'tooFewValid'],
    ['all prices are above the ceiling', ['88000001', '88000002', '99000000'], 'allAboveCeiling'],
    [
      'one is no price and the others are above the ceiling',
      ['88000001', '9e9', '99000000'],
      'tooFewValid',
    ],
  ])('fails when %s, and says so', async (_name, prices, because) => {
    const { tender } = await opened(prices);
    await at.reviewed(tender);
    const closed = await at.must(at.approver, 'closeQualification', step(tender));
    expect(await at.opened(closed)).toMatchObject({ state: 'FAILED', failedBecause: because });
    expect((await at.outbox(tender.id)).at(-1)).toMatchObject({
      payload: expect.objectContaining({ reasonCode: because }),
    });
    const [ground] = await at.mulin.database.query<{ article: string }>(
      'select article from failing_reason where code = $1',
      [because],
    );
    expect(ground?.article).toMatch(/^政府采购法 第三十六条/);
  });

  it('confirms nothing once the tender has failed: no bid of it becomes qualified', async () => {
    const { tender, bids } = await opened(['80000000', '85000000', '87000000']);
    const id = bids[0]?.id ?? '';
    const review = await at.must(at.officer, 'reviewQualification', {
      ...step({ id, version: 0 }),
      qualified: true,
    });
    await at.must(at.approver, 'declareTenderFailed', {
      ...{ ...step(tender), reasonCode: 'taskCancelled' },
    });
    expect(
      await at.do(at.approver, 'confirmQualification', step({ id, version: review.version })),
    ).toMatchObject({ __typename: 'StateConflict' });
    expect((await states(tender)).map(([state]) => state)).toEqual(['opened', 'opened', 'opened']);
    await expect(
      at.mulin.database.query(`update bid set state = 'qualified' where id = $1`, [id]),
    ).rejects.toThrow('is not being reviewed');
  });

  it('is declared failed for prices above the budget only when the prices are open', async () => {
    const { tender } = await opened(['80000000', '85000000', '87000000']);
    const declare = (now: Told) =>
      at.do(at.approver, 'declareTenderFailed', { ...step(now), reasonCode: 'allAboveBudget' });
    const sealed = {
      __typename: 'PricesStillSealed',
      rule: { article: '政府采购法 第三十六条第三项' },
    };
    expect(await declare(tender)).toMatchObject(sealed);
    await at.reviewed(tender);
    const closed = await at.must(at.approver, 'closeQualification', step(tender));
    expect(await declare(closed)).toMatchObject(sealed);
    const priced = await at.opened(closed);
    expect(await declare(priced)).toMatchObject({ failedBecause: 'allAboveBudget' });
  });

  it('shows the staff what the envelopes held, bidders their own, and tells who is kept out why', async () => {
    const tender = await at.publishedTender();
    const bidder = at.bidder();
    const bid = await at.bid(tender, bidder);
    await at.bid(tender);
    await at.bid(tender);
    await at.clockTo(AFTER);
    await at.opened(tender);
    await at.reviewed(tender, [bid.id]);
    const look = `query ($id: ID!) { tender(id: $id) { openings { bids { bidId content } } } }`;
    const contents = async (actor: typeof bidder) => {
      const { tender: seen } = await at.mulin.answer<{
        tender: { openings: { bids: { bidId: string; content: string | null }[] }[] };
      }>(actor, look, { id: tender.id });
      return seen.openings[0]?.bids.map(({ content }) => content?.includes('无重大违法') ?? false);
    };
    expect(await contents(at.officer)).toEqual([true, true, true]);
    expect(await contents(bidder)).toEqual([true]);
    expect(await contents(at.resident)).toEqual([]);
    const { bid: told } = await at.mulin.answer<{ bid: object }>(
      bidder,
      'query ($id: ID!) { bid(id: $id) { state qualificationReview { qualified reasonCode because } } }',
      { id: bid.id },
    );
    expect(told).toEqual({
      state: 'DISQUALIFIED',
      qualificationReview: {
        qualified: false,
        reasonCode: 'illegal-record',
        because: '两年前受过重大行政处罚。',
      },
    });
  });
});

function fail(): never {
  throw new Error('no officer');
}
