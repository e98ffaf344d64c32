import type { PolicyTable } from '@mulin/auth';

/**
 * Who may do what here. Reading is open to whoever is signed in: row-level security then shows the
 * street its evaluations, and an organisation its own from the notice on.
 */
export const policy: PolicyTable = {
  'evaluations.evaluation.read': ['signedIn'],
  'evaluations.evaluation.plan': ['evaluator', 'streetOfficer'],
  'evaluations.evaluation.score': ['evaluator', 'streetOfficer'],
  'evaluations.evaluation.notify': ['evaluator', 'streetOfficer'],
  'evaluations.evaluation.accept': ['organisationManager'],
  'evaluations.evaluation.finalise': ['streetApprover'],
  'evaluations.sheet.submit': ['organisationManager', 'evaluator', 'expert', 'streetOfficer'],
  'evaluations.appeal.file': ['organisationManager'],
  'evaluations.appeal.decide': ['streetApprover'],
  'evaluations.rectification.submit': ['organisationManager'],
  'evaluations.acceptance.read': ['signedIn'],
  'evaluations.acceptance.draft': ['streetOfficer', 'evaluator'],
  'evaluations.acceptance.sign': ['streetApprover'],
  'evaluations.due.read': ['staff'],
  'evaluations.deadLetter.read': ['streetApprover', 'auditor', 'platformOperator'],
  'evaluations.deadLetter.decide': ['streetApprover', 'platformOperator'],
};
