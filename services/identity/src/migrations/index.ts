import type { Migration } from '@mulin/database';
import { accounts } from './1763900000001-accounts.js';

export const migrations: readonly Migration[] = [accounts];
