import type { Migration } from '@mulin/database';
import { messagingMigration } from '@mulin/messaging';
import { commitments } from './1763900000001-commitments.js';
import { decisions } from './1763900000002-decisions.js';
import { holds } from './1763900000005-holds.js';
import { settledWhileHeld } from './1763900000006-settled-while-held.js';
import { ledger } from './1763900000000-ledger.js';
import { orders } from './1763900000003-orders.js';
import { reversals } from './1763900000004-reversals.js';

/** In the order in which they are applied; never edited after a release, only added to. */
export const migrations: readonly Migration[] = [
  messagingMigration,
  ledger,
  commitments,
  decisions,
  orders,
  reversals,
  holds,
  settledWhileHeld,
];
