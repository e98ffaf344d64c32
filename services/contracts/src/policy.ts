import type { PolicyTable } from '@mulin/auth';

/**
 * Who may do what here. Reading is for whoever is signed in: row-level security shows staff the street
 * and everyone else the contracts of their own organisation.
 */
export const policy: PolicyTable = {
  'contracts.contract.read': ['signedIn'],
  'contracts.contract.draft': ['streetOfficer'],
  'contracts.contract.requestFunds': ['streetOfficer'],
  'contracts.contract.cancel': ['streetOfficer', 'streetApprover'],
  'contracts.contract.sign': ['streetApprover', 'organisationManager'],
  'contracts.contract.run': ['streetOfficer', 'streetApprover'],
  'contracts.contract.terminate': ['streetOfficer', 'streetApprover'],
  'contracts.fulfilment.record': ['streetOfficer', 'organisationManager'],
  'contracts.fulfilment.confirm': ['streetOfficer', 'streetApprover'],
  'contracts.fulfilment.withdraw': ['streetOfficer', 'streetApprover', 'organisationManager'],
  'contracts.breach.record': ['streetOfficer'],
  'contracts.breach.confirm': ['streetOfficer', 'streetApprover'],
  'contracts.breach.withdraw': ['streetOfficer', 'streetApprover'],
  'contracts.deadLetter.read': ['streetApprover', 'auditor', 'platformOperator'],
  'contracts.deadLetter.decide': ['streetApprover', 'platformOperator'],
};
