import type { Migration } from '@mulin/database';
import { messagingMigration } from '@mulin/messaging';
import { register } from './1763900000001-register.js';

export const migrations: readonly Migration[] = [messagingMigration, register];
