import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { Bench } from './builders.js';
import { expectChecksToHold } from './checks.js';

const RESULT = `query ($id: ID!) { tender(id: $id) {
  awards { organisationId }
  committee { members { name role } draws { seed } }
  openings { envelope outcome bids { bidId organisationId result price { fen } content } } } }`;

interface Seen {
  awards: { organisationId: string }[];
  committee: { members: { name: string | null; role: string }[]; draws: object[] } | null;
  openings: {
    envelope: string;
    outcome: string;
    bids: { bidId: string; organisationId: string; result: string; price: object | null }[];
  }[];
}

describe('what everyone reads of a tender', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const PRICES = ['80000000', '85000000', '87000000'];
  /** Without the contents, which are asked for apart. */
  const seen = async (actor: Actor | null, { id }: { id: string }) => {
    const query = RESULT.replace(' content', '');
    return (await at.mulin.answer<{ tender: Seen }>(actor, query, { id })).tender;
  };

  it('names nobody of the committee and no price before the law does', async () => {
    const { tender, bids } = await at.pricedTender(PRICES);
    const { committee } = await at.seatedCommittee(tender);
    const told = await seen(null, tender);
    expect(told).toMatchObject({ awards: [], committee: null });
    // The minutes of both openings are there, and of the qualification no bid.
    expect(told.openings.map(({ envelope, bids: lines }) => [envelope, lines.length])).toEqual([
      ['qualification', 0],
      ['price', bids.length],
    ]);
    const members = await at.mulin.ask(
      null,
      'query ($id: ID!) { tender(id: $id) { committee { members { name } } } }',
      { id: tender.id },
    );
    expect(JSON.stringify(members)).not.toContain('专家');
    expect(committee.id).toBeTruthy();
  });

  it('are names and prices as they were read out, for each bidder and for everyone, and of the papers nothing', async () => {
    const { tender, bids, bidders } = await at.pricedTender(PRICES);
    const expected = bids
      .map(({ id }, bid) => ({
        ...{ bidId: id, organisationId: bidders[bid]?.organisation, result: 'OPENED' },
        price: { fen: PRICES[bid] },
      }))
      .sort((one, other) => (one.bidId < other.bidId ? -1 : 1));
    for (const actor of [null, bidders[0] ?? null, at.resident, at.officer]) {
      const price = (await seen(actor, tender)).openings.find(
        ({ envelope }) => envelope === 'price',
      );
      expect(price?.bids).toEqual(expected);
    }
    const content = await at.mulin.ask(bidders[0] ?? null, RESULT, { id: tender.id });
    const lines = (
      content.data as {
        tender: { openings: { bids: { bidId: string; content: string | null }[] }[] };
      }
    ).tender.openings.flatMap((each) => each.bids);
    for (const { bidId, content: papers } of lines)
      expect(papers === null).toBe(bidId !== bids[0]?.id);
  });

  it('is no price of a consultation: those are between the buyer and each supplier', async () => {
    const { tender, bidders, bids } = await at.pricedTender(
      PRICES,
      {},
      {
        method: 'COMPETITIVE_CONSULTATION',
      },
    );
    for (const actor of [null, bidders[0] ?? null]) {
      const text = JSON.stringify(await seen(actor, tender));
      expect(text).not.toContain(bids[1]?.id);
      expect(text).not.toContain('85000000');
    }
  });

  it('are the winner and the experts by name with the result, and of who declined nothing', async () => {
    const { tender, winner } = await at.announcedTender(PRICES);
    const told = await seen(null, tender);
    expect(told.awards).toEqual([{ organisationId: winner.organisation }]);
    const experts = told.committee?.members.filter(({ role }) => role === 'EXPERT') ?? [];
    expect(experts.length).toBe(2);
    for (const { name } of experts) expect(name).toContain('专家');
    // The law publishes the list of experts; who stood for the buyer is told as that, without a name.
    expect(told.committee?.members.filter(({ role }) => role !== 'EXPERT')).toEqual([
      { role: 'BUYER', name: null },
    ]);
    expect(told.committee?.draws.length).toBe(1);
  });
});
