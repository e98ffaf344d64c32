import type { Migration } from '@mulin/database';

/**
 * Who moves balances holds the accounts that contracts share first, in the order of their ids; a contract's own
 * accounts are not worth a look of their own: whoever moves them holds the contract's key, and in the seldom other
 * case (a person's correction) PostgreSQL finds the circle and one of the two is repeated.
 */
export const sharedAccounts: Migration = {
  name: '1763900000016-shared-accounts',
  up: /* sql */ `
create or replace function keep_balances() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  ids text[];
  gone bigint[];
  come bigint[];
  moved integer;
begin
  select array_agg(side.id), array_agg(side.gone), array_agg(side.come) into ids, gone, come
  from (
    select each.id, sum(each.gone)::bigint as gone, sum(each.come)::bigint as come
    from (select debit as id, fen as gone, 0 as come from posted
          union all select credit, 0, fen from posted) each
    group by each.id order by each.id
  ) side;
  if ids is null then return null; end if;
  execute 'select count(*) from (
      select from account where id = any($1) order by id for no key update
    ) held'
    using (select array_agg(id) from unnest(ids) id
           where split_part(id, ':', 1) not in ('committed', 'retained', 'rectification', 'claims'));
  execute 'update account set debits = debits + side.gone, credits = credits + side.come
    from unnest($1, $2, $3) as side (id, gone, come) where account.id = side.id'
    using ids, gone, come;
  get diagnostics moved = row_count;
  if moved <> cardinality(ids) then
    raise exception 'a transfer names an account that does not exist'
      using errcode = 'foreign_key_violation', constraint = 'a transfer names two accounts';
  end if;
  return null;
end $$;
`,
};
