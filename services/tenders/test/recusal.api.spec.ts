import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { Bench, missing, step, STREET, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

/** Of five bids the first is so low that its price must be judged. */
const PRICES = ['30000000', '85000000', '87000000', '86000000', '84000000'];
/** The grounds of 政府采购法实施条例 第九条, as the register names them. */
const KINDS = ['head', 'director', 'supervisor', 'employee', 'controllingHolder', 'relativeOfHead'];

describe('who is related to a bidder', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const relate = (personId: string, bidder: Actor | undefined, kind: string) =>
    at.mulin.database.query(
      `insert into relation (id, street, person_id, organisation_id, kind, valid_from, valid_to)
       values ($1, $2, $3, $4, $5, '2015-01-01', null)`,
      [newId('rel'), STREET, personId, bidder?.organisation, kind],
    );
  const unrelate = (personId: string) =>
    at.mulin.database.query('delete from relation where person_id = $1', [personId]);

  it('is not drawn, whatever the relation is, nor sent by the buyer', async () => {
    const { tender, bidders } = await at.pricedTender(['80000000', '85000000', '87000000']);
    await at.emptyPool();
    const people = await at.experts(KINDS.length + 2);
    const draw = (buyers: string[] = []) =>
      at.do(at.officer, 'drawCommittee', {
        ...{ ...step(tender), experts: 3 - buyers.length, buyerRepresentativeIds: buyers },
      });
    for (const [place, kind] of KINDS.entries()) {
      await relate(people[place]?.id ?? '', bidders[place % 3], kind);
      const sent = newId('per');
      await relate(sent, bidders[0], kind);
      expect([kind, await draw([sent])]).toMatchObject([
        kind,
        { __typename: 'MustRecuse', rule: { article: '政府采购法实施条例 第九条' } },
      ]);
    }
    expect(await draw()).toMatchObject({ __typename: 'PoolTooSmall', available: 2 });
  });

  it('gives no finding, no score, no judgement of a price and no signature: not to the service, and not to the database', async () => {
    const { tender, bids, bidders } = await at.pricedTender(PRICES);
    const { committee, members } = await at.seatedCommittee(tender);
    const [leader = missing('leader'), judge = missing('judge'), third = missing('third')] =
      members;
    const [low = missing('bid')] = bids;
    const memberId = async () => {
      const [row] = await at.mulin.database.query<{ id: string }>(
        'select id from committee_member where committee_id = $1 and person_id = $2',
        [committee.id, judge.id],
      );
      return row?.id ?? missing('member');
    };
    /** The same written past the service, as the person who is related. */
    const write = async (table: string, columns: string, values: string) => {
      const client = at.mulin.database;
      return client.query(
        `with who as (select set_config('app.actor', '${judge.id}', true))
         insert into ${table} (member_id, street, committee_id, tender_id, ${columns})
         select '${await memberId()}', '${STREET}', '${committee.id}', '${tender.id}', ${values} from who`,
      );
    };
    /** Related for this act only: refused by its rule and in the tables, and possible when the relation is gone. */
    const withoutJudge = async <T>(act: () => Promise<Told>, forced: () => Promise<T>) => {
      await relate(judge.id, bidders[2], 'employee');
      expect(await act()).toMatchObject({
        __typename: 'MustRecuse',
        rule: { article: '政府采购法实施条例 第九条' },
      });
      await expect(forced()).rejects.toThrow('related to a bidder');
      await unrelate(judge.id);
      expect(await act()).not.toHaveProperty('rule');
    };

    await withoutJudge(
      () =>
        at.do(judge, 'submitConformity', {
          ...{ ...step(committee), bidId: low.id, compliant: true },
        }),
      () => write('conformity_finding', 'bid_id, compliant, found_at', `'${low.id}', true, now()`),
    );
    const checked = await at.checkedBids(committee, members, bids);
    const [asked] = await at.mulin.database.query<{ version: number }>(
      'select version from bid where id = $1',
      [low.id],
    );
    await at.must(bidders[0] ?? missing('bidder'), 'explainPrice', {
      ...step({ id: low.id, version: asked?.version ?? 0 }),
      text: '志愿者承担大部分服务。',
    });
    const accept = (actor: Actor) =>
      at.do(actor, 'judgePrice', {
        ...{ ...step(checked), bidId: low.id, accepted: true, because: '说明合理。' },
      });
    await withoutJudge(
      () => accept(judge),
      () =>
        write(
          'price_judgement',
          'bid_id, accepted, because, judged_at',
          `'${low.id}', true, '说明合理。', now()`,
        ),
    );
    for (const member of [leader, third]) await accept(member);
    const scores = [
      { criterion: 'service-plan', points: 5000 },
      { criterion: 'grade', points: 2000 },
    ];
    await withoutJudge(
      () => at.do(judge, 'submitScores', { ...step(checked), bidId: low.id, scores }),
      () =>
        write(
          'score_sheet',
          'bid_id, scores, submitted_at, version',
          `'${low.id}', '[]', now(), 1`,
        ),
    );
    await at.scoredBids(checked, [judge], bids.slice(1));
    await at.scoredBids(checked, [leader, third], bids);
    const open = await at.must(leader, 'openScores', step(checked));
    const drawnUp = await at.must(leader, 'drawUpReport', step(open));
    const { reportHash } = drawnUp;
    await withoutJudge(
      () => at.do(judge, 'signReport', { ...step(drawnUp), reportHash }),
      () => write('report_signature', 'report_hash, signed_at', `'${String(reportHash)}', now()`),
    );
  });
});
