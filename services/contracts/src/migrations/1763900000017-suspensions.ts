import { type Migration, rlsPolicies } from '@mulin/database';

/** When a contract was suspended: nothing was to be performed then, so nothing of it is charged afterwards either. */
export const suspensions: Migration = {
  name: '1763900000017-suspensions',
  up: /* sql */ `
create table suspension (
  contract_id text not null references contract,
  street text not null,
  organisation_id text not null,
  since timestamptz(3) not null,
  until timestamptz(3) not null,
  primary key (contract_id, since)
);
revoke insert, update on suspension from :app, :consumer;
${rlsPolicies('suspension')}

create function suspension_over() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into suspension values (old.id, old.street, old.organisation_id, old.suspended_since, mulin.now())
    on conflict do nothing;
  return null;
end $$;
create trigger suspension_over after update on contract for each row
  when (old.suspended_since is not null and new.suspended_since is null) execute function suspension_over();

create function happened_in_time() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (select from suspension where contract_id = new.contract_id
      and since <= new.occurred_at and new.occurred_at < until) then
    raise exception 'the contract % was suspended', new.contract_id
      using errcode = '23514', constraint = 'nothing happens on a suspended contract';
  end if;
  return new;
end $$;
create trigger happened_in_time before insert on fulfilment for each row execute function happened_in_time();
create trigger happened_in_time before insert on breach for each row execute function happened_in_time();
`,
};
