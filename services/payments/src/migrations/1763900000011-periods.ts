import type { Migration } from '@mulin/database';

/** Until when an instalment's work is looked at: a termination leaves the periods that were worked. */
export const periods: Migration = {
  name: '1763900000011-periods',
  up: /* sql */ `
-- Null for an advance, and for what was signed before this was kept: a termination settles that as before.
alter table instalment add column period_to date
  constraint "an advance has no period" check (period_to is null or kind = 'evaluated');
`,
};
