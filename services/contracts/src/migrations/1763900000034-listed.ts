import type { Migration } from '@mulin/database';

/** What lists of contracts are sorted by, and searched by date. */
export const listed: Migration = {
  name: '1763900000034-listed',
  up: /* sql */ `
create index on contract (street, drafted_at, id);
create index on contract (street, signed_at, id);
`,
};
