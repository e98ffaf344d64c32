import type { Migration } from '@mulin/database';
import { messagingMigrations } from '@mulin/messaging';
import { gradeRule } from './1763900000018-grade-rule.js';
import { peopleTold } from './1763900000023-people-told.js';
import { publicRegister } from './1763900000024-public-register.js';
import { record } from './1763900000002-record.js';
import { relationConfirmed } from './1763900000037-relation-confirmed.js';
import { relationWithdrawn } from './1763900000039-relation-withdrawn.js';
import { relationEnd } from './1763900000013-relation-end.js';
import { register } from './1763900000001-register.js';

export const migrations: readonly Migration[] = [
  ...messagingMigrations,
  register,
  record,
  relationEnd,
  gradeRule,
  peopleTold,
  publicRegister,
  relationConfirmed,
  relationWithdrawn,
];
