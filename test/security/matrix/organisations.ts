import { newId } from '@mulin/ids';
import {
  NOT_SEEN,
  staffOnly,
  pageForStaff,
  streetStep,
  inOwnStreet,
  page,
  byId,
  change,
  because,
  publicList,
  type Row,
} from './row.js';

export const queries: Readonly<Record<string, Row>> = {
  organisationsDeadLetters: pageForStaff('streetOfficer'),
  organisationsDeadLetter: staffOnly(byId('organisationsDeadLetter'), 'streetOfficer'),
  // Here everything is asked for, and the posts name people: those are refused. What the register
  // publishes within its street has a test of its own.
  // Verified organisations are public, for whoever is signed in within their street; their people and relations are null here.
  organisation: {
    args: byId('organisation'),
    outcomes: ['told', 'told', 'told', NOT_SEEN, 'told'],
    wrong: 'neighbourhoodCadre',
  },
  organisations: {
    args: page,
    outcomes: ['told', 'told', 'told', 'empty', 'told'],
    wrong: 'neighbourhoodCadre',
  },
  badRecordKinds: publicList,
  persons: pageForStaff('evaluator'),
  relations: pageForStaff('evaluator', (planted) => ({ organisationId: planted.organisation })),
};

export const mutations: Readonly<Record<string, Row>> = {
  replayOrganisationsDeadLetter: streetStep(change('organisationsDeadLetter', because), 'auditor'),
  discardOrganisationsDeadLetter: streetStep(change('organisationsDeadLetter', because), 'auditor'),
  recordRating: streetStep((planted) => ({
    id: newId('rtg'),
    organisationId: planted.organisation,
    grade: 1,
    from: '2026-01-01',
    to: '2026-12-31',
    document: '无',
  })),
  confirmRating: streetStep(change('rating'), 'streetOfficer'),
  recordBadRecord: streetStep((planted) => ({
    id: newId('bad'),
    organisationId: planted.organisation,
    kind: 'bribery',
    from: '2026-01-01',
    to: '2027-12-31',
    document: '无',
  })),
  confirmBadRecord: streetStep(change('badRecord'), 'streetOfficer'),
  revokeBadRecord: streetStep(change('badRecord'), 'streetOfficer'),
  registerOrganisation: inOwnStreet(() => ({
    id: newId('org'),
    type: 'PARTNER',
    name: '别处的单位',
  })),
  verifyOrganisation: streetStep(change('organisation')),
  registerPerson: inOwnStreet(() => ({ id: newId('per'), name: '别处的人' })),
  recordPost: streetStep((planted) => ({
    id: newId('pos'),
    personId: planted.person,
    organisationId: planted.organisation,
    role: 'HEAD',
    from: '2026-01-01',
  })),
  recordRelation: streetStep((planted) => ({
    id: newId('rel'),
    personId: planted.person,
    organisationId: planted.organisation,
    kind: 'OTHER',
    from: '2026-01-01',
  })),
  confirmRelation: streetStep(change('relation'), 'evaluator'),
  withdrawRelation: streetStep(change('relation'), 'evaluator'),
  proposeRelationEnd: streetStep(change('relation', { to: '2026-01-02' })),
  endRelation: streetStep(change('relation')),
};
