import { oneForALot } from './1763900000040-one-for-a-lot.js';
import type { Migration } from '@mulin/database';
import { messagingMigrations } from '@mulin/messaging';
import { awardInvalid } from './1763900000006-award-invalid.js';
import { awarded } from './1763900000004-awarded.js';
import { contracts } from './1763900000001-contracts.js';
import { laterFunds } from './1763900000016-later-funds.js';
import { limits } from './1763900000039-limits.js';
import { listed } from './1763900000034-listed.js';
import { reports } from './1763900000002-reports.js';
import { suspension } from './1763900000005-suspension.js';
import { suspensions } from './1763900000017-suspensions.js';
import { signBy } from './1763900000023-sign-by.js';
import { signingTerm } from './1763900000003-signing-term.js';

export const migrations: readonly Migration[] = [
  ...messagingMigrations,
  contracts,
  reports,
  signingTerm,
  awarded,
  suspension,
  awardInvalid,
  laterFunds,
  suspensions,
  listed,
  signBy,
  limits,
  oneForALot,
];
