import { type Migration, rlsPolicies } from '@mulin/database';

/** What is known of how an organisation did: grades, bad records with their terms, results of evaluations. */
export const record: Migration = {
  name: '1763900000002-record',
  up: /* sql */ `
create table rating (
  id text primary key,
  street text not null,
  organisation_id text not null references organisation (id),
  grade int not null constraint "a grade is 1A to 5A" check (grade between 1 and 5),
  valid_from date not null,
  valid_to date not null,
  document text not null check (length(document) between 1 and 200),
  recorded_by text not null,
  confirmed_by text,
  version int not null,
  constraint "a grade holds five years at the longest (民政部令第39号)"
    check (valid_to >= valid_from and valid_to < (valid_from + interval '5 years')::date),
  constraint "who records a grade does not confirm it" check (confirmed_by <> recorded_by)
);
create index on rating (organisation_id, valid_to);

-- Kinds of bad records and how long each may keep an organisation out: law, and so rows.
create table bad_record_kind (
  code text not null,
  least_months int not null,
  most_months int not null,
  article text not null,
  title_zh text not null,
  title_en text not null,
  in_force_from date not null,
  primary key (code, in_force_from)
);
insert into bad_record_kind values
  ('falsePapers', 12, 36, '政府采购法 第七十七条第一项', '提供虚假材料谋取中标', 'False papers', '2003-01-01'),
  ('improperMeans', 12, 36, '政府采购法 第七十七条第二项', '采取不正当手段诋毁、排挤其他供应商', 'Improper means against others', '2003-01-01'),
  ('collusion', 12, 36, '政府采购法 第七十七条第三项', '恶意串通', 'Collusion', '2003-01-01'),
  ('bribery', 12, 36, '政府采购法 第七十七条第四项', '行贿或提供不正当利益', 'Bribery', '2003-01-01'),
  ('obstruction', 12, 36, '政府采购法 第七十七条第六项', '拒绝监督检查或提供虚假情况', 'Obstruction', '2003-01-01'),
  ('unprovedComplaints', 12, 36, '财政部令第94号 第三十七条', '十二个月内三次以上投诉查无实据', 'Three unproved complaints in twelve months', '2018-03-01'),
  ('graveBreach', 1, 36, '政府购买服务管理办法 第二十五条', '严重违约', 'Grave breach of a contract', '2020-03-01');
grant select on bad_record_kind to :app;
revoke insert, update on bad_record_kind from :app, :consumer;

create table bad_record (
  id text primary key,
  street text not null,
  organisation_id text not null references organisation (id),
  kind text not null,
  valid_from date not null,
  valid_to date not null,
  document text not null check (length(document) between 1 and 200),
  recorded_by text not null,
  confirmed_by text,
  revoked_by text,
  version int not null,
  constraint "a bad record ends after it began" check (valid_to >= valid_from),
  constraint "who enters a bad record does not confirm it" check (confirmed_by <> recorded_by),
  constraint "who confirmed a bad record does not revoke it" check (revoked_by <> confirmed_by)
);
create index on bad_record (organisation_id, valid_to);

-- Read model of evaluation events.
create table evaluation_result (
  evaluation_id text primary key,
  street text not null,
  organisation_id text not null,
  contract_id text not null,
  instalment_id text not null,
  attempt int not null,
  score int not null check (score between 0 and 10000),
  finalised_at timestamptz(3) not null
);
create index on evaluation_result (organisation_id, finalised_at);
revoke insert, update on evaluation_result from :app;

${rlsPolicies('rating', "mulin.sees_street(street) and (confirmed_by is not null or current_setting('app.staff', true) = 'on')")}
${rlsPolicies('bad_record', "mulin.sees_street(street) and (confirmed_by is not null or current_setting('app.staff', true) = 'on')")}
${rlsPolicies('evaluation_result')}
`,
};
