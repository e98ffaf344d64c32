/**
 * The Yanji story, chapter by chapter: a fund, two contracts, their evaluations, the money. Told through
 * the GraphQL API and the clock alone; what it finds out is returned as the last lines of `npm start`.
 */
import { newId } from '@mulin/ids';
import { key, until } from './client.mjs';

const WHO = {
  officer: 'officer',
  secondOfficer: 'officer2',
  approver: 'approver',
  evaluator: 'evaluator',
  cashier: 'cashier',
};

/** @param tell prints one line while it goes on; `clock(daysAgo)` moves development time */
export async function tellYanji({ as, facts, clock, today, tell }) {
  const day = (daysAgo) => addDays(today, -daysAgo);
  const first = Math.max(...facts.contracts.map((contract) => contract.fromDaysAgo));
  await clock(first + 20);
  tell(`${day(first + 20)}  the story begins: organisations, a fund`);
  await register({ as, facts });
  const funds = await openFunds({ as, facts, day });

  const contracts = [];
  for (const plan of facts.contracts) contracts.push(await draft({ as, facts, plan, funds, day }));
  for (const contract of contracts) await reserveAndSign({ as, contract, tell });
  await clock(first);
  for (const contract of contracts) await activate({ as, contract });
  tell(`${day(first)}  both contracts run; the advances are payable`);

  for (const { contract, instalment } of inOrderOfTime(contracts)) {
    await report({ as, clock, contract, instalment, day });
    await clock(instalment.plan.toDaysAgo - 2);
    await evaluate({ as, facts, contract, instalment, tell, day });
  }
  for (const contract of contracts) await settle({ as, contract, day });
  await clock(0);
  return lastLines({ as, contracts });
}

async function register({ as, facts }) {
  for (const { id, name, type, creditCode } of facts.organisations) {
    const registered = await as(WHO.officer).do(
      'registerOrganisation',
      'Organisation',
      { id, type, name, creditCode },
      'id version state',
    );
    if (registered.state === 'VERIFIED') continue;
    await as(WHO.approver).do('verifyOrganisation', 'Organisation', change(registered));
  }
}

/** One fund per fiscal year that an instalment falls into, with the money of that year in it. */
async function openFunds({ as, facts, day }) {
  const needed = new Map();
  for (const contract of facts.contracts) {
    for (const instalment of contract.instalments) {
      const year = fiscalYear(contract, instalment, day);
      needed.set(year, (needed.get(year) ?? 0n) + BigInt(instalment.amount));
    }
  }
  const funds = new Map();
  for (const [year, amount] of needed) {
    const id = newId('fun');
    await as(WHO.officer).do('openFund', 'Fund', {
      id,
      fiscalYear: year,
      title: `睦邻中心公益服务 ${year}`,
    });
    const appropriation = await as(WHO.officer).do(
      'appropriate',
      'Appropriation',
      {
        id: newId('apr'),
        fundId: id,
        amount: String(amount),
        document: `延街财〔${year}〕1 号（虚构）`,
      },
      'id version',
    );
    await as(WHO.approver).do('approveAppropriation', 'Appropriation', change(appropriation));
    funds.set(year, id);
  }
  return funds;
}

async function draft({ as, facts, plan, funds, day }) {
  const organisation = facts.organisations.find(({ name }) => name === plan.organisation);
  const instalments = plan.instalments.map((instalment, index) => ({
    id: newId('ins'),
    no: index + 1,
    kind: instalment.kind,
    amount: instalment.amount,
    fundId: funds.get(fiscalYear(plan, instalment, day)),
    ...(instalment.kind === 'EVALUATED'
      ? { periodFrom: day(instalment.fromDaysAgo), periodTo: day(instalment.toDaysAgo) }
      : {}),
  }));
  const id = newId('con');
  const input = {
    id,
    organisationId: organisation.id,
    title: plan.title,
    amount: String(plan.instalments.reduce((sum, { amount }) => sum + BigInt(amount), 0n)),
    from: day(plan.fromDaysAgo),
    to: day(Math.min(...plan.instalments.map(({ toDaysAgo }) => toDaysAgo ?? Infinity))),
    rule: { ...facts.rule, retention: plan.retention },
    obligations: facts.obligations,
    instalments,
  };
  // The register's news of a verified organisation travels as an event.
  await until('the contract’s draft', () =>
    as(WHO.officer)
      .do('draftContract', 'Contract', input)
      .catch((error) => {
        if (/OrganisationNotVerified/.test(error.message)) return null;
        throw error;
      }),
  );
  return {
    id,
    plan,
    instalments: instalments.map((each, index) => ({ ...each, plan: plan.instalments[index] })),
  };
}

async function reserveAndSign({ as, contract, tell }) {
  const { id, plan } = contract;
  const drafted = await contractNow({ as, id });
  await as(WHO.officer).do('requestFunds', 'Contract', change(drafted));
  const funded = await until('the money to be reserved', async () => {
    const now = await contractNow({ as, id });
    return now.state === 'FUNDED' && now;
  });
  tell(`${plan.title}: the money is reserved, both sides sign`);
  const sign = async (account, side) => {
    const { version } = await contractNow({ as, id });
    await as(account).do('signContract', 'Contract', {
      ...change({ id, version }),
      side,
      textHash: funded.textHash,
    });
  };
  await sign(WHO.approver, 'BUYER');
  await sign(plan.provider, 'PROVIDER');
}

/** By itself on its first day, or by hand if the officer is quicker than the clock. */
async function activate({ as, contract }) {
  await until('the contract to become active', async () => {
    const now = await contractNow({ as, id: contract.id });
    if (now.state === 'ACTIVE') return true;
    await as(WHO.officer)
      .do('activateContract', 'Contract', change(now))
      .catch(() => null);
    return false;
  });
}

/** What happened in the period: the volunteers are there, and the hotline came late so many times. */
async function report({ as, clock, contract, instalment, day }) {
  await clock(instalment.plan.toDaysAgo);
  const occurredAt = `${day(instalment.plan.toDaysAgo + 1)}T10:00:00+08:00`;
  const facts = { contractId: contract.id, occurredAt, evidence: '档案 2026-01（虚构）' };
  if (!contract.hasTeam) {
    const fulfilment = await as(WHO.officer).do(
      'recordFulfilment',
      'Fulfilment',
      { ...facts, id: newId('ful'), obligation: 'volunteer-team', status: 'FULFILLED' },
      'id version',
    );
    await as(WHO.secondOfficer).do('confirmFulfilment', 'Fulfilment', change(fulfilment));
    contract.hasTeam = true;
  }
  for (let count = 0; count < instalment.plan.breaches; count += 1) {
    const breach = await as(WHO.officer).do(
      'recordBreach',
      'Breach',
      { ...facts, id: newId('brc'), obligation: 'hotline-response' },
      'id version',
    );
    await as(WHO.secondOfficer).do('confirmBreach', 'Breach', change(breach));
  }
}

async function evaluate({ as, facts, contract, instalment, tell, day }) {
  const { plan } = instalment;
  const id = newId('eva');
  const sources = facts.indicators.map(({ source }) => ({ source }));
  const input = { id, instalmentId: instalment.id, indicators: facts.indicators, sources };
  await until('the evaluation to be planned', () =>
    as(WHO.evaluator)
      .do('planEvaluation', 'Evaluation', input)
      .catch((error) => {
        // The signed contract travels as an event, too.
        if (/NOT_FOUND/.test(error.message)) return null;
        throw error;
      }),
  );
  const sheets = [
    { account: WHO.officer, source: 'RESIDENTS', sampleSize: 120 },
    { account: WHO.evaluator, source: 'THIRD_PARTY' },
  ];
  for (const [index, { account, ...sheet }] of sheets.entries()) {
    await as(account).do('submitSheet', 'Sheet', {
      id: newId('sht'),
      evaluationId: id,
      ...sheet,
      reason: '虚构的评分',
      scores: [
        {
          indicator: facts.indicators[index].code,
          num: plan.scores[index],
          den: 100,
          reason: '虚构',
        },
      ],
    });
  }
  const step = async (account, mutation) => {
    const now = await evaluationNow({ as, id });
    await as(account).do(mutation, 'Evaluation', change(now));
  };
  await step(WHO.evaluator, 'scoreEvaluation');
  await until('the breaches to arrive', async () => {
    const now = await evaluationNow({ as, id });
    return (
      (now.breaches ?? []).length >= plan.breaches &&
      (now.gates ?? []).every((gate) => gate.fulfilled)
    );
  });
  await step(WHO.evaluator, 'notifyEvaluation');
  await step(contract.plan.provider, 'acceptResult');
  await step(WHO.approver, 'finaliseEvaluation');
  const decision = await until('the decision', async () =>
    (await decisionsOf({ as, instalment })).at(-1),
  );
  const { evaluation } = decision.instalment;
  tell(
    `${day(plan.toDaysAgo - 2)}  ${contract.plan.title}, instalment ${instalment.no}: ` +
      `${(evaluation.score / 100).toFixed(2)} ${evaluation.grade}; ${sums(decision)}`,
  );
}

/** What was released is ordered by one, approved by another, and paid by the cashier. */
async function settle({ as, contract, day }) {
  for (const instalment of contract.instalments) {
    const decision = (await decisionsOf({ as, instalment })).at(-1);
    if (BigInt(decision.released.fen) === 0n) continue;
    const order = await as(WHO.officer).do(
      'draftOrder',
      'PaymentOrder',
      {
        id: newId('pay'),
        decisionId: decision.id,
        invoiceNumber: `XJ${String(instalment.no).padStart(8, '0')}`,
        invoiceDate: day(4),
        invoiceAmount: decision.released.fen,
      },
      'id version state',
    );
    // Above the limit in force a second approver is needed.
    let approved = order;
    for (const approver of [WHO.approver, 'approver2']) {
      if (approved.state === 'APPROVED') break;
      approved = await as(approver).do(
        'approveOrder',
        'PaymentOrder',
        change(approved),
        'id version state',
      );
    }
    await as(WHO.cashier).do('confirmSettlement', 'PaymentOrder', change(approved));
  }
}

/** How it ended, for the reader of the terminal. */
async function lastLines({ as, contracts }) {
  const lines = ['How it ended (fen as yuan):'];
  for (const contract of contracts) {
    for (const instalment of contract.instalments) {
      const decision = (await decisionsOf({ as, instalment })).at(-1);
      const score =
        decision.score === null
          ? 'paid on signing'
          : `${(decision.score / 100).toFixed(2)} ${decision.grade}`;
      lines.push(`${contract.plan.title} no. ${instalment.no}: ${score}; ${sums(decision)}`);
    }
  }
  return lines;
}

async function contractNow({ as, id }) {
  const { contract } = await as(WHO.officer).ask(
    'query ($id: ID!) { contract(id: $id) { id state version textHash } }',
    { id },
  );
  return contract;
}

async function evaluationNow({ as, id }) {
  const { evaluation } = await as(WHO.officer).ask(
    'query ($id: ID!) { evaluation(id: $id) { id state version breaches { id } gates { code fulfilled } } }',
    { id },
  );
  return evaluation;
}

/** One question over four services: the instalment, its decisions, and the evaluation behind them. */
async function decisionsOf({ as, instalment }) {
  const { instalment: found } = await as('auditor').ask(
    `query ($id: ID!) { instalment(id: $id) { decisions {
      id kind outcome score grade
      released { fen } reduced { fen } rectification { fen } retained { fen }
      instalment { evaluation { score grade } }
    } } }`,
    { id: instalment.id },
  );
  return found.decisions ?? [];
}

const change = ({ id, version }) => ({ id, expectedVersion: version, idempotencyKey: key() });

function inOrderOfTime(contracts) {
  return contracts
    .flatMap((contract) => contract.instalments.map((instalment) => ({ contract, instalment })))
    .filter(({ instalment }) => instalment.kind === 'EVALUATED')
    .sort((a, b) => b.instalment.plan.toDaysAgo - a.instalment.plan.toDaysAgo);
}

const fiscalYear = (contract, instalment, day) =>
  Number(day(instalment.toDaysAgo ?? contract.fromDaysAgo).slice(0, 4));

const sums = ({ released, reduced, retained, rectification }) =>
  `released ${yuan(released)}, reduced ${yuan(reduced)}, retained ${yuan(retained)}, under rectification ${yuan(rectification)}`;

const yuan = ({ fen }) => `${fen.slice(0, -2) || '0'}.${fen.padStart(2, '0').slice(-2)}`;

function addDays(day, days) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
