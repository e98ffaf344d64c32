import { type Migration, rlsPolicies } from '@mulin/database';

/** Who is related to an organisation keeps out of its payments (政府采购法实施条例 第九条). */
export const recusal: Migration = {
  name: '1763900000013-recusal',
  up: /* sql */ `
create table relation (
  id text primary key,
  street text not null,
  person_id text not null,
  organisation_id text not null,
  kind text not null,
  valid_from date not null,
  valid_to date
);
create index on relation (person_id, organisation_id);

create table recusal_rule (
  in_force_from date primary key,
  years int not null constraint "recusal lasts for years" check (years > 0),
  article text not null
);
insert into recusal_rule values ('2015-03-01', 3, '政府采购法实施条例 第九条');
grant select on recusal_rule to :app, :consumer, :checks;
revoke insert, update on recusal_rule from :app, :consumer;
revoke insert, update on relation from :app;
${rlsPolicies('relation', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}

-- Why a person must keep out of an organisation's matters on a day (回避): the relation that lasts
-- longest, or no row. It sees all relations, so that row-level security cannot hide a conflict.
create function recusal_of(person text, organisation text, on_day date)
  returns table (kind text, until date, article text)
  language sql stable security definer set search_path = public, pg_temp as $$
  select relation.kind, (relation.valid_to + make_interval(years => rule.years))::date, rule.article
  from relation, lateral (select years, article from recusal_rule
    where in_force_from <= on_day order by in_force_from desc limit 1) rule
  where relation.person_id = person and relation.organisation_id = organisation
    and relation.valid_from <= on_day
    and (relation.valid_to is null or relation.valid_to + make_interval(years => rule.years) >= on_day)
  order by relation.valid_to desc nulls first, relation.id
  limit 1 $$;
revoke execute on function recusal_of(text, text, date) from public;
grant execute on function recusal_of(text, text, date) to :app, :consumer;

create function recusal_guard() returns trigger language plpgsql as $$
begin
  if exists (
    select from unnest(array[
      case when new.approved_by is distinct from old.approved_by then new.approved_by end,
      case when new.second_approved_by is distinct from old.second_approved_by
        then new.second_approved_by end,
      case when new.state = 'SETTLED' and old.state <> 'SETTLED' then new.cashier end]) as person,
    lateral recusal_of(person, new.organisation_id,
      (mulin.now() at time zone 'Asia/Shanghai')::date)
  ) then
    raise exception 'somebody related to the payee takes part in the order %', new.id
      using errcode = '23514', constraint = 'who is related to the payee keeps out of its payment';
  end if;
  return new;
end $$;
create trigger recusal_guard before update on payment_order
  for each row execute function recusal_guard();

-- What is decided again moves money too.
create function reversal_recusal_guard() returns trigger language plpgsql as $$
begin
  if exists (
    select from unnest(array[case when tg_op = 'INSERT' then new.proposed_by end, new.approved_by]) as person,
    lateral recusal_of(person, new.organisation_id, (mulin.now() at time zone 'Asia/Shanghai')::date)
  ) then
    raise exception 'somebody related to the payee takes part in the reversal %', new.id
      using errcode = '23514', constraint = 'who is related to the payee keeps out of its payment';
  end if;
  return new;
end $$;
create trigger recusal_guard before insert or update on reversal
  for each row execute function reversal_recusal_guard();
`,
};
