import type { Migration } from '@mulin/database';

/** R035 is raised on a lot that failed by it too: its title speaks of the bid that was left, not of a winner. */
export const oneLeft: Migration = {
  name: '1763900000024-one-left',
  up: /* sql */ `
insert into indicator (code, version, title_zh, title_en, params, in_force_from)
  select code, version + 1, '仅一份投标有效，其余均被认定无效', 'All bids but one disqualified', params, '2020-01-01'
  from indicator where code = 'R035' order by version desc limit 1;
`,
};
