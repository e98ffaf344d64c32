import type { Migration } from '@mulin/database';

/**
 * What was filed holds the award from the moment it is taken in; so two people stand for not taking it in, as they do for an
 * award that it cannot affect (政府采购法实施条例 第五十四条). Until the second one confirms it waits like any other.
 */
export const turnedAwayByTwo: Migration = {
  name: '1763900000039-turned-away-by-two',
  up: /* sql */ `
alter table challenge
  add column rejection_proposed_because text check (length(rejection_proposed_because) between 1 and 2000),
  add column rejection_proposed_by text,
  add column rejection_proposed_at timestamptz(3),
  add constraint "a proposed rejection has its reason, its person and its time" check (
    num_nulls(rejection_proposed_because, rejection_proposed_by, rejection_proposed_at) in (0, 3)),
  add constraint "the reason that is told is the one that two people read" check (state <> 'rejected'
    or rejected_because = rejection_proposed_because);
-- Of what was turned away before this rule nobody knows a second person; it counts as it did.
alter table challenge
  add constraint "two people turn a challenge away" check (state <> 'rejected'
    or coalesce(rejected_by <> rejection_proposed_by, false)) not valid;
`,
};
