import type { Migration } from '@mulin/database';
import { messagingMigration } from '@mulin/messaging';
import { facts } from './1763900000001-facts.js';

export const migrations: readonly Migration[] = [messagingMigration, facts];
