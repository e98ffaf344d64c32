import type { Migration } from '@mulin/database';

/** A signed rule is kept letter by letter as it came: it is read whole, and known again by its text. */
export const plainRule: Migration = {
  name: '1763900000015-plain-rule',
  up: /* sql */ `
alter table term alter column rule type json using rule::json;
`,
};
