import type { Migration } from '@mulin/database';

/**
 * What is told is kept letter by letter as it was written: nobody here looks into it, so taking it apart and
 * putting it together again was work for nothing (docs/decisions/0006).
 */
export const plainPayloadMigration: Migration = {
  name: '1763800000004-plain-payload',
  up: /* sql */ `
alter table mulin.outbox alter column payload type json using payload::json;
`,
};
