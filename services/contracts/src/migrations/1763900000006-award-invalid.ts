import type { Migration } from '@mulin/database';

/** What an upheld challenge does to the contract of an award that fell, and what waits while a contract is suspended. */
export const awardInvalid: Migration = {
  name: '1763900000006-award-invalid',
  up: /* sql */ `
alter table contract add column suspended_because text;
update contract set suspended_because = 'challenge' where suspended_since is not null;
alter table contract
  add constraint "a suspended contract says why" check ((suspended_since is not null) = (suspended_because is not null)
    and suspended_because in ('challenge', 'awardInvalid'));

-- Told by tenders, perhaps before the contract was drafted here.
create table invalid_award (
  contract_id text primary key,
  street text not null,
  told_at timestamptz(3) not null default mulin.now()
);
alter table invalid_award enable row level security;
alter table invalid_award force row level security;
create policy "consumers and migrations span streets" on invalid_award to :consumer, :migrate
  using (true) with check (true);
create policy "checks read everything" on invalid_award for select to :checks using (true);
revoke insert, update on invalid_award from :app;

-- 应当中止履行: a suspended contract neither begins nor runs out, and nothing that happened meanwhile is reported on it.
create function performance_guard() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'contract' then
    if new.state <> old.state and new.state in ('active', 'completed') and old.suspended_since is not null then
      raise exception 'the contract % is suspended', new.id
        using errcode = '23514', constraint = 'a suspended contract neither begins nor runs out';
    end if;
  elsif exists (select from contract where id = new.contract_id and suspended_since <= new.occurred_at) then
    raise exception 'the contract % is suspended', new.contract_id
      using errcode = '23514', constraint = 'nothing happens on a suspended contract';
  end if;
  return new;
end $$;
create trigger performance_guard before update on contract for each row execute function performance_guard();
create trigger performance_guard before insert on fulfilment for each row execute function performance_guard();
create trigger performance_guard before insert on breach for each row execute function performance_guard();
`,
};
