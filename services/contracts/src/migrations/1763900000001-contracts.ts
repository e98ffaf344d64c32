import { type Migration, rlsPolicies } from '@mulin/database';

/** Contracts with their terms and signatures, and the organisations one may contract with. */
export const contracts: Migration = {
  name: '1763900000001-contracts',
  up: /* sql */ `
-- Read model of organisation events: whom the street registered, verified, or barred for a time.
create table organisation (
  id text primary key,
  street text not null,
  name text not null,
  verified boolean not null default false,
  restricted_until date
);
create index on organisation (street, id);

-- The grounds on which a contract may end early are law, and law changes: they are rows.
create table termination_reason (
  code text primary key,
  article text not null,
  title_zh text not null,
  title_en text not null,
  in_force_from date not null,
  in_force_to date
);
insert into termination_reason (code, article, title_zh, title_en, in_force_from) values
  ('publicInterest', '政府采购法 第五十条第二款', '继续履行将损害国家利益和社会公共利益',
    'Going on would harm the state or the public interest', '2003-01-01'),
  ('breach', '民法典 第五百六十三条', '一方根本违约', 'Fundamental breach by one side', '2021-01-01'),
  ('forceMajeure', '民法典 第五百六十三条第一款第一项', '不可抗力', 'Force majeure', '2021-01-01'),
  ('agreement', '民法典 第五百六十二条', '双方协商一致', 'Agreement of both sides', '2021-01-01');
grant select on termination_reason to :app, :consumer, :checks;
revoke insert, update on termination_reason from :app, :consumer;

create table contract_step (from_state text, to_state text, primary key (from_state, to_state));
insert into contract_step values
  ('drafted', 'awaitingFunds'), ('drafted', 'cancelled'),
  ('awaitingFunds', 'funded'), ('awaitingFunds', 'drafted'), ('awaitingFunds', 'cancelled'),
  ('funded', 'signed'), ('funded', 'cancelled'),
  ('signed', 'active'), ('signed', 'terminated'),
  ('active', 'completed'), ('active', 'terminated');
revoke insert, update on contract_step from :app, :consumer;

create table contract (
  id text primary key,
  street text not null,
  organisation_id text not null,
  title text not null
    constraint "a contract has a title" check (length(title) between 1 and 200),
  amount_fen bigint not null
    constraint "an amount is more than nothing and at most 10^14 fen"
    check (amount_fen > 0 and amount_fen <= 100000000000000),
  starts_on date not null,
  ends_on date not null,
  fiscal_year int not null,
  tender_id text,
  rule jsonb not null,
  state text not null constraint "a contract is in a state of the table" check (state in (
    'drafted', 'awaitingFunds', 'funded', 'signed', 'active', 'completed', 'terminated', 'cancelled')),
  request_no int not null default 0,
  funds_refusal jsonb,
  drafted_at timestamptz(3) not null,
  written_by text[] not null,
  funded_at timestamptz(3),
  signed_at timestamptz(3),
  activated_at timestamptz(3),
  completed_on date,
  cancelled_at timestamptz(3),
  termination_reason text references termination_reason (code),
  termination_day date,
  termination_proposed_by text,
  terminated_by text,
  version int not null,
  events int not null default 0,
  constraint "a term ends after it began" check (ends_on >= starts_on),
  constraint "nobody signs before the money is reserved" check (signed_at is null or funded_at is not null),
  constraint "a running contract was signed"
    check (state not in ('signed', 'active', 'completed', 'terminated') or signed_at is not null),
  constraint "two people end a contract early" check (terminated_by <> termination_proposed_by),
  constraint "a contract ends early for a reason, by two people" check ((state = 'terminated') =
    (terminated_by is not null and termination_proposed_by is not null
      and termination_reason is not null and termination_day is not null)),
  unique (id, street, organisation_id),
  unique (id, written_by)
);
create index on contract (street, id);
create index on contract (organisation_id, id);
create index on contract (street, ends_on, id);
create index on contract (street, starts_on, id);
create index on contract (starts_on) where state = 'signed';
create index on contract using gin (title gin_trgm_ops);

create table instalment (
  id text primary key,
  contract_id text not null,
  street text not null,
  organisation_id text not null,
  no int not null constraint "instalments are numbered from one" check (no > 0),
  kind text not null constraint "an instalment is an advance or evaluated"
    check (kind in ('advance', 'evaluated')),
  amount_fen bigint not null constraint "an instalment is more than nothing" check (amount_fen > 0),
  period_from date,
  period_to date,
  fund_id text not null,
  fiscal_year int not null,
  reserved boolean not null default false,
  constraint "evaluated instalments have a period, advances none"
    check ((kind = 'evaluated') = (period_from is not null and period_to is not null)),
  constraint "a period ends after it began" check (period_to >= period_from),
  constraint "a number stands once in a contract" unique (contract_id, no),
  foreign key (contract_id, street, organisation_id) references contract (id, street, organisation_id)
);

create table obligation (
  id text primary key,
  contract_id text not null,
  street text not null,
  organisation_id text not null,
  position int not null,
  code text not null constraint "a code is small letters, digits and hyphens"
    check (code ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(code) <= 64),
  title text not null check (length(title) between 1 and 200),
  metric text check (length(metric) between 1 and 500),
  constraint "a code stands once in a contract" unique (contract_id, code),
  foreign key (contract_id, street, organisation_id) references contract (id, street, organisation_id)
);
grant delete on instalment, obligation to :app;

create table signature (
  id text primary key,
  contract_id text not null,
  street text not null,
  organisation_id text not null,
  side text not null check (side in ('buyer', 'provider')),
  signed_by text not null,
  written_by text[] not null,
  text_hash text not null check (text_hash ~ '^sha256:[0-9a-f]{64}$'),
  signed_at timestamptz(3) not null,
  constraint "each side signs once" unique (contract_id, side),
  constraint "two sides are two people" unique (contract_id, signed_by),
  constraint "who wrote the terms does not sign them for the buyer"
    check (side <> 'buyer' or not signed_by = any (written_by)),
  foreign key (contract_id, written_by) references contract (id, written_by),
  foreign key (contract_id, street, organisation_id) references contract (id, street, organisation_id)
);
revoke update on signature from :app, :consumer;

create function contract_guard() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and not exists (
    select from contract_step where from_state = old.state and to_state = new.state) then
    raise exception 'a contract never goes from % to %', old.state, new.state
      using errcode = '23514', constraint = 'a contract goes only the ways of the table';
  end if;
  if old.state <> 'drafted' and (old.street, old.organisation_id, old.title, old.amount_fen, old.starts_on,
      old.ends_on, old.fiscal_year, old.tender_id, old.rule, old.written_by)
    is distinct from (new.street, new.organisation_id, new.title, new.amount_fen, new.starts_on,
      new.ends_on, new.fiscal_year, new.tender_id, new.rule, new.written_by) then
    raise exception 'the terms of % are fixed', old.id
      using errcode = '23514', constraint = 'terms change only while the contract is drafted';
  end if;
  return new;
end $$;
create trigger contract_guard before update on contract
  for each row execute function contract_guard();

-- Instalments and obligations are terms too; only the mark that the money is reserved moves later.
create function terms_guard() returns trigger language plpgsql as $$
declare
  touched text := case tg_op when 'DELETE' then old.contract_id else new.contract_id end;
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - 'reserved' = to_jsonb(old) - 'reserved' then return new; end if;
  if exists (select from contract where id = touched and state <> 'drafted') then
    raise exception 'the terms of % are fixed', touched
      using errcode = '23514', constraint = 'terms change only while the contract is drafted';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger terms_guard before insert or update or delete on instalment
  for each row execute function terms_guard();
create trigger terms_guard before insert or update or delete on obligation
  for each row execute function terms_guard();

-- Looked at when the transaction commits, when contract and instalments are all written.
create function sum_guard() returns trigger language plpgsql as $$
declare
  touched text := case when tg_table_name = 'contract' then to_jsonb(new) ->> 'id'
    else coalesce(to_jsonb(new), to_jsonb(old)) ->> 'contract_id' end;
begin
  if exists (select from contract where id = touched and amount_fen is distinct from
      (select sum(amount_fen) from instalment where contract_id = touched)) then
    raise exception 'the instalments of % do not sum to its amount', touched
      using errcode = '23514', constraint = 'instalments sum to the amount of the contract';
  end if;
  return null;
end $$;
create constraint trigger sum_guard after insert or update of amount_fen on contract
  deferrable initially deferred for each row execute function sum_guard();
create constraint trigger sum_guard after insert or update of amount_fen or delete on instalment
  deferrable initially deferred for each row execute function sum_guard();

-- Ids are made by clients and unique in the whole database; the app role sees its own rows only, so it
-- asks here and learns which are taken, nothing else.
create function taken_ids(wanted text[], except_contract text) returns setof text
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select id from contract where id = any (wanted) and id is distinct from except_contract
    union all
    select id from instalment where id = any (wanted) and contract_id is distinct from except_contract
  $$;
revoke execute on function taken_ids(text[], text) from public;
grant execute on function taken_ids(text[], text) to :app;

${rlsPolicies('organisation', 'mulin.sees(street, id)')}
${rlsPolicies('contract')}
${rlsPolicies('instalment')}
${rlsPolicies('obligation')}
${rlsPolicies('signature')}
`,
};
