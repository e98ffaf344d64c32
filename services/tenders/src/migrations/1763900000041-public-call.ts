import type { Migration } from '@mulin/database';

/** With the result the call for final offers, and what it changed for all, is public: to who has not signed in too. */
export const publicCall: Migration = {
  name: '1763900000041-public-call',
  up: /* sql */ `
create policy "what was published is public" on final_offer_call for select to :app
  using (current_setting('app.actor', true) = '' and is_announced(committee_id));
`,
};
