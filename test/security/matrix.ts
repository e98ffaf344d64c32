import { randomUUID } from 'node:crypto';
import type { Role } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { RULE } from '../journeys/story.js';
import type { Planted } from './planted.js';

/**
 * Who gets what of the planted contract and everything around it. Columns, in this order:
 * nobody signed in · a resident without an organisation · the manager of another organisation in the same
 * street · somebody with every role there is, in another street · somebody of this street with the wrong role.
 *
 * An outcome is an error's code, or: `empty` a page without a row · `null` nothing · `told` an answer that
 * is public or their own · the name of a refusal.
 */
export type Outcomes = readonly [string, string, string, string, string];

export interface Row {
  /** The arguments; ids of what was planted may be in them. */
  args: (planted: Planted) => Record<string, unknown>;
  outcomes: Outcomes;
  /** Whose role is the wrong one here. */
  wrong: Role;
}

const NOBODY = 'UNAUTHENTICATED';
const NO_ROLE = 'FORBIDDEN';
const NOT_SEEN = 'NOT_FOUND';

/** A row by its id, which whoever is signed in may ask for; rows decide. */
const seenByRows = (args: Row['args']): Row => ({
  args,
  outcomes: [NOBODY, NOT_SEEN, NOT_SEEN, NOT_SEEN, NOT_SEEN],
  wrong: 'neighbourhoodCadre',
});
const pageByRows = (args: Row['args'] = page): Row => ({
  args,
  outcomes: [NOBODY, 'empty', 'empty', 'empty', 'empty'],
  wrong: 'neighbourhoodCadre',
});
/** For the street's own people. */
const staffOnly = (args: Row['args'], wrong: Role = 'neighbourhoodCadre'): Row => ({
  args,
  outcomes: [NOBODY, NO_ROLE, NO_ROLE, NOT_SEEN, NO_ROLE],
  wrong,
});
const pageForStaff = (wrong: Role = 'neighbourhoodCadre', args: Row['args'] = page): Row => ({
  args,
  outcomes: [NOBODY, NO_ROLE, NO_ROLE, 'empty', NO_ROLE],
  wrong,
});
/** For the street's people and the organisation whose matter it is. */
const staffAndOwner = (args: Row['args'], wrong: Role = 'neighbourhoodCadre'): Row => ({
  args,
  outcomes: [NOBODY, NO_ROLE, NOT_SEEN, NOT_SEEN, NO_ROLE],
  wrong,
});
const pageForStaffAndOwner = (): Row => ({
  args: page,
  outcomes: [NOBODY, NO_ROLE, 'empty', 'empty', NO_ROLE],
  wrong: 'neighbourhoodCadre',
});
/** A step of the street: who has the role elsewhere finds nothing here. */
const streetStep = (input: Row['args'], wrong: Role = 'cashier'): Row =>
  staffOnly((planted) => ({ input: input(planted) }), wrong);
/** A step of the organisation itself. */
const ownerStep = (input: Row['args'], wrong: Role = 'cashier'): Row =>
  staffAndOwner((planted) => ({ input: input(planted) }), wrong);
/** Makes something new, in one's own street, which touches nothing of anyone else. */
const inOwnStreet = (input: Row['args'], wrong: Role = 'cashier'): Row => ({
  args: (planted) => ({ input: input(planted) }),
  outcomes: [NOBODY, NO_ROLE, NO_ROLE, 'told', NO_ROLE],
  wrong,
});

const page = () => ({ first: 5 });
const byId =
  (what: Exclude<keyof Planted, 'agreement'>) =>
  (planted: Planted): { id: string } => ({ id: planted[what] });
const change =
  (what: Exclude<keyof Planted, 'agreement'>, more: object = {}) =>
  (planted: Planted) => ({
    id: planted[what],
    expectedVersion: 1,
    idempotencyKey: randomUUID(),
    ...more,
  });

const fen = '100';
const terms = (planted: Planted) => ({
  title: '别人的协议',
  amount: fen,
  from: '2026-04-01',
  to: '2026-06-30',
  rule: RULE,
  obligations: [],
  instalments: [{ id: newId('ins'), no: 1, kind: 'ADVANCE', amount: fen, fundId: planted.fund }],
});
const report = (planted: Planted) => ({
  contractId: planted.contract,
  obligation: 'hotline-response',
  occurredAt: '2026-03-03T10:00:00+08:00',
  evidence: '无',
});
const because = { because: '试试' };
const itemTerms = {
  categoryCode: 'elderly',
  title: '别处的项目',
  standard: '无',
  targetGroup: '无',
  unit: '人次',
  legalBasis: '无',
};
const fileTerms = (planted: Planted) => ({
  title: '别处的招标',
  fileUntil: '2026-05-01',
  deadline: '2026-05-10T10:00:00+08:00',
  priceWeight: 1000,
  lots: [{ id: newId('lot'), title: '无', budget: fen }],
  criteria: [],
  openingKeyIds: [newId('key'), newId('key'), newId('key')],
  from: '2026-06-01',
  to: '2026-06-30',
  paymentRule: JSON.stringify({ version: 1, ...RULE }),
  obligations: [],
  instalments: [{ kind: 'ADVANCE', share: 10_000, fundId: planted.fund }],
});
const planTerms = { title: '别处的计划', amount: fen, method: 'BELOW_THRESHOLD', needIds: [] };

const publicList: Row = {
  args: () => ({}),
  outcomes: ['told', 'told', 'told', 'told', 'told'],
  wrong: 'neighbourhoodCadre',
};
/** What is public in its street once it is published, and here is not. */
const hiddenDraft = (args: Row['args']): Row => ({
  args,
  outcomes: [NOT_SEEN, NOT_SEEN, NOT_SEEN, NOT_SEEN, NOT_SEEN],
  wrong: 'neighbourhoodCadre',
});
const publicPage = (): Row => ({
  args: page,
  outcomes: ['empty', 'empty', 'empty', 'empty', 'empty'],
  wrong: 'neighbourhoodCadre',
});

export const QUERIES: Readonly<Record<string, Row>> = {
  contract: seenByRows(byId('contract')),
  contracts: pageByRows(),
  instalment: seenByRows(byId('instalment')),
  // The law's own list; whoever is signed in may read it.
  terminationReasons: {
    args: () => ({}),
    outcomes: [NOBODY, 'told', 'told', 'told', 'told'],
    wrong: 'neighbourhoodCadre',
  },
  contractsDeadLetters: pageForStaff('streetOfficer'),
  contractsDeadLetter: staffOnly(byId('contractsDeadLetter'), 'streetOfficer'),
  organisationsDeadLetters: pageForStaff('streetOfficer'),
  organisationsDeadLetter: staffOnly(byId('organisationsDeadLetter'), 'streetOfficer'),
  insightsDeadLetters: pageForStaff('streetOfficer'),
  insightsDeadLetter: staffOnly(byId('insightsDeadLetter'), 'streetOfficer'),
  redFlags: pageForStaff('streetOfficer'),
  redFlagIndicators: {
    args: () => ({}),
    outcomes: [NOBODY, NO_ROLE, NO_ROLE, 'told', NO_ROLE],
    wrong: 'streetOfficer',
  },
  ocdsImports: pageForStaff('cashier'),
  importedReleases: pageForStaff('cashier'),
  // Open data is for everyone, of what was published; this tender is a draft.
  ocdsReleasePackage: hiddenDraft((planted) => ({ tenderId: planted.tender })),
  ocdsRecordPackage: hiddenDraft((planted) => ({ tenderId: planted.tender })),
  tendersDeadLetters: pageForStaff('streetOfficer'),
  tendersDeadLetter: staffOnly(byId('tendersDeadLetter'), 'streetOfficer'),
  evaluationsDeadLetters: pageForStaff('streetOfficer'),
  evaluationsDeadLetter: staffOnly(byId('evaluationsDeadLetter'), 'streetOfficer'),
  evaluation: seenByRows(byId('evaluation')),
  evaluations: pageByRows(),
  evaluationsDue: pageForStaff(),
  accounts: pageForStaff('streetOfficer'),
  // Who am I: one's own claims, and null for nobody.
  viewer: {
    args: () => ({}),
    outcomes: ['null', 'told', 'told', 'told', 'told'],
    wrong: 'neighbourhoodCadre',
  },
  // Here everything is asked for, and the posts name people: those are refused. What the register
  // publishes within its street has a test of its own.
  // Verified organisations are public, for whoever is signed in within their street; their people and relations are null here.
  organisation: {
    args: byId('organisation'),
    outcomes: ['told', 'told', 'told', NOT_SEEN, 'told'],
    wrong: 'neighbourhoodCadre',
  },
  organisations: {
    args: page,
    outcomes: ['told', 'told', 'told', 'empty', 'told'],
    wrong: 'neighbourhoodCadre',
  },
  // Categories and the negative list are law and policy.
  serviceCategories: publicList,
  negativeList: publicList,
  badRecordKinds: publicList,
  // An item is public within its street when it is listed; this one is a draft.
  serviceItem: hiddenDraft(byId('serviceItem')),
  serviceItems: publicPage(),
  procurementPlan: hiddenDraft(byId('plan')),
  procurementPlans: publicPage(),
  singleSourceReasons: publicList,
  singleSourceProposal: hiddenDraft(byId('proposal')),
  singleSourceProposals: publicPage(),
  scoringFactors: publicList,
  procedures: publicList,
  procurementThresholds: publicList,
  failingReasons: publicList,
  disqualificationReasons: publicList,
  refusals: pageForStaff(),
  tender: hiddenDraft(byId('tender')),
  tenders: publicPage(),
  bid: seenByRows(byId('bid')),
  bids: pageByRows(),
  award: hiddenDraft(byId('award')),
  awards: publicPage(),
  // Without signing in: decisions on complaints; this one is open.
  challenge: hiddenDraft(byId('challenge')),
  challenges: publicPage(),
  experts: pageForStaff(),
  myCommitteeSeats: {
    args: () => ({}),
    outcomes: [NOBODY, NO_ROLE, NO_ROLE, 'told', NO_ROLE],
    wrong: 'cashier',
  },
  // Nobody who tries has handed anything in here, so the list is empty for them.
  bidReceipts: {
    args: (planted) => ({ tenderId: planted.tender }),
    outcomes: [NOBODY, 'told', 'told', 'told', 'told'],
    wrong: 'neighbourhoodCadre',
  },
  sealedBids: staffOnly((planted) => ({ tenderId: planted.tender })),
  // One's own keys, of which nobody who tries has any.
  myOpeningKeys: {
    args: () => ({}),
    outcomes: [NOBODY, NO_ROLE, NO_ROLE, 'told', NO_ROLE],
    wrong: 'neighbourhoodCadre',
  },
  // A budget line is as public as its item.
  budgetLine: hiddenDraft(byId('budgetLine')),
  budgetLines: publicPage(),
  persons: pageForStaff('evaluator'),
  relations: pageForStaff('evaluator', (planted) => ({ organisationId: planted.organisation })),
  fund: staffOnly(byId('fund')),
  funds: pageForStaff(),
  ledgerAccounts: pageForStaffAndOwner(),
  transfers: pageForStaffAndOwner(),
  decision: staffAndOwner(byId('decision')),
  decisions: pageForStaffAndOwner(),
  replayDecision: staffAndOwner(byId('decision')),
  // Anyone may try a rule on figures of his own.
  simulatePayment: {
    args: () => ({
      input: {
        rule: { ...RULE, gates: [], breachDeductions: [] },
        amount: fen,
        score: 9500,
        unfulfilledGates: [],
        breaches: [],
      },
    }),
    outcomes: ['told', 'told', 'told', 'told', 'told'],
    wrong: 'neighbourhoodCadre',
  },
  paymentOrder: staffAndOwner(byId('order')),
  paymentOrders: pageForStaffAndOwner(),
  paymentsDeadLetters: pageForStaff('streetOfficer'),
  paymentsDeadLetter: staffOnly(byId('paymentsDeadLetter'), 'streetOfficer'),
};

export const MUTATIONS: Readonly<Record<string, Row>> = {
  draftContract: {
    // An organisation of another street is as unknown there as one that does not exist.
    ...streetStep((planted) => ({
      id: newId('con'),
      organisationId: planted.organisation,
      ...terms(planted),
    })),
    outcomes: [NOBODY, NO_ROLE, NO_ROLE, 'OrganisationNotVerified', NO_ROLE],
  },
  reviseContract: streetStep((planted) => ({ ...change('contract')(planted), ...terms(planted) })),
  requestFunds: streetStep(change('contract')),
  cancelContract: streetStep(change('contract')),
  signContract: ownerStep(change('contract', { side: 'PROVIDER', textHash: 'x' })),
  activateContract: streetStep(change('contract')),
  completeContract: streetStep(change('contract')),
  proposeTermination: streetStep(
    change('contract', { reasonCode: 'agreement', lastDay: '2026-03-30' }),
  ),
  withdrawTermination: streetStep(change('contract')),
  terminateContract: streetStep(change('contract')),
  recordFulfilment: ownerStep((planted) => ({
    id: newId('ful'),
    ...report(planted),
    status: 'FULFILLED',
  })),
  confirmFulfilment: streetStep(change('fulfilment')),
  withdrawFulfilment: ownerStep(change('fulfilment')),
  recordBreach: streetStep((planted) => ({ id: newId('brc'), ...report(planted) })),
  confirmBreach: streetStep(change('openBreach')),
  withdrawBreach: streetStep(change('breach')),
  replayContractsDeadLetter: streetStep(change('contractsDeadLetter', because), 'auditor'),
  discardContractsDeadLetter: streetStep(change('contractsDeadLetter', because), 'auditor'),
  replayOrganisationsDeadLetter: streetStep(change('organisationsDeadLetter', because), 'auditor'),
  discardOrganisationsDeadLetter: streetStep(change('organisationsDeadLetter', because), 'auditor'),
  recordRating: streetStep((planted) => ({
    id: newId('rtg'),
    organisationId: planted.organisation,
    grade: 1,
    from: '2026-01-01',
    to: '2026-12-31',
    document: '无',
  })),
  confirmRating: streetStep(change('rating'), 'streetOfficer'),
  recordBadRecord: streetStep((planted) => ({
    id: newId('bad'),
    organisationId: planted.organisation,
    kind: 'bribery',
    from: '2026-01-01',
    to: '2027-12-31',
    document: '无',
  })),
  confirmBadRecord: streetStep(change('badRecord'), 'streetOfficer'),
  revokeBadRecord: streetStep(change('badRecord'), 'streetOfficer'),
  importOcds: inOwnStreet(() => ({
    id: newId('imp'),
    json: JSON.stringify({
      uri: 'https://example.invalid/package.json',
      version: '1.1',
      publishedDate: '2019-03-02T00:00:00+08:00',
      publisher: { name: '别处' },
      releases: [
        {
          ocid: `ocds-abc123-${newId('imp')}`,
          id: '1',
          date: '2019-03-01T00:00:00+08:00',
          tag: ['planning'],
          initiationType: 'tender',
        },
      ],
    }),
  })),
  replayInsightsDeadLetter: streetStep(change('insightsDeadLetter', because), 'auditor'),
  discardInsightsDeadLetter: streetStep(change('insightsDeadLetter', because), 'auditor'),
  replayTendersDeadLetter: streetStep(change('tendersDeadLetter', because), 'auditor'),
  discardTendersDeadLetter: streetStep(change('tendersDeadLetter', because), 'auditor'),
  replayEvaluationsDeadLetter: streetStep(change('evaluationsDeadLetter', because), 'auditor'),
  discardEvaluationsDeadLetter: streetStep(change('evaluationsDeadLetter', because), 'auditor'),
  planEvaluation: streetStep((planted) => ({
    id: newId('eva'),
    instalmentId: planted.instalment,
    previousEvaluationId: planted.evaluation,
    indicators: [{ code: 'quality', title: '质量', weight: 10_000, source: 'EXPERT' }],
    sources: [{ source: 'EXPERT' }],
  })),
  scoreEvaluation: streetStep(change('evaluation')),
  notifyEvaluation: streetStep(change('evaluation')),
  acceptResult: ownerStep(change('evaluation')),
  finaliseEvaluation: streetStep(change('evaluation'), 'streetOfficer'),
  submitSheet: ownerStep((planted) => ({
    id: newId('sht'),
    evaluationId: planted.evaluation,
    source: 'EXPERT',
    reason: '无',
    scores: [{ indicator: 'quality', num: 1, den: 1, reason: '无' }],
  })),
  appealEvaluation: ownerStep((planted) => ({
    id: newId('apl'),
    evaluationId: planted.evaluation,
    reasonCode: 'SCORE',
    text: '无',
  })),
  decideAppeal: streetStep(
    change('appeal', { upheld: true, answer: '无', reopenSheetIds: [] }),
    'streetOfficer',
  ),
  submitRectification: ownerStep(change('rectification', { report: '无' }), 'streetOfficer'),
  draftAcceptance: streetStep((planted) => ({
    id: newId('acc'),
    contractId: planted.contract,
    outcome: 'ACCEPTED',
    standards: [{ code: 'x', met: true, note: '无' }],
  })),
  hearResidents: streetStep(
    change('acceptance', { heardOn: '2026-04-01', heard: 2, satisfied: 1 }),
  ),
  signAcceptance: streetStep(change('acceptance'), 'streetOfficer'),
  registerAccount: inOwnStreet(
    () => ({
      id: newId('idn'),
      personId: newId('per'),
      login: `stranger.${randomUUID().slice(0, 8)}`,
      password: 'a long enough password',
      roles: ['auditor'],
    }),
    'streetOfficer',
  ),
  setAccountRoles: streetStep(change('account', { roles: ['auditor'] }), 'streetOfficer'),
  disableAccount: streetStep(change('account'), 'streetOfficer'),
  draftServiceItem: inOwnStreet(() => ({
    id: newId('itm'),
    code: `other-${randomUUID().slice(0, 8)}`,
    ...itemTerms,
  })),
  reviseServiceItem: streetStep(change('serviceItem', itemTerms)),
  listServiceItem: streetStep(change('serviceItem'), 'streetOfficer'),
  suspendServiceItem: streetStep(change('serviceItem'), 'streetOfficer'),
  retireServiceItem: streetStep(change('serviceItem'), 'streetOfficer'),
  recordItemPrice: streetStep((planted) => ({
    id: newId('prc'),
    serviceItemId: planted.serviceItem,
    validFrom: '2026-01-01',
    unitPrice: fen,
    source: 'MARKET_SURVEY',
  })),
  addBudgetLine: streetStep((planted) => ({
    id: newId('bln'),
    serviceItemId: planted.serviceItem,
    fiscalYear: 2027,
    planned: fen,
  })),
  changeBudgetLine: streetStep(change('budgetLine', { planned: fen })),
  draftProcurementPlan: streetStep((planted) => ({
    id: newId('ppl'),
    budgetLineId: planted.budgetLine,
    ...planTerms,
  })),
  reviseProcurementPlan: streetStep(change('plan', planTerms)),
  fileProcurementPlan: streetStep(change('plan')),
  approveProcurementPlan: streetStep(change('plan'), 'streetOfficer'),
  sendBackProcurementPlan: streetStep(change('plan'), 'streetOfficer'),
  cancelProcurementPlan: streetStep(change('plan'), 'streetOfficer'),
  proposeSingleSource: streetStep((planted) => ({
    id: newId('ssp'),
    planId: planted.plan,
    organisationId: planted.organisation,
    reasonCode: 'emergency',
    statement: '无',
    opinions: [],
  })),
  noticeSingleSource: streetStep(change('proposal'), 'streetOfficer'),
  // Anybody may object to what was made public; this was not.
  objectToSingleSource: seenByRows((planted) => ({
    input: { id: newId('sso'), proposalId: planted.proposal, text: '无' },
  })),
  answerSingleSourceObjection: streetStep(
    change('objection', { upheld: true, answer: '无' }),
    'streetOfficer',
  ),
  registerOpeningKey: {
    ...inOwnStreet(() => ({ id: newId('key'), publicKey: '{}' })),
    outcomes: [NOBODY, NO_ROLE, NO_ROLE, 'OpeningKeyInvalid', NO_ROLE],
  },
  revokeOpeningKey: streetStep(change('openingKey')),
  draftTender: streetStep((planted) => ({
    id: newId('ten'),
    procurementPlanId: planted.plan,
    ...fileTerms(planted),
  })),
  reviseTender: streetStep((planted) => ({ ...change('tender')(planted), ...fileTerms(planted) })),
  publishTender: streetStep(change('tender'), 'streetOfficer'),
  cancelTender: streetStep(change('tender')),
  declareTenderFailed: streetStep(
    change('tender', { reasonCode: 'taskCancelled' }),
    'streetOfficer',
  ),
  issueClarification: streetStep(
    (planted) => ({
      id: newId('cla'),
      tenderId: planted.tender,
      text: '无',
      affectsBids: false,
    }),
    'streetOfficer',
  ),
  submitBid: ownerStep((planted) => ({
    id: newId('bid'),
    tenderId: planted.tender,
    lotId: newId('lot'),
    qualification: '{}',
    price: '{}',
  })),
  replaceBid: ownerStep(change('bid', { qualification: '{}', price: '{}' })),
  withdrawBid: ownerStep(change('bid')),
  confirmBid: ownerStep(change('bid')),
  handOverShares: streetStep(change('tender', { shares: '[]' })),
  openBids: streetStep(change('tender')),
  recordLostKey: streetStep((planted) => ({
    ...change('tender', { because: '无' })(planted),
    openingKeyId: planted.openingKey,
  })),
  confirmLostKey: streetStep((planted) => ({
    ...change('tender')(planted),
    openingKeyId: planted.openingKey,
  })),
  reviewQualification: streetStep(change('bid', { qualified: true })),
  confirmQualification: streetStep(change('bid'), 'streetOfficer'),
  closeQualification: streetStep(change('tender'), 'streetOfficer'),
  registerExpert: inOwnStreet(() => ({
    id: newId('exp'),
    personId: newId('per'),
    name: '别处的专家',
    speciality: '无',
  })),
  listExpert: streetStep(change('expert'), 'streetOfficer'),
  removeExpert: streetStep(change('expert'), 'streetOfficer'),
  drawCommittee: streetStep(change('tender', { experts: 3, buyerRepresentativeIds: [] })),
  answerInvitation: streetStep(change('committee', { accept: true })),
  drawAgain: streetStep(change('committee')),
  replaceRecused: streetStep(change('committee', { buyerRepresentativeIds: [] })),
  replaceMember: streetStep(
    change('committee', { place: 1, because: '无', buyerRepresentativeIds: [] }),
  ),
  submitConformity: streetStep((planted) => ({
    ...change('committee')(planted),
    bidId: planted.bid,
    compliant: true,
  })),
  closeConformity: streetStep(change('committee')),
  explainPrice: ownerStep(change('bid', { text: '无' })),
  judgePrice: streetStep((planted) => ({
    ...change('committee')(planted),
    bidId: planted.bid,
    accepted: true,
    because: '无',
  })),
  askForPriceExplanation: streetStep((planted) => ({
    ...change('committee')(planted),
    ...{ bidId: planted.bid, because: '无' },
  })),
  submitScores: streetStep((planted) => ({
    ...change('committee')(planted),
    bidId: planted.bid,
    scores: [],
  })),
  callForFinalOffers: streetStep(
    change('committee', { dueAt: '2026-01-05T10:00:00+08:00', changes: null }),
  ),
  submitFinalOffer: ownerStep(change('bid', { offer: '{}' })),
  openScores: streetStep(change('committee')),
  drawUpReport: streetStep(change('committee')),
  signReport: streetStep(change('committee', { reportHash: 'sha256:0' })),
  deliverReport: streetStep(change('committee')),
  chooseWinners: streetStep(change('tender')),
  announceResult: streetStep(change('tender'), 'streetOfficer'),
  noticeAward: streetStep(change('award'), 'streetOfficer'),
  acceptAward: ownerStep(change('award')),
  refuseAward: ownerStep(change('award', { because: '无' })),
  recordAwardRefusal: streetStep(change('award', { because: '无' }), 'streetOfficer'),
  fileChallenge: ownerStep((planted) => ({
    id: newId('chl'),
    tenderId: planted.tender,
    kind: 'INQUIRY',
    stage: 'FILE',
    grounds: [{ ground: '无', evidence: '无', remedy: '无' }],
  })),
  acceptChallenge: streetStep(change('challenge')),
  rejectChallenge: streetStep(change('challenge', { because: '无' })),
  withdrawChallenge: ownerStep(change('challenge')),
  exemptChallenge: streetStep(change('challenge', { because: '无' })),
  confirmChallengeExemption: streetStep(change('challenge'), 'streetOfficer'),
  holdByNotice: streetStep(
    change('challenge', {
      until: '2027-01-01T00:00:00+08:00',
      ...{ noticeNo: '无', noticeDate: '2026-11-20' },
    }),
    'streetOfficer',
  ),
  stopChallengeClock: streetStep(change('challenge', { reasonCode: 'tests' })),
  startChallengeClock: streetStep(change('challenge')),
  answerChallenge: streetStep(
    change('challenge', { outcome: 'DISMISSED', effect: 'NONE', answer: '无' }),
    'streetOfficer',
  ),
  respondToChallenge: ownerStep(change('challenge', { text: '无' })),
  confirmChallengeAnswer: streetStep(change('challenge'), 'streetOfficer'),
  registerOrganisation: inOwnStreet(() => ({
    id: newId('org'),
    type: 'PARTNER',
    name: '别处的单位',
  })),
  verifyOrganisation: streetStep(change('organisation')),
  registerPerson: inOwnStreet(() => ({ id: newId('per'), name: '别处的人' })),
  recordPost: streetStep((planted) => ({
    id: newId('pos'),
    personId: planted.person,
    organisationId: planted.organisation,
    role: 'HEAD',
    from: '2026-01-01',
  })),
  recordRelation: streetStep((planted) => ({
    id: newId('rel'),
    personId: planted.person,
    organisationId: planted.organisation,
    kind: 'OTHER',
    from: '2026-01-01',
  })),
  proposeRelationEnd: streetStep(change('relation', { to: '2026-01-02' })),
  endRelation: streetStep(change('relation')),
  openFund: inOwnStreet(() => ({ id: newId('fun'), fiscalYear: 2026, title: '别处的资金' })),
  closeFund: streetStep(change('fund'), 'streetOfficer'),
  appropriate: streetStep((planted) => ({
    id: newId('apr'),
    fundId: planted.fund,
    amount: fen,
    document: '无',
  })),
  approveAppropriation: streetStep(change('appropriation'), 'streetOfficer'),
  draftOrder: streetStep((planted) => ({
    id: newId('pay'),
    decisionId: planted.decision,
    invoiceNumber: '1',
    invoiceDate: '2026-04-01',
    invoiceAmount: fen,
  })),
  approveOrder: streetStep(change('order'), 'streetOfficer'),
  withdrawOrder: streetStep(change('order')),
  confirmSettlement: streetStep(change('order'), 'streetApprover'),
  failOrder: streetStep(change('order', { reason: 'returned' }), 'streetApprover'),
  returnPayment: streetStep(change('order'), 'streetApprover'),
  proposeReversal: streetStep((planted) => ({
    id: newId('dec'),
    decisionId: planted.decision,
    withdrawnBreachIds: [planted.breach],
    document: '无',
  })),
  approveReversal: streetStep(change('reversal'), 'streetOfficer'),
  replayPaymentsDeadLetter: streetStep(change('paymentsDeadLetter', because), 'auditor'),
  discardPaymentsDeadLetter: streetStep(change('paymentsDeadLetter', because), 'auditor'),
};

/**
 * What a subgraph tells of an entity when the gateway hands it the key alone. `hollow`: an entity of
 * which every field it owns here is null, empty, or refused.
 */
export interface ReferenceRow {
  id: (planted: Planted) => string;
  outcomes: Outcomes;
}

const reference = (
  what: Exclude<keyof Planted, 'agreement'>,
  outcomes: Outcomes,
): ReferenceRow => ({ id: (planted) => planted[what], outcomes });

const nullForEveryone: Outcomes = ['null', 'null', 'null', 'null', 'null'];
const hollowForEveryone: Outcomes = ['hollow', 'hollow', 'hollow', 'hollow', 'hollow'];

export const REFERENCES: Readonly<Record<string, ReferenceRow>> = {
  'contracts.Contract': reference('contract', nullForEveryone),
  'contracts.Instalment': reference('instalment', nullForEveryone),
  'evaluations.AcceptanceRecord': reference('acceptance', nullForEveryone),
  'evaluations.Contract': reference('contract', hollowForEveryone),
  'evaluations.Evaluation': reference('evaluation', nullForEveryone),
  'evaluations.Instalment': reference('instalment', hollowForEveryone),
  'evaluations.Rectification': reference('rectification', nullForEveryone),
  'evaluations.Sheet': reference('sheet', nullForEveryone),
  'organisations.Organisation': reference('organisation', ['told', 'told', 'told', 'null', 'told']),
  'payments.Contract': reference('contract', hollowForEveryone),
  'payments.Decision': reference('decision', ['null', 'null', 'null', 'null', 'null']),
  'payments.Fund': reference('fund', ['null', 'null', 'null', 'null', 'null']),
  'tenders.Award': reference('award', nullForEveryone),
  'tenders.Challenge': reference('challenge', nullForEveryone),
  'tenders.Bid': reference('bid', nullForEveryone),
  'tenders.BudgetLine': reference('budgetLine', nullForEveryone),
  'tenders.ProcurementPlan': reference('plan', nullForEveryone),
  'tenders.Tender': reference('tender', nullForEveryone),
  'tenders.ServiceItem': reference('serviceItem', nullForEveryone),
  'payments.Instalment': reference('instalment', hollowForEveryone),
};
