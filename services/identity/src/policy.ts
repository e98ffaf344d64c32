import type { PolicyTable } from '@mulin/auth';

/** Who may do what here. Accounts are the platform operator's; everyone may ask who they are. */
export const policy: PolicyTable = {
  'identity.viewer.read': ['anyone'],
  'identity.account.read': ['platformOperator', 'auditor'],
  'identity.account.register': ['platformOperator'],
  'identity.account.setRoles': ['platformOperator'],
  'identity.account.disable': ['platformOperator'],
};
