import type { Migration } from '@mulin/database';

/**
 * When an award falls, the next candidate's contract is drafted while the first may still be signed. Until that one has
 * ended, no money is asked for the second: a lot is bought once.
 */
export const oneForALot: Migration = {
  name: '1763900000040-one-for-a-lot',
  up: /* sql */ `
alter table contract add column lot_id text;
create unique index "a lot has one contract at a time" on contract (lot_id)
  where state in ('awaitingFunds', 'funded', 'signed', 'active', 'completed');
`,
};
