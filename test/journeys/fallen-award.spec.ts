import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import {
  available,
  balance,
  contractBecomes,
  contractNow,
  decided,
  decisions,
  fund,
  organisation,
  requestFunds,
  sign,
} from './story.js';
import { type Bidder, Tendering } from './tendering.js';
import { type Told, WHILE_IT_BOOTS, World } from './world.js';

const GROUNDS = [{ ground: '评分有误', evidence: '评审报告第 3 页', remedy: '重新确定中标人' }];

/** Both sides have signed when the finance department decides that the award was wrong (政府采购法 第七十三条). */
describe('an award falls after both sides signed, and before anything was done', () => {
  let world: World;
  let at: Tendering;
  let bidders: Bidder[];
  let fundId: string;
  let tender: Told;
  let challenge: Told;
  let award: Told;
  let first: string;
  let orderId: string;

  beforeAll(async () => {
    world = await World.open({ at: '2025-11-10T10:00:00+08:00' });
    at = await Tendering.in(world);
    bidders = [];
    for (let made = 0; made < 3; made += 1) bidders.push(await organisation(world));
    fundId = await fund(world, 90_000_000n);
    await at.known(3);
  }, WHILE_IT_BOOTS);

  afterAll(async () => {
    expect(await world.brokenSentences()).toEqual([]);
    await world.close();
  });

  const loser = () => {
    const found = bidders.find(({ id }) => id !== award.organisationId);
    if (!found) throw new Error('everybody won');
    return found;
  };
  const instalmentOf = async (contractId: string) => {
    const { contract } = await world.answer<{ contract: { instalments: { id: string }[] } }>(
      world.people.auditor,
      'query ($id: ID!) { contract(id: $id) { instalments { id } } }',
      { id: contractId },
    );
    return contract.instalments[0]?.id ?? '';
  };

  it('a losing bidder asks, is told in time that nothing was wrong, and the winner is told', async () => {
    const plan = await at.plan({ fundId, amount: '90000000', method: 'BELOW_THRESHOLD' });
    tender = await at.publish({
      ...{ planId: plan.id, fundId, budget: '90000000' },
      ...{ fileUntil: '2025-11-20', deadline: '2025-11-25T10:00:00+08:00' },
    });
    for (const [place, price] of ['80000000', '82000000', '84000000'].entries())
      await at.bid(tender, bidders[place] ?? { id: '', manager: world.people.officer }, price);
    await world.clockTo('2025-11-25T10:00:10+08:00');
    tender = await at.open(await at.review(await at.open(tender)));
    const { committee, members } = await at.committee(tender, await at.experts(4), 2);
    await at.judge(tender, committee, members);
    tender = await at.announce(tender);
    const { awards } = await world.answer<{ awards: { nodes: { organisationId: string }[] } }>(
      world.people.officer,
      'query ($id: ID) { awards(first: 5, filter: { tenderId: $id, state: ANNOUNCED }) { nodes { organisationId } } }',
      { id: tender.id },
    );
    award = { ...tender, organisationId: awards.nodes[0]?.organisationId };
    const { approver, secondApprover, officer } = world.people;
    const filed = await world.must(loser().manager, 'fileChallenge', {
      ...{ id: newId('chl'), tenderId: tender.id, kind: 'CHALLENGE', stage: 'RESULT' },
      grounds: GROUNDS,
    });
    const accepted = await world.must(officer, 'acceptChallenge', at.step(filed));
    const proposed = await world.must(approver, 'answerChallenge', {
      ...{ ...at.step(accepted), outcome: 'DISMISSED', effect: 'NONE', answer: '评分无误。' },
    });
    challenge =
      proposed.state === 'ANSWERED'
        ? proposed
        : await world.must(secondApprover, 'confirmChallengeAnswer', at.step(proposed));
    await world.clockTo('2025-12-08T00:00:01+08:00');
    award = await at.award(tender, bidders);
    first = String(award.contractId);
  });

  it('both sides sign, and the advance is decided', async () => {
    const winner = bidders.find(({ id }) => id === award.organisationId);
    await eventually(async () => contractNow(world, first), { withinMs: 20_000 });
    await requestFunds(world, first);
    await contractBecomes(world, first, 'FUNDED');
    if (!winner) throw new Error('no winner');
    const { id: organisationId, manager } = winner;
    await sign(world, { id: first, organisationId, manager, fundId, instalmentId: '' });
    const advance = await decided(world, await instalmentOf(first), 1);
    expect(advance).toMatchObject({ kind: 'advance', outcome: 'released' });
  });

  it('the finance department upholds the complaint: the award falls, the contract and its orders are held', async () => {
    const { officer, approver, secondApprover } = world.people;
    const complaint = await world.must(loser().manager, 'fileChallenge', {
      ...{ id: newId('chl'), tenderId: tender.id, kind: 'COMPLAINT', stage: 'RESULT' },
      ...{ previousId: challenge.id, grounds: GROUNDS.map((each) => ({ ...each, goesOnFrom: 1 })) },
    });
    const accepted = await world.must(officer, 'acceptChallenge', at.step(complaint));
    const proposed = await world.must(approver, 'answerChallenge', {
      ...{
        ...at.step(accepted),
        outcome: 'UPHELD',
        effect: 'NEXT_CANDIDATE',
        awardIds: [award.id],
      },
      answer: '投诉成立，撤销合同，按候选顺序另行确定。',
      ...{ decisionNo: '杨财采〔2025〕9 号（虚构）', decisionDate: '2025-12-08' },
    });
    await world.must(secondApprover, 'confirmChallengeAnswer', at.step(proposed));
    await eventually(
      async () => {
        const { contract } = await world.answer<{ contract: object }>(
          world.people.auditor,
          'query ($id: ID!) { contract(id: $id) { state suspensionReason } }',
          { id: first },
        );
        expect(contract).toEqual({ state: 'SIGNED', suspensionReason: 'awardInvalid' });
      },
      { withinMs: 20_000 },
    );
    await eventually(
      async () => {
        const held = await world.databases.payments.query(
          'select from held_contract where contract_id = $1',
          [first],
        );
        expect(held).toHaveLength(1);
      },
      { withinMs: 20_000 },
    );
    const [advance] = await decisions(world, await instalmentOf(first));
    if (!advance) throw new Error('no advance');
    orderId = newId('pay');
    await world.must(officer, 'draftOrder', {
      ...{ id: orderId, decisionId: advance.id, invoiceNumber: 'XJ-2025-1208' },
      ...{ invoiceDate: '2025-12-08', invoiceAmount: String(advance.newlyReleased) },
    });
    expect(await world.step(approver, 'approveOrder', orderId)).toMatchObject({
      __typename: 'ContractHeld',
    });
  });

  it('no money is asked for the next candidate while the first contract has not ended', async () => {
    const { officer, approver } = world.people;
    const { tender: seen } = await world.answer<{ tender: Told }>(
      officer,
      'query ($id: ID!) { tender(id: $id) { id version state } }',
      { id: tender.id },
    );
    tender = await at.announce(seen);
    await world.clockTo('2025-12-22T00:00:01+08:00');
    award = await at.award(tender, bidders);
    const second = String(award.contractId);
    await eventually(async () => contractNow(world, second), { withinMs: 20_000 });
    expect(await world.step(officer, 'requestFunds', second)).toMatchObject({
      __typename: 'LotHasContract',
      otherId: first,
    });
    expect(
      await world.step(officer, 'proposeTermination', first, {
        ...{ reasonCode: 'awardInvalid', lastDay: '2026-06-30' },
      }),
    ).toMatchObject({ __typename: 'DayOutsideTerm' });
    await world.mustStep(officer, 'proposeTermination', first, {
      ...{ reasonCode: 'awardInvalid', lastDay: '2026-01-04' },
    });
    await world.mustStep(approver, 'terminateContract', first);
  });

  it('its advance goes back to the fund, its order is withdrawn, and nothing of it is paid any more', async () => {
    const back = await decided(world, await instalmentOf(first), 2);
    expect(back).toMatchObject({ kind: 'termination', outcome: 'reduced', released: 0n });
    expect(await balance(world, first)).toMatchObject({ committed: '0', payable: '0', paid: '0' });
    expect(await available(world, fundId)).toBe(90_000_000n);
    const { paymentOrder } = await world.answer<{ paymentOrder: object }>(
      world.people.auditor,
      'query ($id: ID!) { paymentOrder(id: $id) { state } }',
      { id: orderId },
    );
    expect(paymentOrder).toEqual({ state: 'WITHDRAWN' });
    const [advance] = await decisions(world, await instalmentOf(first));
    if (!advance) throw new Error('no advance');
    expect(
      await world.do(world.people.officer, 'draftOrder', {
        ...{ id: newId('pay'), decisionId: advance.id, invoiceNumber: 'XJ-2025-1209' },
        ...{ invoiceDate: '2025-12-22', invoiceAmount: String(advance.newlyReleased) },
      }),
    ).toMatchObject({ __typename: 'NothingToPay' });
  });

  it('the same money is reserved for the next candidate, who signs', async () => {
    const second = String(award.contractId);
    const winner = bidders.find(({ id }) => id === award.organisationId);
    if (!winner) throw new Error('no winner');
    await requestFunds(world, second);
    await contractBecomes(world, second, 'FUNDED');
    const { id: organisationId, manager } = winner;
    await sign(world, { id: second, organisationId, manager, fundId, instalmentId: '' });
    const advance = await decided(world, await instalmentOf(second), 1);
    expect(advance).toMatchObject({ kind: 'advance', outcome: 'released' });
  });
});
