import type { Migration } from '@mulin/database';

/** What lists are sorted and searched by. What the public reads of every street is not sorted within one street. */
export const listed: Migration = {
  name: '1763900000034-listed',
  up: /* sql */ `
create index on tender (published_at, id);
create index on tender (deadline, id);
create index on tender (plan_id);
create index on procurement_plan (service_item_id);
create index on bid (tender_id, received_at, id);
create index on award (announced_at, id);
create index on award (chosen_at, id);
create index on challenge (street, filed_at, id);
create index on challenge (street, due_at, id);
create index on challenge (tender_id, filed_at, id);
create index on single_source_proposal (noticed_at, id);
create index on single_source_proposal (organisation_id, id);
-- Parts of a name are looked for among the experts of the street: under row-level security no index of trigrams is used.
create index on expert (street, name, id);
create index on expert (street, speciality, id);
`,
};
