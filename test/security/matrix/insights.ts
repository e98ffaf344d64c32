import { newId } from '@mulin/ids';
import {
  NOBODY,
  NO_ROLE,
  staffOnly,
  pageForStaff,
  streetStep,
  inOwnStreet,
  byId,
  change,
  because,
  hiddenDraft,
  type Row,
} from './row.js';

export const queries: Readonly<Record<string, Row>> = {
  insightsDeadLetters: pageForStaff('streetOfficer'),
  insightsDeadLetter: staffOnly(byId('insightsDeadLetter'), 'streetOfficer'),
  redFlags: pageForStaff('streetOfficer'),
  redFlagIndicators: {
    args: () => ({}),
    outcomes: [NOBODY, NO_ROLE, NO_ROLE, 'told', NO_ROLE],
    wrong: 'streetOfficer',
  },
  ocdsImports: pageForStaff('cashier'),
  importedReleases: pageForStaff('cashier'),
  // Open data is for everyone, of what was published; this tender is a draft.
  ocdsReleasePackage: hiddenDraft((planted) => ({ tenderId: planted.tender })),
  ocdsRecordPackage: hiddenDraft((planted) => ({ tenderId: planted.tender })),
};

export const mutations: Readonly<Record<string, Row>> = {
  importOcds: inOwnStreet(() => ({
    id: newId('imp'),
    json: JSON.stringify({
      uri: 'https://example.invalid/package.json',
      version: '1.1',
      publishedDate: '2019-03-02T00:00:00+08:00',
      publisher: { name: '别处' },
      releases: [
        {
          ocid: `ocds-abc123-${newId('imp')}`,
          id: '1',
          date: '2019-03-01T00:00:00+08:00',
          tag: ['planning'],
          initiationType: 'tender',
        },
      ],
    }),
  })),
  replayInsightsDeadLetter: streetStep(change('insightsDeadLetter', because), 'auditor'),
  discardInsightsDeadLetter: streetStep(change('insightsDeadLetter', because), 'auditor'),
};
