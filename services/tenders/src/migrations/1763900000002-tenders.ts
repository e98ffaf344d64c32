import { type Migration, rlsPolicies } from '@mulin/database';

/** A tender is the staff's until it is published; what hangs on it follows it. */
const OF_A_SEEN_TENDER =
  'mulin.sees_street(street) and exists (select from tender where tender.id = tender_id)';

/** Procedures as data, opening officers' keys, tenders with their lots, criteria and clarifications. */
export const tenders: Migration = {
  name: '1763900000002-tenders',
  up: /* sql */ `
-- Each way of buying is a row: its clocks, smallest numbers and limits, with the article of each. A change
-- of law is a new version; a tender keeps the one it was published under.
create table procedure (
  method text not null check (method in
    ('openTendering', 'competitiveConsultation', 'singleSource', 'belowThreshold')),
  version int not null check (version > 0),
  in_force_from date not null,
  terms jsonb not null,
  primary key (method, version)
);
insert into procedure (method, version, in_force_from, terms) values
  ('openTendering', 1, '2017-10-01', '{
    "minimumBidders": 3, "fileWorkingDays": 5, "bidDays": 20, "clarificationDays": 15,
    "priceWeight": {"least": 1000, "most": null},
    "articles": {
      "minimumBidders": "政府采购法 第三十六条；87号令 第四十三条",
      "fileWorkingDays": "政府采购法实施条例 第三十一条",
      "bidDays": "政府采购法 第三十五条",
      "clarificationDays": "政府采购法实施条例 第三十一条",
      "priceWeight": "87号令 第五十五条"}}'),
  ('competitiveConsultation', 1, '2014-12-31', '{
    "minimumBidders": 3, "fileWorkingDays": 5, "bidDays": 10, "clarificationDays": 5,
    "priceWeight": {"least": 1000, "most": 3000},
    "articles": {
      "minimumBidders": "财库〔2014〕214号 第二十一条",
      "fileWorkingDays": "财库〔2014〕214号 第十条",
      "bidDays": "财库〔2014〕214号 第十条",
      "clarificationDays": "财库〔2014〕214号 第十条",
      "priceWeight": "财库〔2014〕214号 第二十四条"}}'),
  ('singleSource', 1, '2014-02-01', '{
    "minimumBidders": 1, "fileWorkingDays": 5, "bidDays": 5, "clarificationDays": 1,
    "priceWeight": {"least": 0, "most": null},
    "articles": {
      "minimumBidders": "政府采购法 第三十一条",
      "fileWorkingDays": "74号令 第三十八条",
      "bidDays": "74号令 第三十八条",
      "clarificationDays": "74号令 第三十八条",
      "priceWeight": "74号令 第四十一条"}}'),
  -- The street's own rule: an example to be replaced by the office's, as a new version.
  ('belowThreshold', 1, '2020-01-01', '{
    "minimumBidders": 3, "fileWorkingDays": 3, "bidDays": 7, "clarificationDays": 3,
    "priceWeight": {"least": 1000, "most": 6000},
    "articles": {
      "minimumBidders": "街道限额以下公开比选办法（示例） 第八条",
      "fileWorkingDays": "街道限额以下公开比选办法（示例） 第六条",
      "bidDays": "街道限额以下公开比选办法（示例） 第六条",
      "clarificationDays": "街道限额以下公开比选办法（示例） 第七条",
      "priceWeight": "街道限额以下公开比选办法（示例） 第十条"}}');

-- What may be scored. What may not be stands here too, so that the refusal can name the article.
create table scoring_factor (
  code text primary key,
  allowed boolean not null,
  article text not null,
  title_zh text not null,
  title_en text not null
);
insert into scoring_factor (code, allowed, article, title_zh, title_en) values
  ('service-plan', true, '87号令 第五十五条', '服务方案', 'Service plan'),
  ('team', true, '87号令 第五十五条', '项目团队', 'Team'),
  ('performance', true, '87号令 第五十五条', '同类业绩', 'Past performance of the same kind'),
  ('facilities', true, '87号令 第五十五条', '设施设备', 'Facilities'),
  ('volunteers', true, '87号令 第五十五条', '志愿者动员', 'Mobilising volunteers'),
  ('evaluation-record', true, '财政部令第102号 第二十一条', '以往评估结果', 'Results of earlier evaluations'),
  ('grade', true, '财综〔2016〕54号', '社会组织评估等级', 'Grade of the organisation'),
  ('registered-capital', false, '87号令 第十七条', '注册资本', 'Registered capital'),
  ('assets', false, '87号令 第十七条', '资产总额', 'Total assets'),
  ('revenue', false, '87号令 第十七条', '营业收入', 'Revenue'),
  ('headcount', false, '87号令 第十七条', '从业人员', 'Number of staff'),
  ('profit', false, '87号令 第十七条', '利润', 'Profit'),
  ('tax-paid', false, '87号令 第十七条', '纳税额', 'Tax paid'),
  ('local-performance', false, '政府采购法实施条例 第二十条第四项', '特定行政区域的业绩', 'Performance in a certain region'),
  ('local-award', false, '政府采购法实施条例 第二十条第四项', '特定行政区域的奖项', 'Awards of a certain region'),
  ('qualification', false, '87号令 第五十五条', '资格条件', 'What is a condition to take part');
revoke insert, update on procedure, scoring_factor from :app, :consumer;

create table opening_key (
  id text primary key,
  street text not null,
  person_id text not null,
  fingerprint text not null constraint "a key is registered once" unique
    check (fingerprint ~ '^sha256:[0-9a-f]{64}$'),
  public_key text not null check (length(public_key) <= 4000),
  registered_at timestamptz(3) not null,
  revoked_at timestamptz(3),
  version int not null
);
create index on opening_key (person_id);

create table tender_step (from_state text, to_state text, primary key (from_state, to_state));
insert into tender_step values
  ('draft', 'published'), ('draft', 'cancelled'), ('published', 'opened'), ('published', 'failed'),
  ('published', 'cancelled'), ('opened', 'failed'), ('opened', 'cancelled');
revoke insert, update on tender_step from :app, :consumer;

create table tender (
  id text primary key,
  street text not null,
  plan_id text not null references procurement_plan (id),
  method text not null,
  procedure_version int,
  title text not null check (length(title) between 1 and 200),
  budget_fen bigint not null check (budget_fen > 0),
  price_weight int not null check (price_weight between 0 and 10000),
  file_until date not null,
  deadline timestamptz(3) not null,
  validity_days int not null check (validity_days between 1 and 365),
  contract_terms jsonb not null,
  opening_key_ids text[] not null constraint "three officers open the bids"
    check (cardinality(opening_key_ids) = 3),
  state text not null constraint "a tender is in a state of the table"
    check (state in ('draft', 'published', 'opened', 'failed', 'cancelled')),
  written_by text[] not null,
  published_by text,
  published_at timestamptz(3),
  round int not null check (round > 0),
  failed_because text,
  version int not null,
  events int not null,
  constraint "who writes a tender file does not publish it" check (not published_by = any (written_by)),
  constraint "a public tender was published by someone" check (state in ('draft', 'cancelled')
    or (published_by is not null and published_at is not null and procedure_version is not null)),
  constraint "a failed tender says why" check ((state = 'failed') = (failed_because is not null)),
  foreign key (method, procedure_version) references procedure (method, version),
  unique (id, street)
);
create index on tender (street, id);
create index on tender (street, deadline, id);
create index on tender using gin (title gin_trgm_ops);
create unique index "a plan is used by one tender at a time" on tender (plan_id)
  where state not in ('failed', 'cancelled');

create table lot (
  id text primary key,
  street text not null,
  tender_id text not null,
  no int not null check (no between 1 and 20),
  title text not null check (length(title) between 1 and 200),
  budget_fen bigint not null check (budget_fen > 0),
  ceiling_fen bigint,
  unique (tender_id, no),
  foreign key (tender_id, street) references tender (id, street)
);
create table criterion (
  id text primary key,
  street text not null,
  tender_id text not null,
  position int not null,
  code text not null,
  title text not null check (length(title) between 1 and 500),
  factor_code text not null,
  objective boolean not null,
  points int not null check (points between 1 and 10000),
  unique (tender_id, position),
  foreign key (tender_id, street) references tender (id, street)
);
grant delete on lot, criterion to :app;
create table clarification (
  id text primary key,
  street text not null,
  tender_id text not null,
  text text not null check (length(text) between 1 and 4000),
  affects_bids boolean not null,
  round int not null,
  deadline timestamptz(3) not null,
  written_by text not null,
  issued_at timestamptz(3) not null,
  foreign key (tender_id, street) references tender (id, street)
);
create index on clarification (tender_id, issued_at);
revoke update on clarification from :app, :consumer;

create trigger step_guard before update on tender for each row execute function step_guard();

-- What was published stays: only the deadline may move, and only to a later day.
create function tender_guard() returns trigger language plpgsql as $$
begin
  if old.state <> 'draft' and (to_jsonb(new) - array['state', 'deadline', 'round', 'failed_because', 'version', 'events'])
    is distinct from (to_jsonb(old) - array['state', 'deadline', 'round', 'failed_because', 'version', 'events']) then
    raise exception 'the file of % is public', old.id
      using errcode = '23514', constraint = 'a tender file changes only while it is drafted';
  end if;
  if old.state <> 'draft' and (new.deadline < old.deadline or new.round < old.round) then
    raise exception 'the deadline of % may only move to a later day', old.id
      using errcode = '23514', constraint = 'a published deadline never moves forward';
  end if;
  return new;
end $$;
create trigger tender_guard before update on tender for each row execute function tender_guard();

create function part_guard() returns trigger language plpgsql as $$
declare
  touched text := case tg_op when 'DELETE' then old.tender_id else new.tender_id end;
begin
  if exists (select from tender where id = touched and state <> 'draft') then
    raise exception 'the file of % is public', touched
      using errcode = '23514', constraint = 'a tender file changes only while it is drafted';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger part_guard before insert or update or delete on lot
  for each row execute function part_guard();
create trigger part_guard before insert or update or delete on criterion
  for each row execute function part_guard();

create function taken_parts(wanted text[], except_tender text) returns setof text
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select id from lot where id = any (wanted) and tender_id is distinct from except_tender
    union all
    select id from criterion where id = any (wanted) and tender_id is distinct from except_tender
  $$;
revoke execute on function taken_parts(text[], text) from public;
grant execute on function taken_parts(text[], text) to :app;

${rlsPolicies('opening_key', 'mulin.sees_street(street)')}
${rlsPolicies('tender', "mulin.sees_street(street) and (state not in ('draft', 'cancelled') or published_at is not null or current_setting('app.staff', true) = 'on')")}
${rlsPolicies('lot', OF_A_SEEN_TENDER)}
${rlsPolicies('criterion', OF_A_SEEN_TENDER)}
${rlsPolicies('clarification', OF_A_SEEN_TENDER)}
`,
};
