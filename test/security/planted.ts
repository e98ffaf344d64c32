import { newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import { STREET, type World } from '../journeys/world.js';
import {
  type Agreement,
  decided,
  finalised,
  fund,
  lateAnswer,
  LENIENT_RULE,
  ordered,
  organisation,
  rectificationOf,
  signedContract,
} from '../journeys/story.js';

/** Everything of one street and one organisation that somebody else might try to reach. */
export interface Planted {
  contract: string;
  organisation: string;
  instalment: string;
  evaluation: string;
  rectification: string;
  sheet: string;
  acceptance: string;
  appeal: string;
  fund: string;
  appropriation: string;
  decision: string;
  order: string;
  reversal: string;
  breach: string;
  openBreach: string;
  fulfilment: string;
  person: string;
  relation: string;
  account: string;
  serviceItem: string;
  budgetLine: string;
  plan: string;
  tender: string;
  openingKey: string;
  bid: string;
  expert: string;
  committee: string;
  award: string;
  challenge: string;
  proposal: string;
  objection: string;
  contractsDeadLetter: string;
  insightsDeadLetter: string;
  tendersDeadLetter: string;
  organisationsDeadLetter: string;
  rating: string;
  badRecord: string;
  evaluationsDeadLetter: string;
  paymentsDeadLetter: string;
  agreement: Agreement;
}

/** Words and figures that nobody else may ever read. */
export const SECRET_WORDS = [
  '绝密协议',
  '绝密资金',
  '绝密文号',
  '绝密报告',
  '绝密证据',
  '绝密申诉',
  '绝密验收',
  '绝密姓名',
  '绝密项目',
  '绝密计划',
  '绝密招标',
  'secret.login',
  'SECRET9001',
  // The figures of the contract: its amount, its advance, and what was released of it.
  '31415926',
  '27182818',
  '7853981',
];

export async function plant(world: World): Promise<Planted> {
  const { officer, secondOfficer, approver, evaluator, operator } = world.people;
  const provider = await organisation(world, { name: '公开名称社（虚构）' });
  const fundId = await fund(world, 31_415_926n + 27_182_818n);
  const agreement = await signedContract(world, {
    fundId,
    provider,
    title: '绝密协议',
    amount: 31_415_926n,
    advance: 27_182_818n,
    rule: LENIENT_RULE,
  });
  await world.clockTo('2026-04-07T10:00:00+08:00');
  const contractId = agreement.id;
  const breach = await lateAnswer(world, contractId, { evidence: '绝密证据' });
  const openBreach = newId('brc');
  const report = { contractId, obligation: 'hotline-response', evidence: '绝密证据' };
  const occurredAt = '2026-03-02T10:00:00+08:00';
  await world.must(officer, 'recordBreach', { id: openBreach, ...report, occurredAt });
  const fulfilment = newId('ful');
  const fulfilled = { id: fulfilment, ...report, occurredAt, status: 'AT_RISK' };
  await world.must(secondOfficer, 'recordFulfilment', fulfilled);

  const evaluation = await finalised(world, agreement, { score: 5000, breaches: 1 });
  const decision = await decided(world, agreement.instalmentId, 1);
  const order = await ordered(world, decision, officer);
  const reversal = newId('dec');
  await world.must(officer, 'proposeReversal', {
    id: reversal,
    decisionId: decision.id,
    withdrawnBreachIds: [breach],
    document: '延街办〔2026〕12号',
  });
  const acceptance = newId('acc');
  const standards = [{ code: 'hotline-response', met: true, note: '绝密验收' }];
  const record = { id: acceptance, contractId, outcome: 'ACCEPTED', standards };
  await world.must(evaluator, 'draftAcceptance', record);

  const personId = newId('per');
  await world.must(officer, 'registerPerson', { id: personId, name: '绝密姓名' });
  const relation = newId('rel');
  const related = { personId, organisationId: provider.id, kind: 'EMPLOYEE', from: '2025-01-01' };
  await world.must(officer, 'recordRelation', { id: relation, ...related });
  await world.mustStep(approver, 'confirmRelation', relation);
  const account = newId('idn');
  await world.must(operator, 'registerAccount', {
    id: account,
    personId,
    login: 'secret.login',
    password: 'a long enough password',
    roles: ['organisationManager'],
    organisationId: provider.id,
  });
  const more = newId('apr');
  const proposal = { id: more, fundId, amount: '27182818', document: '绝密文号' };
  await world.must(officer, 'appropriate', proposal);

  const bought = await plantPlan(world, fundId, provider.id);

  const evaluations = world.databases.evaluations;
  const [sheet] = await evaluations.query<{ id: string }>('select id from sheet');
  return {
    contract: contractId,
    organisation: provider.id,
    instalment: agreement.instalmentId,
    evaluation,
    rectification: (await rectificationOf(world, evaluation)).id,
    sheet: sheet?.id ?? '',
    acceptance,
    appeal: await plantAppeal(world, { evaluation, organisation: provider.id }),
    fund: fundId,
    appropriation: more,
    decision: decision.id,
    order,
    reversal,
    breach,
    openBreach,
    fulfilment,
    person: personId,
    relation,
    account,
    ...bought,
    contractsDeadLetter: await plantDeadLetter(world, 'contracts', contractId),
    organisationsDeadLetter: await plantDeadLetter(world, 'organisations', contractId),
    ...(await plantRecord(world, provider.id)),
    insightsDeadLetter: await plantDeadLetter(world, 'insights', contractId),
    tendersDeadLetter: await plantDeadLetter(world, 'tenders', contractId),
    evaluationsDeadLetter: await plantDeadLetter(world, 'evaluations', contractId),
    paymentsDeadLetter: await plantDeadLetter(world, 'payments', contractId),
    agreement,
  };
}

/** An appeal that somebody left open: filed by nobody here, because the evaluation is final. */
async function plantAppeal(
  { databases: { evaluations } }: World,
  of: { evaluation: string; organisation: string },
): Promise<string> {
  const id = newId('apl');
  await evaluations.query(
    `insert into appeal (id, street, organisation_id, evaluation_id, notice_no, reason_code, text, state, filed_by, filed_at)
     values ($1, $2, $3, $4, 1, 'score', '绝密申诉', 'open', 'per_1', mulin.now())`,
    [id, STREET, of.organisation, of.evaluation],
  );
  return id;
}

async function plantDeadLetter(
  { databases }: World,
  consumer: 'insights' | 'organisations' | 'contracts' | 'tenders' | 'evaluations' | 'payments',
  key: string,
): Promise<string> {
  const id = newId('dlt');
  await databases[consumer].query(
    `insert into mulin.dead_letter (id, consumer, type, street, topic, partition, record_offset, record_key, headers,
       payload_hash, reason, detail, two_people)
     values ($1, $2, 'mulin.x', $3, 'x', 0, 1, $4, '{}', 'SECRET9001', 'poison', '{"said": "SECRET9001"}', true)`,
    [id, consumer, STREET, key],
  );
  return id;
}

/** An item that is not listed yet, and a plan that nobody agreed to: the street's own business. */
async function plantPlan(world: World, fundId: string, organisationId: string) {
  const { officer } = world.people;
  const [serviceItem, budgetLine, plan] = [newId('itm'), newId('bln'), newId('ppl')];
  await world.must(officer, 'draftServiceItem', {
    id: serviceItem,
    code: `secret-${serviceItem.slice(-8)}`,
    categoryCode: 'elderly',
    title: '绝密项目',
    standard: '绝密项目',
    targetGroup: '老人',
    unit: '人次',
    legalBasis: '无',
  });
  const line = { id: budgetLine, serviceItemId: serviceItem, fiscalYear: 2026, fundId };
  await eventually(
    async () => {
      const known = await world.databases.tenders.query(
        'select from known_fund where id = $1 and street is not null',
        [fundId],
      );
      if (known.length === 0) throw new Error(`${fundId} is not known yet`);
    },
    { withinMs: 20_000 },
  );
  await world.must(officer, 'addBudgetLine', { ...line, planned: '27182818' });
  await world.must(officer, 'draftProcurementPlan', {
    id: plan,
    budgetLineId: budgetLine,
    title: '绝密计划',
    amount: '7853981',
    method: 'BELOW_THRESHOLD',
    needIds: [],
  });
  const [tender, openingKey] = [newId('ten'), newId('key')];
  // A draft that rests on a plan nobody agreed to cannot be made through the API.
  await world.databases.tenders.query(
    `insert into tender (id, street, plan_id, method, title, budget_fen, price_weight, file_until,
       deadline, validity_days, contract_terms, opening_key_ids, state, written_by, round, version, events)
     values ($1, $2, $3, 'belowThreshold', '绝密招标', 7853981, 1000, '2026-05-01', '2026-05-10', 90,
       '{"from":"2026-06-01","to":"2026-06-30","rule":{},"obligations":[],"instalments":[]}',
       array['a', 'b', 'c'], 'draft', array[$4], 1, 1, 0)`,
    [tender, STREET, plan, officer.id],
  );
  await world.databases.tenders.query(
    `insert into opening_key (id, street, person_id, fingerprint, public_key, registered_at, version)
     values ($1, $2, $3, $4, '{}', now(), 1)`,
    [openingKey, STREET, officer.id, `sha256:${'0'.repeat(64)}`],
  );
  const [lot, bid] = [newId('lot'), newId('bid')];
  await world.databases.tenders.query(
    `insert into lot (id, street, tender_id, no, title, budget_fen) values ($1, $2, $3, 1, '绝密招标', 1)`,
    [lot, STREET, tender],
  );
  await world.databases.tenders.query(
    `insert into bid (id, street, tender_id, lot_id, organisation_id, state, content_version,
       confirmed_round, received_at, version) values ($1, $2, $3, $4, $5, 'sealed', 1, 1, now(), 1)`,
    [bid, STREET, tender, lot, organisationId],
  );
  const [expert, committee, award] = [newId('exp'), newId('cmm'), newId('awd')];
  await world.databases.tenders.query(
    `insert into expert (id, street, person_id, name, speciality, state, registered_by, version)
     values ($1, $2, $3, '绝密专家', '无', 'registered', $4, 1)`,
    [expert, STREET, newId('per'), officer.id],
  );
  await world.databases.tenders.query(
    `insert into committee (id, street, tender_id, experts, buyers, state, drawn_by, drawn_at, version)
     values ($1, $2, $3, 3, 0, 'conformity', $4, now(), 1)`,
    [committee, STREET, tender, officer.id],
  );
  const challenge = newId('chl');
  await world.databases.tenders.query(
    `insert into challenge (id, street, tender_id, organisation_id, kind, stage, grounds, state, filed_by, filed_at,
       due_at, frozen, version, events)
     values ($1, $2, $3, $4, 'inquiry', 'file', '[{"ground":"绝密","evidence":"绝密","remedy":"绝密"}]', 'filed',
       $5, now(), now(), false, 1, 1)`,
    [challenge, STREET, tender, organisationId, newId('per')],
  );
  const [proposal, objection] = [newId('ssp'), newId('sso')];
  await world.databases.tenders.query(
    `insert into single_source_proposal (id, street, plan_id, organisation_id, reason_code, statement, opinions,
       state, written_by, version) values ($1, $2, $3, $4, 'onlySupplier', '绝密', '[]', 'draft', $5, 1)`,
    [proposal, STREET, plan, organisationId, officer.id],
  );
  await world.databases.tenders.query(
    `insert into single_source_objection (id, street, proposal_id, filed_by, text, filed_at, answer_due_at, version)
     values ($1, $2, $3, $4, '绝密', now(), now(), 1)`,
    [objection, STREET, proposal, newId('per')],
  );
  await plantAward(world, { award, tender, lot, organisationId });
  return {
    serviceItem,
    budgetLine,
    plan,
    tender,
    openingKey,
    bid,
    expert,
    committee,
    award,
    challenge,
    proposal,
    objection,
  };
}

/** An award that nobody announced, of a bid that nobody ranked: its guard is off for a moment. */
async function plantAward(
  world: World,
  {
    award,
    tender,
    lot,
    organisationId,
  }: Record<'award' | 'tender' | 'lot' | 'organisationId', string>,
): Promise<void> {
  const whose = [award, STREET, tender, lot, organisationId];
  await world.databases.tenders.query('alter table award disable trigger award_guard');
  await world.databases.tenders.query(
    `insert into award (id, street, tender_id, lot_id, bid_id, organisation_id, rank, total, price_fen, state,
       deemed, chosen_by, chosen_at, version)
     select $1, $2, $3, $4, id, $5, 1, 1, 7853981, 'proposed', false, 'x', now(), 1 from bid where lot_id = $4`,
    whose,
  );
  await world.databases.tenders.query('alter table award enable trigger award_guard');
}

/** A grade and a bad record that nobody has confirmed yet. */
async function plantRecord(world: World, organisationId: string) {
  const [rating, badRecord] = [newId('rtg'), newId('bad')];
  await world.databases.organisations.query(
    `insert into rating (id, street, organisation_id, grade, valid_from, valid_to, document, recorded_by, version)
     values ($1, $2, $3, 5, '2025-01-01', '2026-12-31', '绝密', 'x', 1)`,
    [rating, STREET, organisationId],
  );
  await world.databases.organisations.query(
    `insert into bad_record (id, street, organisation_id, kind, valid_from, valid_to, document, recorded_by, version)
     values ($1, $2, $3, 'bribery', '2025-01-01', '2026-12-31', '绝密', 'x', 1)`,
    [badRecord, STREET, organisationId],
  );
  return { rating, badRecord };
}
