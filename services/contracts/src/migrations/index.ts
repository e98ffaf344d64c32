import type { Migration } from '@mulin/database';
import { messagingMigration } from '@mulin/messaging';
import { awarded } from './1763900000004-awarded.js';
import { contracts } from './1763900000001-contracts.js';
import { laterFunds } from './1763900000016-later-funds.js';
import { reports } from './1763900000002-reports.js';
import { suspension } from './1763900000005-suspension.js';
import { signingTerm } from './1763900000003-signing-term.js';

export const migrations: readonly Migration[] = [
  messagingMigration,
  contracts,
  reports,
  signingTerm,
  awarded,
  suspension,
  laterFunds,
];
