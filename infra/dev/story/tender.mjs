/**
 * How the third centre's custody is given: a public comparison below the threshold (限额以下公开比选), from the catalogue to
 * the award, after which contracts drafts the contract by itself.
 */
import { newId } from '@mulin/ids';
import { generateOfficerKey, sealEnvelope, unlockOfficerKey, unwrapShares } from '@mulin/seal';
import { key, until } from './client.mjs';
import { change, fiscalYear, WHO } from './common.mjs';

/** Three of the street's people open bids together; any two of them can. */
const OPENERS = ['approver2', 'auditor', 'officer'];
const PASSPHRASE = 'demo only: the story throws these keys away';
const POINTS = [
  { criterion: 'service-plan', points: 5200 },
  { criterion: 'team', points: 2600 },
];

/** @returns what `draft` returns: the contract's id, its plan, and its instalments. */
export async function award({ as, facts, plan, funds, clock, day, tell }) {
  const { bids } = plan.tender;
  const published = plan.fromDaysAgo + 75;
  await clock(published);
  tell(`${day(published)}  ${plan.tender.title}: published by a second person`);
  const openers = await officers({ as });
  const tender = await publish({ as, facts, plan, funds, day, openers, published });
  for (const bid of bids) await submit({ as, facts, tender, openers, ...bid });
  await clock(published - 22);
  tell(`${day(published - 22)}  ${bids.length} sealed bids are opened by two of three officers`);
  await openBids({ as, tender, openers });
  await review({ as, tender });
  await openBids({ as, tender, openers });
  await judge({ as, facts, tender });
  await step({ as, tender, who: WHO.officer, mutation: 'chooseWinners' });
  await step({ as, tender, who: WHO.approver, mutation: 'announceResult' });
  await clock(published - 45);
  const contractId = await accept({ as, tender, plan });
  tell(`${day(published - 45)}  ${plan.organisation} accepts; the contract is drafted by itself`);
  return contractOf({ as, plan, id: contractId });
}

async function officers({ as }) {
  const made = [];
  for (const account of OPENERS) {
    const { publicKey, privateKey } = await generateOfficerKey(PASSPHRASE);
    const id = newId('key');
    const file = { id, publicKey: JSON.stringify(publicKey) };
    await as(account).do('registerOpeningKey', 'OpeningKey', file);
    made.push({ account, id, publicKey, key: await unlockOfficerKey(privateKey, PASSPHRASE) });
  }
  return made;
}

/** Catalogue, budget line, plan and file: each written by one person and agreed to by another. */
async function publish({ as, facts, plan, funds, day, openers, published }) {
  const writer = as(WHO.officer);
  const approver = as(WHO.approver);
  const { title, budget } = plan.tender;
  const fund = (instalment) => funds.get(fiscalYear(plan, instalment, day));
  const item = await writer.do(
    'draftServiceItem',
    'ServiceItem',
    { id: newId('itm'), ...plan.tender.item },
    'id version',
  );
  await approver.do('listServiceItem', 'ServiceItem', change(item));
  const budgetLine = {
    id: newId('bln'),
    serviceItemId: item.id,
    fiscalYear: fiscalYear(plan, plan.instalments[0], day),
    planned: budget,
    fundId: fund(plan.instalments[0]),
  };
  // Tenders knows a fund when payments' news of it has come.
  const line = await until('the fund to be known', () =>
    writer.do('addBudgetLine', 'BudgetLine', budgetLine).catch((error) => {
      if (!error.message.includes('FundNotUsable')) throw error;
    }),
  );
  const drafted = await writer.do(
    'draftProcurementPlan',
    'ProcurementPlan',
    {
      id: newId('ppl'),
      budgetLineId: line.id,
      title,
      amount: budget,
      method: 'BELOW_THRESHOLD',
      needIds: [],
    },
    'id version',
  );
  const filed = await writer.do(
    'fileProcurementPlan',
    'ProcurementPlan',
    change(drafted),
    'id version',
  );
  await approver.do('approveProcurementPlan', 'ProcurementPlan', change(filed));
  const lotId = newId('lot');
  const file = await writer.do(
    'draftTender',
    'Tender',
    {
      id: newId('ten'),
      procurementPlanId: drafted.id,
      title,
      fileUntil: day(published - 20),
      deadline: `${day(published - 21)}T10:00:00+08:00`,
      validityDays: 90,
      priceWeight: 1000,
      lots: [{ id: lotId, title, budget }],
      criteria: [
        { code: 'service-plan', title: '服务方案', objective: false, points: 6000 },
        { code: 'team', title: '项目团队', objective: false, points: 3000 },
      ].map((each) => ({ ...each, id: newId('crt'), factorCode: each.code })),
      openingKeyIds: openers.map(({ id }) => id),
      from: day(plan.fromDaysAgo),
      to: day(Math.min(...plan.instalments.map(({ toDaysAgo }) => toDaysAgo ?? Infinity))),
      paymentRule: JSON.stringify({
        version: 1,
        ...facts.rule,
        retention: plan.retention,
        carryExcess: false,
      }),
      obligations: facts.obligations,
      instalments: plan.instalments.map((each, at) => ({
        kind: each.kind,
        share: plan.tender.shares[at],
        fundId: fund(each),
        ...(each.kind === 'EVALUATED'
          ? { periodFrom: day(each.fromDaysAgo), periodTo: day(each.toDaysAgo) }
          : {}),
      })),
    },
    'id version',
  );
  await approver.do('publishTender', 'Tender', change(file));
  return { id: file.id, lotId };
}

/** On the bidder's machine: both envelopes are sealed before anything is sent. */
async function submit({ as, facts, tender, openers, account, organisation, priceFen }) {
  const { id: bidderId } = facts.organisations.find(({ name }) => name === organisation);
  const seal = async (envelope, content) =>
    JSON.stringify(
      await sealEnvelope(
        { tenderId: tender.id, lotId: tender.lotId, bidderId, bidVersion: 1, envelope },
        new TextEncoder().encode(JSON.stringify(content)),
        openers.map(({ publicKey }) => publicKey),
      ),
    );
  const bid = {
    id: newId('bid'),
    tenderId: tender.id,
    lotId: tender.lotId,
    qualification: await seal('qualification', { statement: '三年内无重大违法记录' }),
    price: await seal('price', { priceFen }),
  };
  // The register's news of a verified organisation travels as an event.
  await until('the bidder to be known', () =>
    as(account)
      .do('submitBid', 'Bid', bid)
      .catch((error) => {
        if (/BidderNotAdmitted/.test(error.message)) return null;
        throw error;
      }),
  );
}

async function openBids({ as, tender, openers }) {
  for (const { account, key: own } of openers.slice(0, 2)) {
    const { sealedBids } = await as(account).ask(
      'query ($id: ID!) { sealedBids(tenderId: $id) { envelope } }',
      { id: tender.id },
    );
    const shares = await Promise.all(
      sealedBids.map(({ envelope }) => unwrapShares(JSON.parse(envelope), own)),
    );
    await as(account).do('handOverShares', 'Tender', {
      ...change(await tenderNow({ as, tender })),
      shares: JSON.stringify(shares.flat()),
    });
  }
  await step({ as, tender, who: openers[0].account, mutation: 'openBids' });
}

async function review({ as, tender }) {
  for (const { id } of await bidsOf({ as, tender, state: 'OPENED' })) {
    const found = await as(WHO.officer).do(
      'reviewQualification',
      'QualificationReview',
      { ...change({ id, version: 0 }), qualified: true },
      'version',
    );
    const { version } = found;
    await as(WHO.approver).do(
      'confirmQualification',
      'QualificationReview',
      change({ id, version }),
      'version',
    );
  }
  await step({ as, tender, who: WHO.approver, mutation: 'closeQualification' });
}

/** A committee of two drawn experts and the buyer's representative; scores, report, signatures. */
async function judge({ as, facts, tender }) {
  for (const { id, personId, name } of facts.experts) {
    const expert = await as(WHO.officer).do(
      'registerExpert',
      'Expert',
      { id, personId, name, speciality: '社区服务' },
      'id version state',
    );
    if (expert.state === 'REGISTERED')
      await as(WHO.approver).do('listExpert', 'Expert', change(expert));
  }
  const committee = await as(WHO.officer).do(
    'drawCommittee',
    'TenderCommittee',
    {
      ...change(await tenderNow({ as, tender })),
      experts: 2,
      buyerRepresentativeIds: [facts.buyerRepresentative.personId],
    },
    'id version',
  );
  const seats = [];
  for (const { account } of facts.experts) {
    const { myCommitteeSeats } = await as(account).ask(
      '{ myCommitteeSeats { committeeId place } }',
    );
    const seat = myCommitteeSeats.find(({ committeeId }) => committeeId === committee.id);
    if (seat) seats.push({ account, place: seat.place });
  }
  seats.sort((one, other) => one.place - other.place);
  for (const { account } of seats)
    await as(account).do('answerInvitation', 'TenderCommittee', {
      ...change(committee),
      accept: true,
    });
  const members = [...seats.map(({ account }) => account), facts.buyerRepresentative.account];
  const [leader] = members;
  const bids = await bidsOf({ as, tender, state: 'PRICED' });
  const each = async (mutation, at, content) => {
    for (const member of members)
      for (const { id: bidId } of bids)
        await as(member).do(mutation, 'TenderCommittee', { ...change(at), bidId, ...content });
  };
  const lead = (mutation, at) =>
    as(leader).do(mutation, 'TenderCommittee', change(at), 'id version reportHash');
  await each('submitConformity', committee, { compliant: true });
  const checked = await lead('closeConformity', committee);
  await each('submitScores', checked, { scores: POINTS });
  const report = await lead('drawUpReport', await lead('openScores', checked));
  for (const member of members)
    await as(member).do('signReport', 'TenderCommittee', {
      ...change(report),
      reportHash: report.reportHash,
    });
  await lead('deliverReport', report);
}

async function accept({ as, tender, plan }) {
  const { awards } = await as(WHO.officer).ask(
    'query ($id: ID) { awards(first: 1, filter: { tenderId: $id }) { nodes { id version } } }',
    { id: tender.id },
  );
  const [announced] = awards.nodes;
  const noticed = await as(WHO.approver).do(
    'noticeAward',
    'Award',
    change(announced),
    'id version',
  );
  const { contractId } = await as(plan.provider).do(
    'acceptAward',
    'Award',
    change(noticed),
    'contractId',
  );
  return contractId;
}

/** The contract as contracts wrote it from the award. */
async function contractOf({ as, plan, id }) {
  const contract = await until('the contract of the award', () =>
    as(WHO.officer)
      .ask('query ($id: ID!) { contract(id: $id) { instalments { id no kind amount { fen } } } }', {
        id,
      })
      .then(({ contract: found }) => found)
      .catch((error) => {
        if (/NOT_FOUND/.test(error.message)) return null;
        throw error;
      }),
  );
  return {
    id,
    plan,
    instalments: contract.instalments.map(({ amount, ...instalment }, at) => ({
      ...instalment,
      amount: amount.fen,
      plan: plan.instalments[at],
    })),
  };
}

async function tenderNow({ as, tender }) {
  const { tender: now } = await as(WHO.officer).ask(
    'query ($id: ID!) { tender(id: $id) { id version } }',
    { id: tender.id },
  );
  return now;
}

async function step({ as, tender, who, mutation }) {
  const { id, version: expectedVersion } = await tenderNow({ as, tender });
  await as(who).do(mutation, 'Tender', { id, expectedVersion, idempotencyKey: key() });
}

async function bidsOf({ as, tender, state }) {
  const { bids } = await as(WHO.officer).ask(
    'query ($id: ID) { bids(first: 20, tenderId: $id) { nodes { id state } } }',
    { id: tender.id },
  );
  return bids.nodes.filter((bid) => bid.state === state);
}
