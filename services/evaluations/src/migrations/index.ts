import type { Migration } from '@mulin/database';
import { messagingMigrations } from '@mulin/messaging';
import { terms } from './1763900000010-terms.js';
import { evaluations } from './1763900000020-evaluations.js';
import { afterTheNotice } from './1763900000030-after-the-notice.js';
import { listed } from './1763900000034-listed.js';

export const migrations: readonly Migration[] = [
  ...messagingMigrations,
  terms,
  evaluations,
  afterTheNotice,
  listed,
];
