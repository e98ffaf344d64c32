import type { Migration } from '@mulin/database';

/** A version of a procedure in which a tender could get stuck is none: from every state that it comes to there is a way out. */
export const waysEnd: Migration = {
  name: '1763900000024-ways-end',
  up: /* sql */ `
-- A version that left the way out of a state that it has gets it from the common one: a tender may stand there already.
insert into procedure_step
  select own.method, own.scope, own.version, common.from_state, common.to_state, common.clock, common.conditions,
    coalesce(step_article(own.method, common.from_state, common.to_state, own.terms), common.article)
  from procedure own join procedure_step common on common.method = own.method and common.scope = '' and common.version =
    (select max(version) from procedure_step newest where newest.method = own.method and newest.scope = '')
  where own.scope <> '' and common.to_state in ('failed', 'cancelled')
    and exists (select from procedure_step known where (known.method, known.scope, known.version) =
      (own.method, own.scope, own.version) and common.from_state in (known.from_state, known.to_state))
on conflict do nothing;

-- Why a tender of this version could get stuck, or never be awarded; no row when it could not. A draft is given up; what
-- was published fails (政府采购法 第三十六条), wherever it stands.
create function version_problems(method text, scope text, version int) returns setof text language sql stable as $$
  with recursive own as (
    select from_state, to_state from procedure_step known
    where (known.method, known.scope, known.version) = ($1, $2, $3)
  ), reached (state) as (
    values ('draft')
    union select to_state from own join reached on from_state = state
  ), way_out (state, leads) as (
    select state, case state when 'draft' then 'cancelled' else 'failed' end from reached
    where state not in ('failed', 'cancelled')
  )
  select from_state || ' is never reached' from own where from_state not in (select state from reached)
  union select 'nothing is ever awarded' where 'awarded' not in (select state from reached)
  union select state || ' has no step to ' || leads from way_out
    where (state, leads) not in (select from_state, to_state from own)
$$;
create function version_guard() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
declare
  changed record := coalesce(new, old);
  problem text;
begin
  select string_agg(each, '; ' order by each) into problem from procedure own,
    version_problems(own.method, own.scope, own.version) each
    where (own.method, own.scope, own.version) = (changed.method, changed.scope, changed.version);
  if problem is not null then
    raise exception 'version % of % %: %', changed.version, changed.method, changed.scope, problem
      using errcode = '23514', constraint = 'every way of a procedure has an end';
  end if;
  return null;
end $$;
-- The steps come after their version, and at the commit all of them are there (\`steps_of_version\` is asked first).
create constraint trigger version_guard after insert on procedure deferrable initially deferred
  for each row execute function version_guard();
create constraint trigger version_guard after insert or update or delete on procedure_step deferrable initially deferred
  for each row execute function version_guard();
revoke execute on function version_problems(text, text, int) from public;
grant execute on function version_problems(text, text, int) to :checks;
`,
};
