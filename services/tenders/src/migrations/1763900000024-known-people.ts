import { type Migration, rlsPolicies } from '@mulin/database';

/** Whoever stands for the buyer on a committee is somebody: the register of the street knows them. */
export const knownPeople: Migration = {
  name: '1763900000024-known-people',
  up: /* sql */ `
create table known_person (
  id text primary key,
  street text not null
);
revoke insert, update on known_person from :app;
${rlsPolicies('known_person', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}

create function buyer_guard() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from known_person where id = new.person_id and street = new.street) then
    raise exception 'nobody in % knows %', new.street, new.person_id
      using errcode = '23514', constraint = 'who stands for the buyer is known to the register';
  end if;
  return new;
end $$;
create trigger buyer_guard before insert or update of person_id, role on committee_member for each row
  when (new.role = 'buyer') execute function buyer_guard();
`,
};
