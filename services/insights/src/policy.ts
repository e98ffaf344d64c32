import type { PolicyTable } from '@mulin/auth';

/** Who looks across services: auditors, the district's analysts, and who answers for the street. */
export const policy: PolicyTable = {
  'insights.flag.read': ['auditor', 'districtAnalyst', 'streetApprover'],
  // Of what was published; the database says what that is.
  'insights.ocds.read': ['anyone'],
  'insights.import.read': ['auditor', 'districtAnalyst', 'streetOfficer', 'streetApprover'],
  'insights.ocds.import': ['streetOfficer'],
  'insights.deadLetter.read': ['streetApprover', 'auditor', 'platformOperator'],
  'insights.deadLetter.decide': ['streetApprover', 'platformOperator'],
};
