import type { PolicyTable } from '@mulin/auth';

/** Who looks across services: auditors, the district's analysts, and who answers for the street. */
export const policy: PolicyTable = {
  'insights.flag.read': ['auditor', 'districtAnalyst', 'streetApprover'],
  'insights.ocds.read': ['auditor', 'districtAnalyst', 'streetOfficer', 'streetApprover'],
  'insights.ocds.import': ['streetOfficer'],
  'insights.deadLetter.read': ['streetApprover', 'auditor', 'platformOperator'],
  'insights.deadLetter.decide': ['streetApprover', 'platformOperator'],
};
