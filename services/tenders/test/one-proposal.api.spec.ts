import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { Bench, NOW, step, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

/** A notice of Monday 10 November runs for five working days, to the end of the 17th. */
const AFTER_NOTICE = new Date('2025-11-18T00:00:05+08:00');
const TIMES = { fileUntil: '2025-11-25', deadline: '2025-11-26T10:00:00+08:00' };

describe('the one proposal of a plan to buy from one supplier', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const plan = () => at.approvedPlan({ method: 'SINGLE_SOURCE' });
  const supplier = async () => {
    const bidder = at.bidder();
    await at.known(bidder.organisation);
    return bidder;
  };
  const TERMS = {
    ...{ reasonCode: 'onlySupplier', statement: '导盲犬训练只有一家机构能够承担。' },
    opinions: [{ name: '王某（虚构）', position: '副教授', opinion: '全市仅该机构持有资质。' }],
  };
  const propose = (on: Told, bidder: Actor) =>
    at.do(at.officer, 'proposeSingleSource', {
      ...{ id: newId('ssp'), planId: on.id, organisationId: bidder.organisation, ...TERMS },
    });
  const noticed = async (on: Told, bidder: Actor) =>
    at.must(at.approver, 'noticeSingleSource', step(await propose(on, bidder)));
  const file = () => at.tenderFile({ priceWeight: 10_000, criteria: [], ...TIMES });
  const draft = async (on: Told) =>
    at.do(at.officer, 'draftTender', {
      ...{ id: newId('ten'), procurementPlanId: on.id, ...(await file()) },
    });
  const publish = (tender: Told) => at.do(at.approver, 'publishTender', step(tender));

  it('lives alone: another supplier is not proposed before it is withdrawn', async () => {
    await at.clockTo(NOW);
    const on = await plan();
    const [one, other] = [await supplier(), await supplier()];
    const first = await propose(on, one);
    expect(await propose(on, other)).toMatchObject({
      ...{ __typename: 'SingleSourceNotAllowed', problem: 'ALREADY_PROPOSED' },
      ...{ proposalId: first.id, rule: { article: '政府采购法 第三十一条' } },
    });
    // Not by the code alone.
    await expect(
      at.mulin.database.query(
        `insert into single_source_proposal (id, street, plan_id, organisation_id, reason_code, statement, opinions,
           state, written_by, version) select $1, street, plan_id, $2, reason_code, statement, opinions, 'draft',
           written_by, 1 from single_source_proposal where id = $3`,
        [newId('ssp'), other.organisation, first.id],
      ),
    ).rejects.toThrow('a plan has one living proposal');
    expect(await at.do(at.officer, 'withdrawSingleSource', step(first))).toMatchObject({
      ...{ __typename: 'SingleSourceProposal', state: 'WITHDRAWN' },
    });
    const second = await noticed(on, other);
    expect(second).toMatchObject({ state: 'PUBLISHED' });
    expect(await at.do(at.officer, 'withdrawSingleSource', step(second))).toMatchObject({
      __typename: 'StateConflict',
    });
    const { singleSourceProposals: seen } = await at.mulin.answer<{
      singleSourceProposals: { nodes: Told[] };
    }>(at.resident, 'query ($id: ID!) { singleSourceProposals(planId: $id) { nodes { id } } }', {
      id: on.id,
    });
    expect(seen.nodes.map(({ id }) => id)).toEqual([second.id]);
  });

  it('is put right while it is a draft, with what its ground asks for, and never afterwards', async () => {
    await at.clockTo(NOW);
    const proposal = await propose(await plan(), await supplier());
    const revise = (of: Told, change: object = {}) =>
      at.do(at.officer, 'reviseSingleSource', { ...step(of), ...TERMS, ...change });
    expect(await revise(proposal, { opinions: [] })).toMatchObject({ problem: 'OPINION_MISSING' });
    const right = await revise(proposal, { statement: '更正后的理由。' });
    expect(right).toMatchObject({ statement: '更正后的理由。', version: 2 });
    expect(await revise(proposal)).toMatchObject({ __typename: 'StateConflict' });
    const told = await at.must(at.approver, 'noticeSingleSource', step(right));
    expect(await revise(told)).toMatchObject({ __typename: 'StateConflict' });
  });

  it('names the supplier of the draft, and the tender goes out to that supplier or to none', async () => {
    await at.clockTo(NOW);
    const on = await plan();
    expect(await draft(on)).toMatchObject({
      ...{ __typename: 'SingleSourceNotSettled', open: 'NOT_PROPOSED' },
    });
    const [one, other] = [await supplier(), await supplier()];
    const first = await propose(on, one);
    const tender = await draft(on);
    expect(tender).toMatchObject({
      ...{ __typename: 'Tender', invitedOrganisationId: one.organisation },
    });
    await at.must(at.officer, 'withdrawSingleSource', step(first));
    await noticed(on, other);
    await at.clockTo(AFTER_NOTICE);
    expect(await publish(tender)).toMatchObject({
      ...{ __typename: 'SingleSourceNotSettled', open: 'OTHER_SUPPLIER' },
    });
    const swapped = `update tender set state = 'published', published_by = 'x', published_at = now(),
      procedure_version = 1, invited_organisation_id = $2 where id = $1`;
    await expect(at.mulin.database.query(swapped, [tender.id, other.organisation])).rejects.toThrow(
      'was drafted for',
    );
    await expect(at.mulin.database.query(swapped, [tender.id, one.organisation])).rejects.toThrow(
      'is not over',
    );
    const revised = await at.must(at.officer, 'reviseTender', {
      ...step(tender),
      ...(await file()),
    });
    expect(revised).toMatchObject({ invitedOrganisationId: other.organisation });
    expect(await publish(revised)).toMatchObject({
      ...{ state: 'PUBLISHED', invitedOrganisationId: other.organisation },
    });
  });
});
