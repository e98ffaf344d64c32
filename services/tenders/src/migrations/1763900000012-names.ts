import type { Migration } from '@mulin/database';

const SEEN = `mulin.sees_street(street) and (person_id = current_setting('app.actor', true)
  or sits_on(committee_id) or (state = 'confirmed' and is_announced(committee_id)))`;

/** With the result the names of those who judged are public (条例 第四十三条); whoever was drawn and said no stays unnamed. */
export const names: Migration = {
  name: '1763900000012-names',
  up: /* sql */ `
alter policy "an actor sees the rows of its street and organisation" on committee_member
  using (${SEEN}) with check (${SEEN});
`,
};
