import { type Migration, rlsPolicies } from '@mulin/database';

/**
 * Funds and the double-entry ledger. What the ledger promises is kept by the database itself: a transfer
 * is one row and moves the same fen out of one account and into another; balances are moved by the insert
 * of a transfer and by nothing else; no row is ever changed or removed, whoever asks.
 */
export const ledger: Migration = {
  name: '1763900000000-ledger',
  up: /* sql */ `
create table fund (
  id text primary key,
  street text not null,
  fiscal_year integer not null
    constraint "a fund belongs to one fiscal year" check (fiscal_year between 2000 and 2999),
  title text not null,
  state text not null
    constraint "a fund is open or closed" check (state in ('OPEN', 'CLOSED')),
  opened_by text not null,
  opened_at timestamptz(3) not null default mulin.now(),
  version integer not null
);
create index fund_by_street on fund (street, id);

create table appropriation (
  id text primary key,
  street text not null,
  fund_id text not null references fund,
  amount_fen bigint not null
    constraint "an appropriation brings money" check (amount_fen > 0 and amount_fen <= 100000000000000),
  document text not null,
  state text not null
    constraint "an appropriation is proposed or approved" check (state in ('PROPOSED', 'APPROVED')),
  proposed_by text not null,
  proposed_at timestamptz(3) not null default mulin.now(),
  approved_by text,
  version integer not null,
  constraint "an approved appropriation names who approved it"
    check ((state = 'APPROVED') = (approved_by is not null)),
  constraint "two different people appropriate" check (approved_by <> proposed_by)
);
create index appropriation_by_fund on appropriation (fund_id, id);

-- The chart of accounts. An account's id is readable, kind:owner:fund, so that a transfer explains
-- itself: committed:con_…:fun_… → payable:org_…:fun_….
create table account (
  id text primary key,
  street text not null,
  fiscal_year integer not null,
  kind text not null constraint "an account is one of the chart" check (kind in ('appropriation',
    'available', 'committed', 'retained', 'rectification', 'lapsed', 'payable', 'paid', 'receivable',
    'claims')),
  owner text not null,
  fund_id text not null references fund,
  contract_id text,
  organisation_id text,
  debits bigint not null default 0,
  credits bigint not null default 0,
  constraint "an account is the only one of its kind, owner and fund" unique (kind, owner, fund_id),
  constraint "a fund never commits more than it has" check (kind <> 'available' or credits >= debits),
  constraint "a contract never pays out more than was committed"
    check (kind <> 'committed' or credits >= debits),
  constraint "nobody is paid more than was released" check (kind <> 'payable' or credits >= debits),
  constraint "what is held or was paid is never negative" check (kind not in ('retained',
    'rectification', 'lapsed', 'paid', 'claims') or credits >= debits),
  constraint "where money comes from is never overpaid"
    check (kind not in ('appropriation', 'receivable') or debits >= credits)
) with (fillfactor = 50); -- room for a balance's next version on its page: no index is touched when it moves
create index account_by_fund on account (fund_id);
create index account_by_contract on account (contract_id) where contract_id is not null;

create table transfer (
  id text primary key,
  street text not null,
  fiscal_year integer not null,
  fund_id text not null,
  contract_id text,
  organisation_id text,
  -- The account that the money leaves, and the one where it arrives. That both exist is checked by the
  -- trigger below for the whole statement, which is cheaper than a foreign key for each row.
  debit text not null,
  credit text not null,
  fen bigint not null constraint "a transfer moves at least one fen" check (fen > 0),
  cause_type text not null constraint "every transfer has a cause of the chart" check (cause_type in (
    'appropriation', 'reservation', 'cancellation', 'advance', 'evaluation', 'lapse', 'acceptance',
    'termination', 'reversal', 'settlement', 'return')),
  cause_id text not null,
  -- The decision that it carries out; null where no decision is behind it.
  decision_id text,
  -- The transfer that it takes back.
  reverses text constraint "a transfer is taken back once" unique references transfer,
  at timestamptz(3) not null default mulin.now(),
  constraint "a transfer moves between two accounts" check (debit <> credit),
  constraint "a decision is behind what a decision moves" check ((decision_id is null) = (cause_type in (
    'appropriation', 'reservation', 'cancellation', 'settlement', 'return')))
);
create unique index "a cause without a decision moves money once"
  on transfer (cause_type, cause_id, debit, credit) where decision_id is null;
create index transfer_by_contract on transfer (contract_id, id) where contract_id is not null;
create index transfer_by_fund on transfer (fund_id, id);

-- Balances are moved by the insert of transfers, once per statement. The accounts are held first, in the
-- order of their ids, so that two statements never wait for each other in a circle; FOR NO KEY UPDATE,
-- because nobody changes an account's key. Executed as text, because plpgsql would keep the plan that
-- was best for the first insert of the session, and one transfer is not a thousand.
create function keep_balances() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  named integer;
  moved integer;
begin
  execute 'select count(*) from (
      select account.id from account
      where account.id in (select debit from posted union select credit from posted)
      order by account.id for no key update
    ) held' into moved;
  execute 'select count(*) from (select debit from posted union select credit from posted) side' into named;
  if moved <> named then
    raise exception 'a transfer names an account that does not exist'
      using errcode = 'foreign_key_violation', constraint = 'a transfer names two accounts';
  end if;
  execute 'update account set debits = debits + side.gone, credits = credits + side.come
    from (
      select id, sum(gone)::bigint as gone, sum(come)::bigint as come
      from (select debit as id, fen as gone, 0 as come from posted
            union all select credit, 0, fen from posted) each
      group by id
    ) side where account.id = side.id';
  return null;
end $$;

create function is_append_only() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: a mistake is put right by a new row that names the old one',
    tg_table_name;
end $$;

create function moves_by_transfers_only() returns trigger language plpgsql as $$
begin
  -- Depth 1 is a statement somebody sent; keep_balances() comes here at depth 2.
  if tg_op = 'UPDATE' and pg_trigger_depth() > 1 then return null; end if;
  raise exception 'an account is moved by transfers only';
end $$;

create trigger keep_balances after insert on transfer
  referencing new table as posted for each statement execute function keep_balances();
create trigger is_append_only before update or delete or truncate on transfer
  for each statement execute function is_append_only();
create trigger moves_by_transfers_only before update or delete or truncate on account
  for each statement execute function moves_by_transfers_only();

revoke update on account, transfer from :app, :consumer;

-- Who reserves money holds the funds first. Nobody may update an account, hence nobody may lock one
-- either; this function may, in the order in which transfers do.
create function held_funds(wanted text[])
  returns table (id text, street text, fiscal_year integer, is_open boolean, available bigint)
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  return query
    select fund.id, fund.street, fund.fiscal_year, fund.state = 'OPEN', account.credits - account.debits
    from account join fund on fund.id = account.fund_id
    where account.kind = 'available' and account.fund_id = any(wanted)
    order by account.id for no key update of account;
end $$;
revoke execute on function held_funds(text[]) from public;
grant execute on function held_funds(text[]) to :consumer;

${rlsPolicies('fund', 'mulin.sees(street, null)')}
${rlsPolicies('appropriation', 'mulin.sees(street, null)')}
${rlsPolicies('account')}
${rlsPolicies('transfer')}
`,
};
