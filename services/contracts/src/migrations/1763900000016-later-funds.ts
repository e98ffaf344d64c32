import type { Migration } from '@mulin/database';

/** A contract over two fiscal years asks for the later year's money when that year begins. */
export const laterFunds: Migration = {
  name: '1763900000016-later-funds',
  up: /* sql */ `
-- A request of a signed contract that payments has not answered yet: there is never a second one beside it.
alter table contract add column later_funds_asked boolean not null default false;
alter table contract add constraint "later money is asked for by signed contracts"
  check (not later_funds_asked or signed_at is not null);
create index instalment_without_money on instalment (fiscal_year) where not reserved;
`,
};
