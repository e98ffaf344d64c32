import type { Migration } from '@mulin/database';

/**
 * A complaint is decided by the finance department, not by the street that it is about (政府采购法 第五十六条): here its
 * decision is recorded, with its number and date, and a second person stands for the record. Without that one person could
 * end what the department's notice holds.
 */
export const decidedElsewhere: Migration = {
  name: '1763900000037-decided-elsewhere',
  up: /* sql */ `
alter table challenge add column decision_no text check (length(decision_no) between 1 and 100), add column decision_date date;
-- Of what was recorded before this rule nobody knows a decision or a second person.
alter table challenge
  add constraint "a complaint is answered by a decision that two people record" check (kind <> 'complaint' or state <> 'answered'
    or coalesce(proposed_by <> answered_by and decision_no is not null and decision_date is not null, false)) not valid,
  add constraint "only a complaint is answered by a decision" check (kind = 'complaint'
    or (decision_no is null and decision_date is null));
`,
};
