import { type Migration, rlsPolicies } from '@mulin/database';

/** Row-level security shows an item that is a draft to the staff alone; its budget line follows it. */
const OF_A_LISTED_ITEM =
  'exists (select from service_item where service_item.id = service_item_id)';

/** The catalogue, what is planned to be spent on it, and the plans that spend it. */
export const catalogue: Migration = {
  name: '1763900000001-catalogue',
  up: /* sql */ `
-- Categories are rows: a street's catalogue changes every year. These are the ones of the Yanji case.
create table service_category (
  code text primary key constraint "a code is small letters, digits and hyphens"
    check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  title_zh text not null,
  title_en text not null
);
insert into service_category (code, title_zh, title_en) values
  ('centre-custody', '睦邻中心托管', 'Custody of neighbourhood centres'),
  ('elderly', '助老服务', 'Services for the old'),
  ('youth', '青少年服务', 'Services for the young'),
  ('parent-child', '亲子服务', 'Parents and children'),
  ('culture-sports', '文体服务', 'Culture and sports'),
  ('volunteering', '志愿服务', 'Volunteering'),
  ('charity-supermarket', '慈善超市', 'Charity supermarket'),
  ('military-families', '双拥服务', 'Services for soldiers and their families'),
  ('sunshine-home', '阳光之家', 'Sunshine Home for people with intellectual disabilities'),
  ('severe-disability-care', '重残养护', 'Care for the severely disabled'),
  ('mental-rehabilitation', '精神康复', 'Rehabilitation of mild mental illness'),
  ('hotline-96890', '96890 热线', 'The 96890 line'),
  ('needs-survey', '需求调研', 'Needs surveys'),
  ('evaluation', '项目评估', 'Evaluation of projects');

-- 财政部令第102号 第十条: what may not be bought as a service.
create table negative_list (
  code text primary key,
  article text not null,
  title_zh text not null,
  title_en text not null,
  in_force_from date not null
);
insert into negative_list (code, article, title_zh, title_en, in_force_from) values
  ('not-government-duty', '财政部令第102号 第十条第一项', '不属于政府职责范围的服务事项',
    'What is no duty of government', '2020-03-01'),
  ('government-itself', '财政部令第102号 第十条第二项', '应当由政府直接履职的事项',
    'What government must do itself', '2020-03-01'),
  ('goods-and-works', '财政部令第102号 第十条第三项', '货物和工程，以及将工程和服务打包的项目',
    'Goods and works, and works bundled with services', '2020-03-01'),
  ('financing', '财政部令第102号 第十条第四项', '融资行为', 'Financing', '2020-03-01'),
  ('staffing', '财政部令第102号 第十条第五项', '购买主体的人员招、聘用，以劳务派遣方式用工，以及设置公益性岗位等事项',
    'Hiring, labour dispatch and public-welfare posts', '2020-03-01'),
  ('otherwise-barred', '财政部令第102号 第十条第六项', '法律、行政法规以及国务院规定的其他不得作为政府购买服务内容的事项',
    'What other law forbids', '2020-03-01');

-- Published for each fiscal year by the province; "达到" includes the number. The figures are examples
-- until the operator has entered those of the year (docs: they were not found in any stored text).
create table procurement_threshold (
  fiscal_year int not null,
  code text not null check (code in ('procurementLimit', 'tenderThreshold')),
  amount_fen bigint not null check (amount_fen > 0),
  article text not null,
  primary key (fiscal_year, code)
);
insert into procurement_threshold (fiscal_year, code, amount_fen, article)
select year, code, amount_fen, article from generate_series(2025, 2027) year, (values
  ('procurementLimit', 100000000::bigint, '政府采购法 第八条'),
  ('tenderThreshold', 400000000::bigint, '政府采购法 第二十七条')) each (code, amount_fen, article);
revoke insert, update on service_category, negative_list, procurement_threshold from :app, :consumer;

create table service_item_step (from_state text, to_state text, primary key (from_state, to_state));
insert into service_item_step values
  ('draft', 'listed'), ('draft', 'retired'), ('listed', 'suspended'), ('listed', 'retired'),
  ('suspended', 'listed'), ('suspended', 'retired');
create table procurement_plan_step (from_state text, to_state text, primary key (from_state, to_state));
insert into procurement_plan_step values
  ('draft', 'filed'), ('draft', 'cancelled'), ('filed', 'approved'), ('filed', 'draft'),
  ('filed', 'cancelled'), ('approved', 'used'), ('approved', 'cancelled'), ('used', 'approved');
revoke insert, update on service_item_step, procurement_plan_step from :app, :consumer;

create table service_item (
  id text primary key,
  street text not null,
  code text not null constraint "an item has a plain code"
    check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(code) <= 64),
  category_code text not null references service_category (code),
  title text not null check (length(title) between 1 and 200),
  standard text not null check (length(standard) between 1 and 2000),
  target_group text not null check (length(target_group) between 1 and 200),
  unit text not null check (length(unit) between 1 and 20),
  legal_basis text not null check (length(legal_basis) between 1 and 500),
  state text not null constraint "an item is in a state of the table"
    check (state in ('draft', 'listed', 'suspended', 'retired')),
  written_by text not null,
  listed_by text,
  listed_at timestamptz(3),
  version int not null,
  constraint "a code names one item of a street" unique (street, code),
  constraint "who writes an item does not list it" check (state <> 'listed' or listed_by <> written_by),
  constraint "a listed item was listed by someone" check (state <> 'listed' or
    (listed_by is not null and listed_at is not null)),
  unique (id, street)
);
create index on service_item (street, id);
create index on service_item (street, category_code, id);
create index on service_item using gin (title gin_trgm_ops);

create table item_price (
  id text primary key,
  street text not null,
  item_id text not null,
  valid_from date not null,
  unit_price_fen bigint not null constraint "a price is more than nothing"
    check (unit_price_fen > 0 and unit_price_fen <= 100000000000000),
  source text not null check (source in ('marketSurvey', 'award', 'contract')),
  recorded_by text not null,
  foreign key (item_id, street) references service_item (id, street)
);
create index on item_price (item_id, valid_from desc, id desc);
revoke update on item_price from :app, :consumer;

create table budget_line (
  id text primary key,
  street text not null,
  fiscal_year int not null check (fiscal_year between 2000 and 2100),
  service_item_id text not null,
  fund_id text,
  planned_fen bigint not null constraint "a planned amount is at most 10^14 fen"
    check (planned_fen between 0 and 100000000000000),
  version int not null,
  constraint "an item has one budget line in a fiscal year" unique (service_item_id, fiscal_year),
  foreign key (service_item_id, street) references service_item (id, street),
  unique (id, street, service_item_id, fiscal_year)
);
create index on budget_line (street, id);

create table procurement_plan (
  id text primary key,
  street text not null,
  budget_line_id text not null,
  service_item_id text not null,
  fiscal_year int not null,
  title text not null check (length(title) between 1 and 200),
  amount_fen bigint not null constraint "a plan is for more than nothing"
    check (amount_fen > 0 and amount_fen <= 100000000000000),
  method text not null check (method in
    ('openTendering', 'competitiveConsultation', 'singleSource', 'belowThreshold')),
  need_ids text[] not null check (cardinality(need_ids) <= 50),
  state text not null constraint "a plan is in a state of the table"
    check (state in ('draft', 'filed', 'approved', 'used', 'cancelled')),
  written_by text not null,
  approved_by text,
  approved_at timestamptz(3),
  version int not null,
  events int not null,
  constraint "who writes a plan does not approve it" check (approved_by <> written_by),
  constraint "an approved plan was approved by someone" check (state not in ('approved', 'used')
    or (approved_by is not null and approved_at is not null)),
  foreign key (budget_line_id, street, service_item_id, fiscal_year)
    references budget_line (id, street, service_item_id, fiscal_year)
);
create index on procurement_plan (street, id);
create index on procurement_plan (budget_line_id);
create index on procurement_plan (street, fiscal_year, id);
create index on procurement_plan using gin (title gin_trgm_ops);

create function step_guard() returns trigger language plpgsql as $$
declare
  allowed boolean;
begin
  if new.state = old.state then return new; end if;
  execute format('select exists (select from %I where from_state = $1 and to_state = $2)',
    tg_table_name || '_step') into allowed using old.state, new.state;
  if not allowed then
    raise exception '% never goes from % to %', tg_table_name, old.state, new.state
      using errcode = '23514', constraint = tg_table_name || ' goes only the ways of the table';
  end if;
  return new;
end $$;
create trigger step_guard before update on service_item for each row execute function step_guard();
create trigger step_guard before update on procurement_plan for each row execute function step_guard();

-- What was handed in says what was agreed to.
create function plan_guard() returns trigger language plpgsql as $$
begin
  if old.state <> 'draft' and (old.title, old.amount_fen, old.method, old.need_ids, old.written_by)
    is distinct from (new.title, new.amount_fen, new.method, new.need_ids, new.written_by) then
    raise exception 'the content of % is fixed', old.id
      using errcode = '23514', constraint = 'a plan changes only while it is drafted';
  end if;
  return new;
end $$;
create trigger plan_guard before update on procurement_plan for each row execute function plan_guard();

-- Plans never take more of a line than was planned, whoever files first: the line is locked.
create function line_guard() returns trigger language plpgsql as $$
declare
  line text := case tg_table_name when 'budget_line' then to_jsonb(new) ->> 'id'
    else to_jsonb(new) ->> 'budget_line_id' end;
begin
  perform from budget_line where id = line for no key update;
  if (select planned_fen from budget_line where id = line) <
     (select coalesce(sum(amount_fen), 0) from procurement_plan
      where budget_line_id = line and state in ('filed', 'approved', 'used')) then
    raise exception 'the plans of % take more than was planned', line
      using errcode = '23514', constraint = 'plans keep within their budget line';
  end if;
  return null;
end $$;
create constraint trigger line_guard after insert or update of state, amount_fen on procurement_plan
  deferrable initially deferred for each row execute function line_guard();
create constraint trigger line_guard after update of planned_fen on budget_line
  deferrable initially deferred for each row execute function line_guard();

${rlsPolicies('service_item', "mulin.sees_street(street) and (state <> 'draft' or current_setting('app.staff', true) = 'on')")}
${rlsPolicies('item_price', 'mulin.sees_street(street)')}
${rlsPolicies('budget_line', `mulin.sees_street(street) and (current_setting('app.staff', true) = 'on' or ${OF_A_LISTED_ITEM})`)}
${rlsPolicies('procurement_plan', "mulin.sees_street(street) and (state in ('approved', 'used') or current_setting('app.staff', true) = 'on')")}
`,
};
