import type { Migration } from '@mulin/database';

/**
 * The two statements that move balances keep their plans: to make them anew cost a small chunk more than to run them
 * (docs/decisions/0006). A plan that is made once and for all must not be the one that an empty table recommends: accounts
 * are found by their ids.
 */
export const keptBalances: Migration = {
  name: '1763900000036-kept-balances',
  up: /* sql */ `
create or replace function keep_balances() returns trigger
  language plpgsql security definer
  set search_path = public, pg_temp
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off as $$
declare
  ids text[];
  shared text[];
  gone bigint[];
  come bigint[];
  moved integer;
begin
  select array_agg(side.id), array_agg(side.gone), array_agg(side.come),
    array_agg(side.id) filter (where split_part(side.id, ':', 1)
      not in ('committed', 'retained', 'rectification', 'claims'))
  into ids, gone, come, shared
  from (
    select each.id, sum(each.gone)::bigint as gone, sum(each.come)::bigint as come
    from (select debit as id, fen as gone, 0 as come from posted
          union all select credit, 0, fen from posted) each
    group by each.id order by each.id
  ) side;
  if ids is null then return null; end if;
  perform from account where id = any(shared) order by id for no key update;
  update account set debits = debits + side.gone, credits = credits + side.come
    from unnest(ids, gone, come) as side (id, gone, come) where account.id = side.id;
  get diagnostics moved = row_count;
  if moved <> cardinality(ids) then
    raise exception 'a transfer names an account that does not exist'
      using errcode = 'foreign_key_violation', constraint = 'a transfer names two accounts';
  end if;
  return null;
end $$;
`,
};
