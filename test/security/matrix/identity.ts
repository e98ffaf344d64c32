import { randomUUID } from 'node:crypto';
import { newId } from '@mulin/ids';
import { pageForStaff, streetStep, inOwnStreet, change, type Row } from './row.js';

export const queries: Readonly<Record<string, Row>> = {
  accounts: pageForStaff('streetOfficer'),
  // Who am I: one's own claims, and null for nobody.
  viewer: {
    args: () => ({}),
    outcomes: ['null', 'told', 'told', 'told', 'told'],
    wrong: 'neighbourhoodCadre',
  },
};

export const mutations: Readonly<Record<string, Row>> = {
  registerAccount: inOwnStreet(
    () => ({
      id: newId('idn'),
      personId: newId('per'),
      login: `stranger.${randomUUID().slice(0, 8)}`,
      password: 'a long enough password',
      roles: ['auditor'],
    }),
    'streetOfficer',
  ),
  setAccountRoles: streetStep(change('account', { roles: ['auditor'] }), 'streetOfficer'),
  disableAccount: streetStep(change('account'), 'streetOfficer'),
};
