import type { PolicyTable } from '@mulin/auth';

/**
 * Who may do what here; row-level security underneath shows an organisation its own rows only. The
 * three steps of a payment belong to three roles, and SQL keeps them apart person by person.
 */
export const policy: PolicyTable = {
  'payments.fund.read': ['staff'],
  'payments.fund.open': ['streetOfficer'],
  'payments.fund.close': ['streetApprover'],
  'payments.fund.appropriate': ['streetOfficer'],
  'payments.fund.approveAppropriation': ['streetApprover'],
  'payments.commitment.read': ['staff', 'organisationManager', 'organisationFinance'],
  'payments.decision.read': ['staff', 'organisationManager', 'organisationFinance'],
  'payments.decision.proposeReversal': ['streetOfficer'],
  'payments.decision.approveReversal': ['streetApprover'],
  'payments.ledger.read': ['staff', 'organisationManager', 'organisationFinance'],
  'payments.order.read': ['staff', 'organisationManager', 'organisationFinance'],
  'payments.order.draft': ['streetOfficer'],
  'payments.order.approve': ['streetApprover'],
  'payments.order.withdraw': ['streetOfficer', 'streetApprover'],
  'payments.order.settle': ['cashier'],
  // Of an event that could not be handled, two of these decide: one proposes, another carries it out.
  'payments.deadLetter.read': ['streetApprover', 'auditor', 'platformOperator'],
  'payments.deadLetter.decide': ['streetApprover', 'platformOperator'],
  'payments.rule.simulate': ['anyone'],
};
