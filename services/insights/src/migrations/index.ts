import type { Migration } from '@mulin/database';
import { messagingMigrations } from '@mulin/messaging';
import { imports } from './1763900000002-imports.js';
import { facts } from './1763900000001-facts.js';

export const migrations: readonly Migration[] = [...messagingMigrations, facts, imports];
