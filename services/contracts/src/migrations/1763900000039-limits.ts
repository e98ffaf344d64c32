import type { Migration } from '@mulin/database';

/**
 * How long a contract may run, and from which yearly amount on it comes from a tender and from nobody's desk. Law, and so
 * rows; one function judges, for the refusal and for the guard.
 */
export const limits: Migration = {
  name: '1763900000039-limits',
  up: /* sql */ `
create table contract_limit (
  code text not null constraint "a limit is one of these"
    check (code in ('mostMonths', 'usualMonths', 'directFen')),
  street text,
  scope text not null generated always as (coalesce(street, '')) stored,
  version int not null constraint "versions are numbered from one" check (version > 0),
  amount bigint not null constraint "a limit is more than nothing" check (amount > 0),
  article text not null,
  title_zh text not null,
  title_en text not null,
  in_force_from date not null,
  primary key (code, scope, version)
);
insert into contract_limit (code, version, amount, article, title_zh, title_en, in_force_from) values
  ('mostMonths', 1, 36, '财政部令第102号 第二十四条', '合同履行期限不超过三年',
    'A contract runs for three years at the most', '2020-03-01'),
  ('usualMonths', 1, 12, '财政部令第102号 第二十四条',
    '合同履行期限一般不超过一年；超过一年须内容相对固定、连续性强、经费来源稳定、价格变化幅度小',
    'A contract runs for a year; a longer one is for a steady, continuous service with steady money and prices', '2020-03-01'),
  ('directFen', 1, 100000000, '政府采购法 第六十四条', '达到采购限额标准须按规定的采购方式和程序采购',
    'From the procurement limit on, a contract is awarded by a procedure', '2025-01-01');
grant select on contract_limit to :app, :consumer, :checks;
revoke insert, update on contract_limit from :app, :consumer;

-- Months begun count whole; a year's price is what twelve of them cost, so that no one makes it small by a longer term.
create function contract_months(starts_on date, ends_on date) returns int language sql immutable as $$
  select (extract(year from span) * 12 + extract(month from span))::int
    + case when extract(day from span) > 0 then 1 else 0 end
  from age(ends_on + 1, starts_on) as span
$$;

alter table contract add column long_term_because text
  constraint "a reason has 1 to 500 characters" check (length(long_term_because) between 1 and 500);

-- What a contract breaks, the gravest first. Of an awarded one the tender file was judged, with its reason.
create function broken_limits(
  street text, tender_id text, starts_on date, ends_on date, amount_fen bigint, long_term_because text, drafted_at timestamptz
) returns setof contract_limit language sql stable as $$
  with limits as (
    select distinct on (code) each.* from contract_limit each
    where each.scope in ('', street)
      and each.in_force_from <= (drafted_at at time zone 'Asia/Shanghai')::date
    order by code, each.scope = '', each.version desc
  ), term as (select contract_months(starts_on, ends_on) as months)
  select limits.* from limits, term where case code
    when 'mostMonths' then months > amount
    when 'usualMonths' then months > amount and tender_id is null and long_term_because is null
    when 'directFen' then tender_id is null and amount_fen::numeric * 12 >= amount::numeric * greatest(months, 12)
  end order by array_position('{mostMonths,directFen,usualMonths}'::text[], code)
$$;

create function limits_guard() returns trigger language plpgsql as $$
declare broken text;
begin
  select code into broken from broken_limits(new.street, new.tender_id, new.starts_on, new.ends_on, new.amount_fen,
    new.long_term_because, new.drafted_at) limit 1;
  if found then
    raise exception '% breaks %', new.id, broken
      using errcode = '23514', constraint = 'a contract keeps the limits of the law';
  end if;
  return new;
end $$;
create trigger limits_guard
  before insert or update of street, tender_id, starts_on, ends_on, amount_fen, long_term_because, drafted_at on contract
  for each row execute function limits_guard();
`,
};
