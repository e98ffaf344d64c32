import type { PolicyTable } from '@mulin/auth';

/** Who may do what here. The registry is public within the street; only officers write it. */
export const policy: PolicyTable = {
  'organisations.organisation.read': ['anyone'],
  'organisations.organisation.register': ['streetOfficer'],
  'organisations.organisation.verify': ['streetOfficer', 'streetApprover'],
  'organisations.record.read': ['signedIn'],
  'organisations.record.write': ['streetOfficer'],
  'organisations.record.confirm': ['streetApprover'],
  'organisations.deadLetter.read': ['streetApprover', 'auditor', 'platformOperator'],
  'organisations.deadLetter.decide': ['streetApprover', 'platformOperator'],
  'organisations.person.read': ['streetOfficer', 'streetApprover', 'auditor'],
  'organisations.person.register': ['streetOfficer'],
  'organisations.post.record': ['streetOfficer'],
  'organisations.relation.read': ['streetOfficer', 'streetApprover', 'auditor'],
  'organisations.relation.record': ['streetOfficer', 'streetApprover'],
  // It unseats experts and excludes bids: one person alone brings that about for nobody. Two different people do, so that
  // a street with one approver can confirm what that approver recorded.
  'organisations.relation.confirm': ['streetOfficer', 'streetApprover'],
  // Nothing counts of it yet; it stays in the record, with who took it back.
  'organisations.relation.withdraw': ['streetOfficer', 'streetApprover'],
  // What obliges somebody to recusal is ended by two people, and never by himself.
  'organisations.relation.end': ['streetOfficer', 'streetApprover'],
};
