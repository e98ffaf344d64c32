import { type Migration, rlsPolicies } from '@mulin/database';

const OWN_OR_COMMON = 'street is null or mulin.sees_street(street)';

/** Rules whose rows have a code: each becomes versions with a day in force, and what holds today a view. */
const CODED = [
  'negative_list',
  'scoring_factor',
  'single_source_reason',
  'disqualification_reason',
  'nonconformity_reason',
  'failing_reason',
];
const inForce = (table: string) => /* sql */ `
create view ${table}_in_force as
  select distinct on (code) * from ${table}
  where in_force_from <= (mulin.now() at time zone 'Asia/Shanghai')::date
  order by code, version desc;
grant select on ${table}_in_force to :app;
revoke insert, update on ${table}_in_force from :app, :consumer;
`;

/**
 * What was published is public to who is not signed in too (政府采购法 第十一条; 信息公开条例): of every street, and only
 * to read. Who is signed in sees the own street, as before.
 */
const PUBLIC: Record<string, string> = {
  service_item: "state <> 'draft'",
  item_price: 'exists (select from service_item where service_item.id = item_id)',
  budget_line: 'exists (select from service_item where service_item.id = service_item_id)',
  procurement_plan: "state in ('approved', 'used')",
  single_source_proposal: "state <> 'draft'",
  tender: 'published_at is not null',
  lot: 'exists (select from tender where tender.id = tender_id)',
  criterion: 'exists (select from tender where tender.id = tender_id)',
  clarification: 'exists (select from tender where tender.id = tender_id)',
  opening_key: 'exists (select from tender where opening_key.id = any (opening_key_ids))',
  award: "state <> 'proposed'",
};
const toEveryone = Object.entries(PUBLIC)
  .map(
    ([table, published]) =>
      `create policy "what was published is public" on ${table} for select to :app
  using (current_setting('app.actor', true) = '' and ${published});`,
  )
  .join('\n');

/** Rules as honest data: whose they are, from which day, with the article that a refusal names. */
export const rules: Migration = {
  name: '1763900000018-rules',
  up: /* sql */ `
-- A street may have its own version of a procedure, threshold or category; its own goes before the common one.
alter table tender drop constraint tender_method_procedure_version_fkey,
  add column procedure_scope text not null default ''
    constraint "a tender is under the common rule or its own street's" check (procedure_scope in ('', street));
alter table procedure drop constraint procedure_pkey,
  add column street text,
  add column scope text not null generated always as (coalesce(street, '')) stored,
  add column title_zh text not null default '',
  add column title_en text not null default '',
  add column article text not null default '',
  add primary key (method, scope, version);
alter table tender add foreign key (method, procedure_scope, procedure_version)
  references procedure (method, scope, version);
update procedure set title_zh = named.zh, title_en = named.en, article = named.article from (values
  ('openTendering', '公开招标', 'Open tendering', '政府采购货物和服务招标投标管理办法（财政部令第87号）'),
  ('competitiveConsultation', '竞争性磋商', 'Competitive consultation', '财库〔2014〕214号；财库〔2015〕124号'),
  ('singleSource', '单一来源采购', 'Single source', '政府采购非招标采购方式管理办法（财政部令第74号）'),
  ('belowThreshold', '限额以下公开比选', 'Public comparison below the threshold', '街道限额以下公开比选办法（示例）')
  ) named (method, zh, en, article) where named.method = procedure.method;
alter table procedure alter column title_zh drop default, alter column title_en drop default,
  alter column article drop default;

alter table procurement_threshold drop constraint procurement_threshold_pkey,
  add column street text,
  add column scope text not null generated always as (coalesce(street, '')) stored,
  add column version int not null default 1 check (version > 0),
  add column in_force_from date,
  add column title_zh text,
  add column title_en text,
  add primary key (fiscal_year, code, scope, version);
update procurement_threshold set in_force_from = make_date(fiscal_year, 1, 1),
  title_zh = case code when 'procurementLimit' then '政府采购限额标准' else '公开招标数额标准' end,
  title_en = case code when 'procurementLimit' then 'Procurement limit' else 'Threshold for open tendering' end;
alter table procurement_threshold alter column version drop default, alter column in_force_from set not null,
  alter column title_zh set not null, alter column title_en set not null;

alter table service_category add column street text,
  add column in_force_from date not null default '2020-01-01';
alter table service_category alter column in_force_from drop default;

-- What is named by a code has versions too; a row that was judged by stays for ever.
alter table conformity_finding drop constraint conformity_finding_reason_code_fkey;
alter table single_source_proposal drop constraint single_source_proposal_reason_code_fkey;
alter table scoring_factor add column in_force_from date not null default '2017-10-01';
update scoring_factor set in_force_from = '2020-03-01' where article like '财政部令第102号%';
update scoring_factor set in_force_from = '2015-03-01' where article like '政府采购法实施条例%';
alter table single_source_reason add column in_force_from date not null default '2003-01-01',
  add column answer_working_days int;
update single_source_reason set in_force_from = '2014-02-01', answer_working_days = 5
  where notice_working_days is not null;
alter table single_source_reason add constraint "objections to a notice are answered in a time"
  check ((notice_working_days is null) = (answer_working_days is null));
alter table nonconformity_reason add column in_force_from date not null default '2017-10-01';
alter table scoring_factor drop constraint scoring_factor_pkey, alter column in_force_from drop default;
alter table single_source_reason drop constraint single_source_reason_pkey, alter column in_force_from drop default;
alter table nonconformity_reason drop constraint nonconformity_reason_pkey, alter column in_force_from drop default;
alter table negative_list drop constraint negative_list_pkey;
alter table disqualification_reason drop constraint disqualification_reason_pkey;
alter table failing_reason drop constraint failing_reason_pkey;
${CODED.map(
  (table) => /* sql */ `
alter table ${table} add column version int not null default 1 check (version > 0), add primary key (code, version);
alter table ${table} alter column version drop default;${inForce(table)}`,
).join('')}
create function known_reason() returns trigger language plpgsql as $$
declare
  known boolean := new.reason_code is null;
begin
  if not known then
    execute format('select exists (select from %I where code = $1)', tg_argv[0]) into known using new.reason_code;
  end if;
  if not known then
    raise exception '% is no reason', new.reason_code
      using errcode = '23514', constraint = 'a reason is a row of its table';
  end if;
  return new;
end $$;
create trigger known_reason before insert or update of reason_code on conformity_finding
  for each row execute function known_reason('nonconformity_reason');
create trigger known_reason before insert or update of reason_code on single_source_proposal
  for each row execute function known_reason('single_source_reason');

-- 回避 and related bidders, as rows: how many years back, and by which relations two bidders are one.
create table recusal_rule (
  version int primary key check (version > 0),
  in_force_from date not null,
  years_back int not null check (years_back between 0 and 50),
  judge_article text not null,
  same_hand_kinds text[] not null,
  bidder_article text not null
);
insert into recusal_rule values (1, '2015-03-01', 3, '政府采购法实施条例 第九条',
  '{head,controllingHolder}', '政府采购法实施条例 第十八条');
grant select on recusal_rule to :app;
revoke insert, update on recusal_rule from :app, :consumer;
create view recusal_rule_in_force as select * from recusal_rule
  where in_force_from <= (mulin.now() at time zone 'Asia/Shanghai')::date order by version desc limit 1;
grant select on recusal_rule_in_force to :app;
revoke insert, update on recusal_rule_in_force from :app, :consumer;

-- The hours of its own rule: versions are counted for each street.
create or replace function seat_hours(target text, term text) returns interval
  language sql stable security definer set search_path = public, pg_temp as $$
  select make_interval(hours => (terms -> 'committee' ->> term)::int)
  from committee join tender on tender.id = tender_id
    join procedure on procedure.method = tender.method and procedure.version = procedure_version
      and procedure.scope = tender.procedure_scope
  where committee.id = target
$$;
create or replace function must_recuse(person text, judged text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from relation join bid on bid.organisation_id = relation.organisation_id
      cross join recusal_rule_in_force
    where relation.person_id = person and bid.tender_id = judged and bid.state <> 'withdrawn'
      and valid_from <= (mulin.now() at time zone 'Asia/Shanghai')::date
      and coalesce(valid_to, 'infinity')
        >= ((mulin.now() at time zone 'Asia/Shanghai')::date - make_interval(years => years_back))::date)
$$;
create or replace function related_bids(tender text) returns setof text
  language sql stable security definer set search_path = public, pg_temp as $$
  select distinct one.id from bid one
    join bid other on other.lot_id = one.lot_id and other.organisation_id <> one.organisation_id
      and other.state = 'sealed'
    join relation mine on mine.organisation_id = one.organisation_id
    join relation theirs on theirs.organisation_id = other.organisation_id
      and theirs.person_id = mine.person_id
    join public.tender bought on bought.id = one.tender_id
    cross join recusal_rule_in_force
  where one.tender_id = related_bids.tender and one.state = 'sealed'
    and mine.kind = any (same_hand_kinds) and theirs.kind = any (same_hand_kinds)
    and (bought.deadline at time zone 'Asia/Shanghai')::date
      between mine.valid_from and coalesce(mine.valid_to, 'infinity')
    and (bought.deadline at time zone 'Asia/Shanghai')::date
      between theirs.valid_from and coalesce(theirs.valid_to, 'infinity')
$$;

-- The article of every step, by procedure: a refusal under the street's rule never names a decree.
update procedure set terms = jsonb_set(terms, '{articles}', (terms -> 'articles') || '{
    "ceiling": "87号令 第十二条", "scoring": "87号令 第五十五条", "fixedPrice": "87号令 第五十五条",
    "late": "87号令 第三十三条", "opening": "87号令 第三十三条", "qualification": "87号令 第四十四条",
    "sheets": "87号令 第五十五条", "recheck": "87号令 第六十四条"}')
  where method = 'openTendering';
update procedure set terms = jsonb_set(terms, '{articles}', (terms -> 'articles') || '{
    "ceiling": "政府采购法 第六条", "scoring": "财库〔2014〕214号 第二十四条",
    "late": "财库〔2014〕214号 第十三条", "opening": "财库〔2014〕214号 第十三条",
    "qualification": "财库〔2014〕214号 第十六条", "sheets": "财库〔2014〕214号 第二十四条",
    "recheck": "财库〔2014〕214号 第三十二条"}')
  where method = 'competitiveConsultation';
update procedure set terms = jsonb_set(terms, '{articles}', (terms -> 'articles') || '{
    "ceiling": "政府采购法 第六条", "scoring": "74号令 第四十一条",
    "late": "街道采购内控制度（示例） 第五条", "opening": "街道采购内控制度（示例） 第五条",
    "qualification": "政府采购法 第二十二条", "sheets": "74号令 第四十一条",
    "recheck": "街道采购内控制度（示例） 第六条"}')
  where method = 'singleSource';
update procedure set terms = jsonb_set(terms, '{articles}', (terms -> 'articles') || '{
    "ceiling": "街道限额以下公开比选办法（示例） 第五条",
    "scoring": "街道限额以下公开比选办法（示例） 第十条",
    "fixedPrice": "街道限额以下公开比选办法（示例） 第十条",
    "late": "街道限额以下公开比选办法（示例） 第六条",
    "opening": "街道限额以下公开比选办法（示例） 第八条",
    "qualification": "街道限额以下公开比选办法（示例） 第八条",
    "sheets": "街道限额以下公开比选办法（示例） 第十一条",
    "recheck": "街道限额以下公开比选办法（示例） 第十一条"}')
  where method = 'belowThreshold';
update procedure set terms = jsonb_set(terms, '{finalOffers,latestDays}', '30') where terms ? 'finalOffers';

-- Shares that make a price abnormally low came in force with 财库〔2026〕2号: before, and where it does not
-- apply, the committee's own judgement alone asks (87号令 第六十条). The street's own rule always had them.
insert into procedure (method, version, in_force_from, terms, title_zh, title_en, article)
  select method, version + 1, '2026-02-01', jsonb_set(terms, '{abnormallyLow,mostShare}', '6500'),
    title_zh, title_en, article || '；财库〔2026〕2号'
  from procedure newest where method in ('openTendering', 'competitiveConsultation')
    and version = (select max(version) from procedure where method = newest.method);
update procedure set terms = jsonb_set(terms, '{abnormallyLow}', '{"meanShare": null, "secondLowestShare": null,
    "limitShare": null, "mostShare": null, "explainMinutes": 30, "article": "87号令 第六十条"}')
  where method = 'openTendering' and in_force_from < '2026-02-01';
update procedure set terms = jsonb_set(terms, '{abnormallyLow}', '{"meanShare": null, "secondLowestShare": null,
    "limitShare": null, "mostShare": null, "explainMinutes": 30, "article": "财库〔2014〕214号 第二十四条"}')
  where method = 'competitiveConsultation' and in_force_from < '2026-02-01';
update procedure set terms = jsonb_set(terms, '{abnormallyLow}', '{"meanShare": null, "secondLowestShare": null,
    "limitShare": null, "mostShare": null, "explainMinutes": 30, "article": "74号令 第四十一条"}')
  where method = 'singleSource';
update procedure set terms = jsonb_set(jsonb_set(terms, '{abnormallyLow,mostShare}', '6500'),
    '{abnormallyLow,article}', '"街道限额以下公开比选办法（示例） 第十一条"')
  where method = 'belowThreshold';

-- Besides the shares, a member may ask with a reason (专业判断).
alter table price_explanation add column asked_because text check (length(asked_because) between 1 and 1000),
  add column asked_by_member text references committee_member (id),
  add constraint "who asks says why" check ((asked_because is null) = (asked_by_member is null));

-- What the tender file itself says of prices.
alter table tender add column fixed_price boolean not null default false,
  add constraint "a fixed price is no factor" check (not fixed_price or state = 'draft' or state = 'cancelled'
    or price_weight = 0),
  add column low_price jsonb;

${toEveryone}

${rlsPolicies('procedure', OWN_OR_COMMON)}
${rlsPolicies('procurement_threshold', OWN_OR_COMMON)}
${rlsPolicies('service_category', OWN_OR_COMMON)}
`,
};
