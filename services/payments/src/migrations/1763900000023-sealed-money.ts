import type { Migration } from '@mulin/database';

/** Transfers and decisions are sealed (docs/decisions/0010); the role that seals reads them and nothing else here. */
export const sealedMoney: Migration = {
  name: '1763900000023-sealed-money',
  up: ['transfer', 'decision']
    .map(
      (table) => /* sql */ `
alter table ${table} add column xact xid8 not null default '0';
alter table ${table} alter column xact set default pg_current_xact_id();
create index ${table}_by_xact on ${table} (xact);
grant select on ${table} to :relay;
create policy "the seals span streets" on ${table} for select to :relay using (true);
`,
    )
    .join(''),
};
