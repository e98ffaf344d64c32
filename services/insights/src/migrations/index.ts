import type { Migration } from '@mulin/database';
import { messagingMigrations } from '@mulin/messaging';
import { auditHeads } from './1763900000024-audit-heads.js';
import { imported } from './1763900000004-imported.js';
import { imports } from './1763900000002-imports.js';
import { flags } from './1763900000003-flags.js';
import { lotFailed } from './1763900000022-lot-failed.js';
import { lotsAlone } from './1763900000024-lots-alone.js';
import { oneLeft } from './1763900000024-one-left.js';
import { openData } from './1763900000023-open-data.js';
import { openImplementation } from './1763900000037-open-implementation.js';
import { shortPeriods } from './1763900000037-short-periods.js';
import { received } from './1763900000040-received.js';
import { unsigned } from './1763900000041-unsigned.js';
import { facts } from './1763900000001-facts.js';

export const migrations: readonly Migration[] = [
  ...messagingMigrations,
  facts,
  imports,
  flags,
  imported,
  lotFailed,
  auditHeads,
  lotsAlone,
  openData,
  oneLeft,
  openImplementation,
  shortPeriods,
  received,
  unsigned,
];
