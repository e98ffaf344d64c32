import { newId } from '@mulin/ids';
import {
  NOBODY,
  NO_ROLE,
  seenByRows,
  pageByRows,
  staffOnly,
  pageForStaff,
  streetStep,
  ownerStep,
  byId,
  change,
  terms,
  report,
  because,
  type Row,
} from './row.js';

/** The law's own lists; whoever is signed in may read them. */
const law: Row = {
  args: () => ({}),
  outcomes: [NOBODY, 'told', 'told', 'told', 'told'],
  wrong: 'neighbourhoodCadre',
};

export const queries: Readonly<Record<string, Row>> = {
  contract: seenByRows(byId('contract')),
  contracts: pageByRows(),
  instalment: seenByRows(byId('instalment')),
  terminationReasons: law,
  contractLimits: law,
  contractsDeadLetters: pageForStaff('streetOfficer'),
  contractsDeadLetter: staffOnly(byId('contractsDeadLetter'), 'streetOfficer'),
};

export const mutations: Readonly<Record<string, Row>> = {
  draftContract: {
    // An organisation of another street is as unknown there as one that does not exist.
    ...streetStep((planted) => ({
      id: newId('con'),
      organisationId: planted.organisation,
      ...terms(planted),
    })),
    outcomes: [NOBODY, NO_ROLE, NO_ROLE, 'OrganisationNotVerified', NO_ROLE],
  },
  reviseContract: streetStep((planted) => ({ ...change('contract')(planted), ...terms(planted) })),
  requestFunds: streetStep(change('contract')),
  cancelContract: streetStep(change('contract')),
  signContract: ownerStep(change('contract', { side: 'PROVIDER', textHash: 'x' })),
  activateContract: streetStep(change('contract')),
  completeContract: streetStep(change('contract')),
  proposeTermination: streetStep(
    change('contract', { reasonCode: 'agreement', lastDay: '2026-03-30' }),
  ),
  withdrawTermination: streetStep(change('contract')),
  terminateContract: streetStep(change('contract')),
  recordFulfilment: ownerStep((planted) => ({
    id: newId('ful'),
    ...report(planted),
    status: 'FULFILLED',
  })),
  confirmFulfilment: streetStep(change('fulfilment')),
  withdrawFulfilment: ownerStep(change('fulfilment')),
  recordBreach: streetStep((planted) => ({ id: newId('brc'), ...report(planted) })),
  confirmBreach: streetStep(change('openBreach')),
  withdrawBreach: streetStep(change('breach')),
  replayContractsDeadLetter: streetStep(change('contractsDeadLetter', because), 'auditor'),
  discardContractsDeadLetter: streetStep(change('contractsDeadLetter', because), 'auditor'),
};
