import type { Migration } from '@mulin/database';
import { keptInboxMigration } from './kept-inbox.js';
import { messagingMigration } from './migration.js';
import { plainPayloadMigration } from './plain-payload-migration.js';
import { sealedOutboxMigration } from './sealed-outbox-migration.js';

/** First in the list of every service that tells or hears events; never edited, only added to. */
export const messagingMigrations: readonly Migration[] = [
  messagingMigration,
  keptInboxMigration,
  plainPayloadMigration,
  sealedOutboxMigration,
];
