import type { Migration } from '@mulin/database';

/**
 * What an evaluation asks about its instalment is found by an index, each part of it: whether its rectification was handed
 * in had none, and the open claims, told in the order of their ids, had one that an empty table did not recommend.
 */
export const mattersByIndex: Migration = {
  name: '1763900000017-matters-by-index',
  up: /* sql */ `
create index rectification_by_instalment on rectification (instalment_id);
drop index claim_open;
create index claim_open on claim (contract_id, id) where consumed_by is null;
`,
};
