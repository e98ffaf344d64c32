import { markedWhileHeld } from './1763900000040-settled-while-held.js';
import { takenBack } from './1763900000039-taken-back.js';
import type { Migration } from '@mulin/database';
import { messagingMigrations } from '@mulin/messaging';
import { commitments } from './1763900000001-commitments.js';
import { decisions } from './1763900000002-decisions.js';
import { holds } from './1763900000005-holds.js';
import { lighterPostings } from './1763900000007-lighter-postings.js';
import { sharedAccounts } from './1763900000016-shared-accounts.js';
import { settledWhileHeld } from './1763900000006-settled-while-held.js';
import { fundsTold } from './1763900000023-funds-told.js';
import { keptBalances } from './1763900000036-kept-balances.js';
import { ledger } from './1763900000000-ledger.js';
import { listed } from './1763900000034-listed.js';
import { orders } from './1763900000003-orders.js';
import { periods } from './1763900000011-periods.js';
import { plainRule } from './1763900000015-plain-rule.js';
import { mattersByIndex } from './1763900000017-matters-by-index.js';
import { recusal } from './1763900000013-recusal.js';
import { reversalGround } from './1763900000012-reversal-ground.js';
import { sealedMoney } from './1763900000023-sealed-money.js';
import { reversals } from './1763900000004-reversals.js';

/** In the order in which they are applied; never edited after a release, only added to. */
export const migrations: readonly Migration[] = [
  ...messagingMigrations,
  ledger,
  commitments,
  decisions,
  orders,
  reversals,
  holds,
  settledWhileHeld,
  lighterPostings,
  periods,
  reversalGround,
  recusal,
  plainRule,
  sharedAccounts,
  mattersByIndex,
  sealedMoney,
  listed,
  fundsTold,
  keptBalances,
  takenBack,
  markedWhileHeld,
];
