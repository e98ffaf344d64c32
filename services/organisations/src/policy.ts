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
  // It unseats experts and excludes bids: one person alone brings that about for nobody.
  'organisations.relation.confirm': ['streetApprover'],
  // What obliges somebody to recusal is ended by two people, and never by himself.
  'organisations.relation.end': ['streetOfficer', 'streetApprover'],
};
