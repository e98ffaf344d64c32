import type { Migration } from '@mulin/database';

/** A name of its own for each imported release, to page by. */
export const imported: Migration = {
  name: '1763900000004-imported',
  up: /* sql */ `
alter table imported_release add column id text generated always as
  (md5(street || ' ' || ocid || ' ' || release_id)) stored;
create unique index on imported_release (id);
`,
};
