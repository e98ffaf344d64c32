import type { Migration } from '@mulin/database';

/** 化整为零: what is bought of one budget line in its year, otherwise than by open tendering, is measured together. */
export const boughtTogether: Migration = {
  name: '1763900000042-bought-together',
  up: /* sql */ `
alter table procurement_threshold add column together_article text not null
  default '政府采购法实施条例 第二十八条' check (length(together_article) between 1 and 200);

-- A line is one item in one fiscal year. What the finance department approved for one supplier is no splitting (第二十八条).
create function bought_otherwise(line text, besides text) returns bigint
  language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce(sum(amount_fen), 0)::bigint from procurement_plan plan
  where budget_line_id = line and id <> besides and state in ('filed', 'approved', 'used')
    and method <> 'openTendering' and not exists (select from single_source_proposal proposal
      where proposal.plan_id = plan.id and proposal.state = 'published' and approval_number is not null)
$$;
revoke execute on function bought_otherwise(text, text) from public;
grant execute on function bought_otherwise(text, text) to :app;

-- Whoever files first: the line is locked, and the last to commit sees what the others have filed.
create function together_guard() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
declare
  closing bigint;
begin
  perform from budget_line where id = new.budget_line_id for no key update;
  select amount_fen into closing from procurement_threshold threshold
  where threshold.fiscal_year = new.fiscal_year and scope in ('', new.street)
    and code = case new.method when 'belowThreshold' then 'procurementLimit' else 'tenderThreshold' end
    and in_force_from <= greatest((mulin.now() at time zone 'Asia/Shanghai')::date, make_date(new.fiscal_year, 1, 1))
  order by scope = '', version desc limit 1;
  if new.amount_fen + bought_otherwise(new.budget_line_id, new.id) >= closing then
    raise exception 'the purchases of % are too large together for this way of buying', new.budget_line_id
      using errcode = '23514', constraint = 'nothing is split to stay below a threshold';
  end if;
  return null;
end $$;
create constraint trigger together_filed after update of state on procurement_plan
  deferrable initially deferred for each row
  when (new.method in ('belowThreshold', 'competitiveConsultation')
    and ((old.state = 'draft' and new.state = 'filed') or (old.state = 'filed' and new.state = 'approved')))
  execute function together_guard();
create constraint trigger together_added after insert on procurement_plan
  deferrable initially deferred for each row
  when (new.method in ('belowThreshold', 'competitiveConsultation') and new.state in ('filed', 'approved', 'used'))
  execute function together_guard();
`,
};
