import { newId } from '@mulin/ids';
import { RULE } from '../../journeys/story.js';
import {
  staffOnly,
  pageForStaff,
  staffAndOwner,
  pageForStaffAndOwner,
  streetStep,
  inOwnStreet,
  byId,
  change,
  fen,
  because,
  type Row,
} from './row.js';

export const queries: Readonly<Record<string, Row>> = {
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

export const mutations: Readonly<Record<string, Row>> = {
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
