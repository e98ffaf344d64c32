import { type Migration, rlsPolicies } from '@mulin/database';

/** Nothing is tendered on money that does not exist: the funds of payments, as its events told them. */
export const knownFunds: Migration = {
  name: '1763900000023-known-funds',
  up: /* sql */ `
-- Events of a contract may come before those of its fund: until the fund is told, its street and year are not known.
create table known_fund (
  id text primary key,
  street text,
  fiscal_year int,
  is_open boolean not null default true,
  appropriated_fen bigint not null default 0,
  -- Reserved for contracts, less what went back.
  promised_fen bigint not null default 0
);
create table known_commitment (
  contract_id text not null,
  request_no int not null,
  fund_id text not null,
  amount_fen bigint not null,
  released boolean not null default false,
  primary key (contract_id, request_no, fund_id)
);
revoke insert, update on known_fund, known_commitment from :app;
${rlsPolicies('known_fund', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}
${rlsPolicies('known_commitment', 'false')}

-- By which article money that is not there keeps a line from the budget or a tender from the public.
create table budget_rule (
  code text not null check (code in ('fundUnknown', 'fundClosed', 'fundOfOtherYear', 'fundExceeded')),
  in_force_from date not null,
  article text not null,
  primary key (code, in_force_from)
);
insert into budget_rule values
  ('fundUnknown', '2015-01-01', '政府采购法 第六条、预算法 第十三条'),
  ('fundClosed', '2015-01-01', '政府采购法 第六条、预算法 第十三条'),
  ('fundOfOtherYear', '2015-01-01', '预算法 第十八条'),
  ('fundExceeded', '2015-01-01', '政府采购法 第六条、预算法 第十三条');
grant select on budget_rule to :app, :consumer, :checks;
revoke insert, update on budget_rule from :app, :consumer;

-- The year whose budget carries an instalment, as contracts counts it.
create function instalment_year(instalment jsonb, terms jsonb) returns int language sql immutable as $$
  select left(coalesce(instalment ->> 'periodTo', terms ->> 'from'), 4)::int
$$;
create function fund_guard() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
declare
  lacking text;
begin
  select instalment ->> 'fundId' into lacking
    from jsonb_array_elements(new.contract_terms -> 'instalments') instalment
    where not exists (select from known_fund
      where id = instalment ->> 'fundId' and known_fund.street = new.street and is_open
        and fiscal_year >= instalment_year(instalment, new.contract_terms))
    limit 1;
  if lacking is not null then
    raise exception 'the fund % cannot carry %', lacking, new.id
      using errcode = '23514', constraint = 'a tender is published on funds that exist';
  end if;
  return new;
end $$;
create trigger fund_guard before update on tender for each row
  when (old.state = 'draft' and new.state = 'published') execute function fund_guard();
`,
};
