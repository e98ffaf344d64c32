import { type Migration, rlsPolicies } from '@mulin/database';

/**
 * What evaluations knows of contracts and people, read from their events; and the numbers of the
 * procedure (windows, years), each a row with its article and the day from which it holds.
 */
export const terms: Migration = {
  name: '1763900000010-terms',
  up: /* sql */ `
create table term (
  contract_id text primary key,
  street text not null,
  organisation_id text not null,
  starts_on date not null,
  ends_on date not null,
  rule_version int not null,
  rule jsonb not null,
  completed_on date,
  terminated_on date
);
create index on term (street, contract_id);
create index on term (organisation_id);

create table term_instalment (
  id text primary key,
  contract_id text not null references term (contract_id),
  street text not null,
  organisation_id text not null,
  no int not null,
  kind text not null constraint "an instalment is an advance or evaluated"
    check (kind in ('advance', 'evaluated')),
  period_from date,
  period_to date,
  -- Set when nothing here can decide this instalment any more.
  closed_at timestamptz(3),
  constraint "an instalment has one number in its contract" unique (contract_id, no),
  constraint "an evaluated instalment has a period" check (kind = 'advance' or period_to >= period_from)
);
create index on term_instalment (street, id) where kind = 'evaluated' and closed_at is null;

create table fulfilment (
  id text primary key,
  contract_id text not null,
  street text not null,
  organisation_id text not null,
  obligation text not null,
  status text not null,
  occurred_at timestamptz(3) not null
);
create index on fulfilment (contract_id, obligation, occurred_at);

create table breach (
  id text primary key,
  contract_id text not null,
  street text not null,
  organisation_id text not null,
  obligation text not null,
  occurred_at timestamptz(3) not null
);
create index on breach (contract_id, occurred_at);

-- A breach is charged when an evaluation that names it becomes final: once, to one instalment.
create table charge (
  breach_id text constraint "a breach is charged once" primary key references breach (id),
  contract_id text not null,
  instalment_id text not null references term_instalment (id),
  evaluation_id text not null,
  street text not null,
  organisation_id text not null,
  charged_at timestamptz(3) not null
);
create index on charge (instalment_id);
create index on charge (contract_id);

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

create table procedure_rule (
  code text not null,
  in_force_from date not null,
  value int not null constraint "a term is positive" check (value > 0),
  unit text not null check (unit in ('workingDays', 'years')),
  article text not null,
  title_zh text not null,
  title_en text not null,
  primary key (code, in_force_from)
);
insert into procedure_rule values
  ('appeal.window', '2015-03-01', 7, 'workingDays', '政府采购法 第五十二条（参照）',
   '评估结果异议期', 'Time to appeal against a result'),
  ('recusal', '2015-03-01', 3, 'years', '政府采购法实施条例 第九条', '回避', 'Recusal');
revoke insert, update on procedure_rule from :app, :consumer;

${rlsPolicies('term')}
${rlsPolicies('term_instalment')}
${rlsPolicies('fulfilment')}
${rlsPolicies('breach')}
${rlsPolicies('charge')}
${rlsPolicies('relation', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}

-- Why a person must keep out of an organisation's matters on a day (回避): the relation that lasts
-- longest, or no row. It sees all relations, so that row-level security cannot hide a conflict.
create function recusal_of(person text, organisation text, on_day date)
  returns table (relation_id text, kind text, until date)
  language sql stable security definer set search_path = public, pg_temp as $$
  select relation.id, relation.kind, (relation.valid_to + make_interval(years => rule.value))::date
  from relation, lateral (select value from procedure_rule
    where code = 'recusal' and in_force_from <= on_day order by in_force_from desc limit 1) rule
  where relation.person_id = person and relation.organisation_id = organisation
    and relation.valid_from <= on_day
    and (relation.valid_to is null or relation.valid_to + make_interval(years => rule.value) >= on_day)
  order by relation.valid_to desc nulls first, relation.id
  limit 1 $$;
revoke execute on function recusal_of(text, text, date) from public;
grant execute on function recusal_of(text, text, date) to :app, :consumer;
`,
};
