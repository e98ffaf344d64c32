import type { Migration } from './migrate.js';

/** For policies: whether the actor is of the street office, and not only somebody who works for the street. */
export const officeMigration: Migration = {
  name: '1763800000001-office',
  up: /* sql */ `
create function mulin.is_office() returns boolean language sql stable as $$
  select coalesce(current_setting('app.office', true) = 'on', false)
$$;
`,
};
