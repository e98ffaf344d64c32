import { type Migration, rlsPolicies } from '@mulin/database';

/** Orders of a suspended contract wait (实施条例 第五十四条). */
export const holds: Migration = {
  name: '1763900000005-holds',
  up: /* sql */ `
create table held_contract (
  contract_id text primary key,
  street text not null,
  organisation_id text not null,
  held_since timestamptz(3) not null
);
grant delete on held_contract to :consumer;
revoke insert, update on held_contract from :app;

create function is_held(contract text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from held_contract where contract_id = contract)
$$;
create function hold_guard() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and new.state in ('APPROVED', 'SETTLED') and is_held(new.contract_id) then
    raise exception 'the contract of % is suspended', new.id
      using errcode = '23514', constraint = 'orders of a suspended contract wait';
  end if;
  return new;
end $$;
create trigger hold_guard before update on payment_order
  for each row execute function hold_guard();
${rlsPolicies('held_contract')}
`,
};
