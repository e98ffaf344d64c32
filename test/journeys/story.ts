import { randomInt } from 'node:crypto';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import { creditCodeCheck } from '../../services/organisations/src/organisation/credit-code.js';
import { person, type Told, type World } from './world.js';

/** The bands and terms of payment-rule.md's worked examples. */
export const RULE = {
  bands: [
    { fromScore: 0, payShare: 0, grade: '不合格' },
    { fromScore: 6000, payShare: 7000, grade: '合格' },
    { fromScore: 8000, payShare: 9000, grade: '良好' },
    { fromScore: 9000, payShare: 10_000, grade: '优秀' },
  ],
  failBelow: 6000,
  gates: [],
  breachDeductions: [],
  retention: 0,
  rectificationDays: 20,
  carryExcess: false,
};

/** Cases 15–20: even a failure earns 3000 of 10,000, and a late answer costs a share of 500. */
export const LENIENT_RULE = {
  ...RULE,
  bands: [{ fromScore: 0, payShare: 3000, grade: '不合格' }, ...RULE.bands.slice(1)],
  breachDeductions: [{ obligation: 'hotline-response', per: { share: 500 } }],
};

export const AMOUNT = 30_000_000n;

let organisations = 0;

/** A registered and verified organisation, and its manager. */
export async function organisation(
  world: World,
  { name = `公益社（虚构）${(organisations += 1)}` }: { name?: string } = {},
): Promise<{ id: string; manager: Actor }> {
  const { officer, approver } = world.people;
  const id = newId('org');
  const first17 = `52310110MJ5${String(randomInt(1_000_000)).padStart(6, '0')}`;
  const creditCode = `${first17}${creditCodeCheck(first17)}`;
  const type = 'SERVICE_ORGANISATION';
  await world.must(officer, 'registerOrganisation', { id, type, name, creditCode });
  await world.mustStep(approver, 'verifyOrganisation', id);
  return { id, manager: person('organisationManager', { organisation: id }) };
}

/** A fund of 2026 with that much money in it. */
export async function fund(world: World, fen: bigint): Promise<string> {
  const id = newId('fun');
  const { officer } = world.people;
  await world.must(officer, 'openFund', { id, fiscalYear: 2026, title: '睦邻中心公益服务' });
  if (fen > 0n) await appropriate(world, { fundId: id, fen });
  return id;
}

export async function appropriate(
  world: World,
  { fundId, fen }: { fundId: string; fen: bigint },
): Promise<void> {
  const { officer, approver } = world.people;
  const id = newId('apr');
  const facts = { id, fundId, amount: String(fen), document: '延街财〔2026〕1 号（虚构）' };
  await world.must(officer, 'appropriate', facts);
  await world.mustStep(approver, 'approveAppropriation', id);
}

export interface Agreement {
  id: string;
  organisationId: string;
  manager: Actor;
  fundId: string;
  /** The first, and only, evaluated instalment. */
  instalmentId: string;
}

export interface Terms {
  fundId: string;
  provider: { id: string; manager: Actor };
  title?: string;
  amount?: bigint;
  rule?: object;
  /** An advance of this much besides. */
  advance?: bigint;
}

/** Writes the terms: one instalment for the first quarter of 2026, and an advance where one is wanted. */
export async function draft(world: World, terms: Terms): Promise<Agreement> {
  const {
    fundId,
    provider,
    amount = AMOUNT,
    advance = 0n,
    title = '亲子活动室试点（虚构）',
  } = terms;
  const id = newId('con');
  const instalmentId = newId('ins');
  const period = { periodFrom: '2026-01-05', periodTo: '2026-03-31' };
  const before = advance
    ? [{ id: newId('ins'), no: 1, kind: 'ADVANCE', amount: String(advance), fundId }]
    : [];
  const evaluated = {
    id: instalmentId,
    kind: 'EVALUATED',
    amount: String(amount),
    fundId,
    ...period,
  };
  const input = {
    id,
    organisationId: provider.id,
    title,
    amount: String(amount + advance),
    from: '2026-01-05',
    to: '2026-03-31',
    rule: terms.rule ?? RULE,
    obligations: [{ code: 'hotline-response', title: '96890 及时响应' }],
    instalments: [...before, { ...evaluated, no: before.length + 1 }],
  };
  // The register's news of a verified organisation travels as an event.
  await eventually(async () => {
    const drafted = await world.do(world.people.officer, 'draftContract', input);
    if (drafted.__typename !== 'Contract') throw new Error(JSON.stringify(drafted));
  });
  return { id, organisationId: provider.id, manager: provider.manager, fundId, instalmentId };
}

interface ContractNow {
  state: string;
  version: number;
  textHash: string;
  fundsRefusal: { code: string; requested: Fen; remaining: Fen | null } | null;
}
interface Fen {
  fen: string;
}

export async function contractNow(world: World, id: string): Promise<ContractNow> {
  const { contract } = await world.answer<{ contract: ContractNow }>(
    world.people.auditor,
    `query ($id: ID!) { contract(id: $id) { state version textHash
      fundsRefusal { code requested { fen } remaining { fen } } } }`,
    { id },
  );
  return contract;
}

/** Waits until the contract is in that state: facts travel from service to service as events. */
export function contractBecomes(world: World, id: string, state: string): Promise<ContractNow> {
  return eventually(
    async () => {
      const now = await contractNow(world, id);
      if (now.state !== state) throw new Error(`the contract is ${now.state}, not ${state}`);
      return now;
    },
    { withinMs: 20_000, everyMs: 50 },
  );
}

export async function requestFunds(world: World, id: string): Promise<void> {
  await world.mustStep(world.people.officer, 'requestFunds', id);
}

/** Both sides sign what is in front of them. */
export async function sign(world: World, { id, manager }: Agreement): Promise<void> {
  const { textHash } = await contractNow(world, id);
  await world.mustStep(world.people.approver, 'signContract', id, { side: 'BUYER', textHash });
  await world.mustStep(manager, 'signContract', id, { side: 'PROVIDER', textHash });
}

/** From nothing to a signed contract whose terms every service knows. */
export async function signedContract(world: World, terms: Terms): Promise<Agreement> {
  const agreement = await draft(world, terms);
  await requestFunds(world, agreement.id);
  await contractBecomes(world, agreement.id, 'FUNDED');
  await sign(world, agreement);
  return agreement;
}

/** A breach of 96890's answering time, recorded by one officer and confirmed by another. */
export async function lateAnswer(
  world: World,
  contractId: string,
  { evidence = '工单 2026-0117（虚构）' }: { evidence?: string } = {},
): Promise<string> {
  const { officer, secondOfficer } = world.people;
  // The clock of contracts begins the term by itself.
  await contractBecomes(world, contractId, 'ACTIVE');
  const id = newId('brc');
  const facts = { contractId, obligation: 'hotline-response', evidence };
  const occurredAt = '2026-02-10T10:00:00+08:00';
  await world.must(officer, 'recordBreach', { id, ...facts, occurredAt });
  await world.mustStep(secondOfficer, 'confirmBreach', id);
  return id;
}

/** Plans an evaluation of one indicator and one expert's sheet; again for a second attempt. */
export async function planned(
  world: World,
  { instalmentId, after }: { instalmentId: string; after?: string },
): Promise<string> {
  const id = newId('eva');
  const input = {
    id,
    instalmentId,
    ...(after ? { previousEvaluationId: after } : {}),
    indicators: [{ code: 'quality', title: '专业服务质量', weight: 10_000, source: 'EXPERT' }],
    sources: [{ source: 'EXPERT' }],
  };
  await eventually(
    async () => {
      // The signed contract travels as an event; until it is here the instalment is NOT_FOUND.
      const plan = await world.must(world.people.evaluator, 'planEvaluation', input);
      return plan.__typename === 'Evaluation';
    },
    { withinMs: 20_000, everyMs: 50 },
  );
  return id;
}

export async function submitSheet(
  world: World,
  {
    evaluationId,
    score,
    reason = '总体情况',
  }: { evaluationId: string; score: number; reason?: string },
): Promise<void> {
  await world.must(world.people.expert, 'submitSheet', {
    id: newId('sht'),
    evaluationId,
    source: 'EXPERT',
    reason,
    scores: [{ indicator: 'quality', num: score, den: 10_000, reason }],
  });
}

/** Scored, with the breaches that are expected in its snapshot, and told to the organisation. */
export async function notified(
  world: World,
  facts: {
    instalmentId: string;
    score: number;
    after?: string;
    breaches?: number;
    reason?: string;
  },
): Promise<string> {
  const { evaluator } = world.people;
  const id = await planned(world, facts);
  await submitSheet(world, { evaluationId: id, ...facts });
  await world.mustStep(evaluator, 'scoreEvaluation', id);
  await eventually(async () => {
    const { evaluation } = await world.answer<{ evaluation: { breaches: unknown[] } }>(
      evaluator,
      'query ($id: ID!) { evaluation(id: $id) { breaches { id } } }',
      { id },
    );
    return evaluation.breaches.length === (facts.breaches ?? 0);
  });
  await world.mustStep(evaluator, 'notifyEvaluation', id);
  return id;
}

/** The whole way of an evaluation; the organisation accepts the result at once. */
export async function finalised(
  world: World,
  agreement: Agreement,
  facts: { score: number; after?: string; breaches?: number },
): Promise<string> {
  const id = await notified(world, { instalmentId: agreement.instalmentId, ...facts });
  await world.mustStep(agreement.manager, 'acceptResult', id);
  await world.mustStep(world.people.approver, 'finaliseEvaluation', id);
  return id;
}

/** What a decision divides the instalment into, in fen. */
export interface Figures {
  released: bigint;
  reduced: bigint;
  rectification: bigint;
  retained: bigint;
}

export interface DecisionRead extends Figures {
  id: string;
  kind: string;
  outcome: string;
  newlyReleased: bigint;
}

const DECISIONS = `query ($id: ID!) { instalment(id: $id) { decisions { id kind outcome
  released { fen } reduced { fen } rectification { fen } retained { fen } newlyReleased { fen } } } }`;

/** All decisions about the instalment, the first one first. */
export async function decisions(world: World, instalmentId: string): Promise<DecisionRead[]> {
  const { instalment } = await world.answer<{
    instalment: { decisions: Record<string, Fen & string>[] };
  }>(world.people.auditor, DECISIONS, { id: instalmentId });
  return instalment.decisions.map((decision) => {
    const fen = (name: string) => BigInt(decision[name]?.fen ?? '-1');
    return {
      id: decision.id ?? '',
      kind: decision.kind ?? '',
      outcome: decision.outcome ?? '',
      released: fen('released'),
      reduced: fen('reduced'),
      rectification: fen('rectification'),
      retained: fen('retained'),
      newlyReleased: fen('newlyReleased'),
    };
  });
}

/** Waits for the decision of that number, and answers it. */
export function decided(world: World, instalmentId: string, no: number): Promise<DecisionRead> {
  return eventually(
    async () => {
      const all = await decisions(world, instalmentId);
      const decision = all[no - 1];
      if (!decision) throw new Error(`there are ${all.length} decisions, not ${no}`);
      return decision;
    },
    { withinMs: 20_000, everyMs: 50 },
  );
}

export interface Balance {
  committed: string;
  retained: string;
  rectification: string;
  payable: string;
  paid: string;
  reduced: string;
}

/** Where the contract's money is now, in fen. */
export async function balance(world: World, contractId: string): Promise<Balance> {
  const { contract } = await world.answer<{ contract: { balance: Record<keyof Balance, Fen> } }>(
    world.people.auditor,
    `query ($id: ID!) { contract(id: $id) { balance { committed { fen } retained { fen }
      rectification { fen } payable { fen } paid { fen } reduced { fen } } } }`,
    { id: contractId },
  );
  const { committed, retained, rectification, payable, paid, reduced } = contract.balance;
  return {
    committed: committed.fen,
    retained: retained.fen,
    rectification: rectification.fen,
    payable: payable.fen,
    paid: paid.fen,
    reduced: reduced.fen,
  };
}

/** What the fund can still promise, in fen. */
export async function available(world: World, fundId: string): Promise<bigint> {
  const { fund: found } = await world.answer<{ fund: { balance: { available: Fen } } }>(
    world.people.auditor,
    'query ($id: ID!) { fund(id: $id) { balance { available { fen } } } }',
    { id: fundId },
  );
  return BigInt(found.balance.available.fen);
}

/** Invoice, as many approvals as it needs, bank: what a decision newly released is paid out. */
export async function pay(world: World, decision: DecisionRead): Promise<Told> {
  const { officer, approver, secondApprover, cashier } = world.people;
  const id = await ordered(world, decision, officer);
  const once = await world.mustStep(approver, 'approveOrder', id);
  if (once.state !== 'APPROVED') await world.mustStep(secondApprover, 'approveOrder', id);
  return world.mustStep(cashier, 'confirmSettlement', id);
}

export async function ordered(world: World, decision: DecisionRead, by: Actor): Promise<string> {
  const id = newId('pay');
  await world.must(by, 'draftOrder', {
    id,
    decisionId: decision.id,
    invoiceNumber: `XJ${Date.now()}`,
    invoiceDate: '2026-04-07',
    invoiceAmount: String(decision.newlyReleased),
  });
  return id;
}

/** The rectification that a failed evaluation has opened. */
export async function rectificationOf(world: World, evaluationId: string) {
  const { evaluation } = await world.answer<{
    evaluation: {
      rectification: { id: string; state: string; dueOn: string; version: number } | null;
    };
  }>(
    world.people.auditor,
    'query ($id: ID!) { evaluation(id: $id) { rectification { id state dueOn version } } }',
    { id: evaluationId },
  );
  const { rectification } = evaluation;
  if (!rectification) throw new Error('there is no rectification');
  return rectification;
}

/** Drafted by one person, residents heard, signed by another. */
export async function signAcceptance(
  world: World,
  contractId: string,
  outcome: 'ACCEPTED' | 'FAILED',
): Promise<string> {
  const { officer, approver } = world.people;
  const id = newId('acc');
  const standards = [{ code: 'hotline-response', met: outcome === 'ACCEPTED', note: '现场核查' }];
  await world.must(officer, 'draftAcceptance', { id, contractId, outcome, standards });
  const heard = { heardOn: '2026-04-07', heard: 120, satisfied: 100 };
  await world.mustStep(officer, 'hearResidents', id, heard);
  await world.mustStep(approver, 'signAcceptance', id);
  return id;
}
