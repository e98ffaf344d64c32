import type { PolicyTable } from '@mulin/auth';

/**
 * Who may do what here. The catalogue and its budget lines are public (政府信息公开); plans are the
 * street's until they are approved, and the database says so.
 */
export const policy: PolicyTable = {
  'tenders.catalogue.read': ['anyone'],
  'tenders.catalogue.write': ['streetOfficer'],
  'tenders.catalogue.list': ['streetApprover'],
  'tenders.budgetLine.write': ['streetOfficer'],
  'tenders.plan.read': ['anyone'],
  'tenders.plan.write': ['streetOfficer'],
  'tenders.plan.approve': ['streetApprover'],
  'tenders.singleSource.object': ['signedIn'],
  'tenders.openingKey.register': ['streetOfficer', 'streetApprover', 'auditor'],
  'tenders.tender.read': ['anyone'],
  'tenders.tender.write': ['streetOfficer'],
  'tenders.tender.publish': ['streetApprover'],
  'tenders.bid.read': ['signedIn'],
  'tenders.bid.submit': ['organisationManager'],
  'tenders.qualification.review': ['streetOfficer'],
  'tenders.qualification.confirm': ['streetApprover'],
  'tenders.expert.read': ['streetOfficer', 'streetApprover', 'auditor'],
  'tenders.expert.write': ['streetOfficer'],
  'tenders.expert.list': ['streetApprover'],
  'tenders.committee.draw': ['streetOfficer'],
  // Who sits on a committee is asked of the committee; these may at all.
  'tenders.committee.sit': ['expert', 'streetOfficer', 'streetApprover'],
  'tenders.committee.read': ['expert', 'streetOfficer', 'streetApprover', 'auditor'],
  'tenders.award.choose': ['streetOfficer'],
  'tenders.award.announce': ['streetApprover'],
  'tenders.award.answer': ['organisationManager'],
  // Without signing in: the decisions on complaints, which are published.
  'tenders.challenge.read': ['anyone'],
  'tenders.challenge.file': ['organisationManager'],
  'tenders.challenge.handle': ['streetOfficer'],
  'tenders.challenge.decide': ['streetApprover'],
  'tenders.refusal.read': ['auditor'],
  'tenders.deadLetter.read': ['streetApprover', 'auditor', 'platformOperator'],
  'tenders.deadLetter.decide': ['streetApprover', 'platformOperator'],
  'tenders.opening.take': ['streetOfficer', 'streetApprover', 'auditor'],
};
