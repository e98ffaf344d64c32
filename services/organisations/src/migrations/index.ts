import type { Migration } from '@mulin/database';
import { messagingMigration } from '@mulin/messaging';
import { gradeRule } from './1763900000018-grade-rule.js';
import { record } from './1763900000002-record.js';
import { register } from './1763900000001-register.js';

export const migrations: readonly Migration[] = [messagingMigration, register, record, gradeRule];
