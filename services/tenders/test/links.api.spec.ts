import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { countStatements } from '@mulin/testing';
import { AFTER_DEADLINE, Bench, missing, NOW, person, step, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

interface Node {
  id: string;
  tender?: { id: string };
  organisation?: { id: string };
  contract?: { id: string } | null;
}
interface Page {
  totalCount: number;
  nodes: Node[];
  pageInfo: { hasNextPage: boolean; endCursor: string };
}

const TENDER = `query ($id: ID!, $first: Int, $after: String) { tender(id: $id) {
  bids(first: $first, after: $after) { totalCount nodes { id tender { id } organisation { id } }
    pageInfo { hasNextPage endCursor } } } }`;

describe('what belongs together is linked', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const auditor = person(['auditor']);
  const bidsOf = async (actor: Actor, { id }: Told, page: object = {}): Promise<Page> => {
    const told = await at.mulin.answer<{ tender: { bids: Page } }>(actor, TENDER, { id, ...page });
    return told.tender.bids;
  };
  const ids = ({ nodes }: Page) => nodes.map((each) => each.id);

  it('a tender has its bids: before the deadline to each bidder its own, to the office none and no number', async () => {
    await at.clockTo(NOW);
    const tender = await at.publishedTender();
    const bidder = at.bidder();
    const bids = [await at.bid(tender, bidder), await at.bid(tender), await at.bid(tender)];
    const own = await bidsOf(bidder, tender);
    expect(own).toMatchObject({
      totalCount: 1,
      nodes: [
        { id: bids[0]?.id, tender: { id: tender.id }, organisation: { id: bidder.organisation } },
      ],
    });
    for (const actor of [at.officer, at.approver, auditor, at.resident])
      expect(await bidsOf(actor, tender)).toMatchObject({ totalCount: 0, nodes: [] });
    const nobody = await at.mulin.ask<{ tender: { bids: null } }>(null, TENDER, { id: tender.id });
    expect(nobody.data?.tender.bids).toBeNull();
    expect(nobody.errors).toBeUndefined();
    await at.clockTo(AFTER_DEADLINE);
    expect(await bidsOf(auditor, tender)).toMatchObject({ totalCount: 3 });
    expect(await bidsOf(at.resident, tender)).toMatchObject({ totalCount: 0 });
    expect(ids(await bidsOf(bidder, tender))).toEqual(ids(own));
    // Page by page, each of them once.
    const first = await bidsOf(auditor, tender, { first: 2 });
    expect(first).toMatchObject({ totalCount: 3, pageInfo: { hasNextPage: true } });
    const rest = await bidsOf(auditor, tender, { first: 2, after: first.pageInfo.endCursor });
    expect(rest.pageInfo.hasNextPage).toBe(false);
    expect([...ids(first), ...ids(rest)]).toEqual(bids.map(({ id }) => id).toSorted());
    const { errors } = await at.mulin.ask(auditor, TENDER, { id: tender.id, first: 101 });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('an award leads to its tender and its winner, and to its contract whoever may read that', async () => {
    await at.clockTo(NOW);
    const { tender, award, winner } = await at.announcedTender();
    await at.clockTo(new Date('2025-12-02T00:00:01+08:00'));
    const noticed = await at.must(at.approver, 'noticeAward', step(award));
    await at.must(winner, 'acceptAward', step(noticed));
    const read = async (actor: Actor | null) => {
      const told = await at.mulin.answer<{ award: Node & { contractId: string } }>(
        actor,
        `query ($id: ID!) { award(id: $id) { id contractId tender { id } organisation { id }
           contract { id } } }`,
        { id: award.id },
      );
      return told.award;
    };
    const seen = await read(at.officer);
    expect(seen).toMatchObject({
      tender: { id: tender.id },
      organisation: { id: winner.organisation },
      contract: { id: seen.contractId },
    });
    expect((await read(winner)).contract).toEqual(seen.contract);
    for (const actor of [null, at.resident, at.bidder()]) {
      expect(await read(actor)).toMatchObject({ tender: { id: tender.id }, contract: null });
    }
  });

  it('a challenge leads to its tender and its filer, and a tender to what was filed about it', async () => {
    await at.clockTo(NOW);
    const { tender, bidders, winner } = await at.announcedTender();
    const loser = bidders.find((each) => each !== winner) ?? missing('loser');
    const filed = await at.must(loser, 'fileChallenge', {
      ...{ id: newId('chl'), tenderId: tender.id, kind: 'CHALLENGE', stage: 'RESULT' },
      ...{ grounds: [{ ground: '评分有误', evidence: '评审报告', remedy: '重新评审' }] },
    });
    const read = async (actor: Actor) => {
      const told = await at.mulin.answer<{ tender: { challenges: Page } }>(
        actor,
        `query ($id: ID!) { tender(id: $id) { challenges(filter: { states: [FILED] }, orderBy:
           { field: FILED_AT, direction: DESC }) { totalCount nodes { id tender { id } organisation { id } } } } }`,
        { id: tender.id },
      );
      return told.tender.challenges;
    };
    for (const actor of [loser, at.officer])
      expect(await read(actor)).toEqual({
        totalCount: 1,
        nodes: [
          { id: filed.id, tender: { id: tender.id }, organisation: { id: loser.organisation } },
        ],
      });
    for (const actor of [at.bidder(), at.resident])
      expect(await read(actor)).toEqual({ totalCount: 0, nodes: [] });
    const { tender: opened } = await at.mulin.answer<{
      tender: { openings: { bids: (Node & { organisationId: string })[] }[] };
    }>(
      auditor,
      'query ($id: ID!) { tender(id: $id) { openings { bids { organisationId organisation { id } } } } }',
      { id: tender.id },
    );
    const lines = opened.openings.flatMap(({ bids }) => bids);
    expect(lines.length).toBeGreaterThan(0);
    for (const { organisation, organisationId } of lines)
      expect(organisation).toEqual({ id: organisationId });
  });

  it('in as many statements for six tenders as for one, pages, counts and all', async () => {
    await at.clockTo(NOW);
    for (let made = 0; made < 6; made += 1) {
      const tender = await at.publishedTender({ title: `相关 ${made}` });
      for (let bids = 0; bids < 3; bids += 1) await at.bid(tender);
    }
    await at.clockTo(AFTER_DEADLINE);
    const read = async (first: number) =>
      countStatements(at.mulin.service.database.app, () =>
        at.mulin.answer<{ tenders: { nodes: { bids: Page }[] } }>(
          auditor,
          `query ($first: Int!) { tenders(first: $first, filter: { search: "相关" }) { nodes {
             bids(first: 2, orderBy: { field: RECEIVED_AT, direction: DESC }) { totalCount
               nodes { id tender { id } organisation { id } } }
             challenges(first: 2) { totalCount nodes { id tender { id } } }
             awards { id tender { id } contract { id } } } } }`,
          { first },
        ),
      );
    const six = await read(6);
    expect(six.count).toBe((await read(1)).count);
    expect(six.result.tenders.nodes).toHaveLength(6);
    for (const { bids } of six.result.tenders.nodes) {
      expect(bids).toMatchObject({ totalCount: 3 });
      expect(bids.nodes).toHaveLength(2);
    }
  });
});
