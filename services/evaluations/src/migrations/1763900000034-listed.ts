import type { Migration } from '@mulin/database';

/** What lists of evaluations are sorted by, and searched by date. */
export const listed: Migration = {
  name: '1763900000034-listed',
  up: /* sql */ `
create index on evaluation (street, planned_at, id);
create index on evaluation (street, finalised_at, id);
`,
};
