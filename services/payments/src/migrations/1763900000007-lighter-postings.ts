import type { Migration } from '@mulin/database';

/**
 * The same promises at less cost (docs/decisions/0006): balances find their accounts by id however large the
 * chart has grown, the transfer that takes back another one is looked up only among those that do, and an
 * explanation that is only handed on is kept as it was written.
 */
export const lighterPostings: Migration = {
  name: '1763900000007-lighter-postings',
  up: /* sql */ `
create or replace function keep_balances() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  ids text[];
  gone bigint[];
  come bigint[];
  held integer;
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
    ) held' into held using ids;
  if held <> cardinality(ids) then
    raise exception 'a transfer names an account that does not exist'
      using errcode = 'foreign_key_violation', constraint = 'a transfer names two accounts';
  end if;
  execute 'update account set debits = debits + side.gone, credits = credits + side.come
    from unnest($1, $2, $3) as side (id, gone, come) where account.id = side.id'
    using ids, gone, come;
  return null;
end $$;

alter table transfer drop constraint "a transfer is taken back once";
create unique index "a transfer is taken back once" on transfer (reverses) where reverses is not null;

alter table decision alter column because type json using because::json;
`,
};
