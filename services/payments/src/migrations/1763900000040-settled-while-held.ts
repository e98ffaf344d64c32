import type { Migration } from '@mulin/database';

/** A payment that the bank made although its contract was held is recorded, and marked for the auditors. */
export const markedWhileHeld: Migration = {
  name: '1763900000040-settled-while-held',
  up: /* sql */ `
alter table payment_order add column settled_while_held boolean not null default false
  constraint "only what is settled was settled while held" check (not settled_while_held or settled_at is not null);
create index on payment_order (street, id) where settled_while_held;

-- Whoever writes it: the mark is the database's, and stays.
create function held_mark() returns trigger language plpgsql as $$
begin
  new.settled_while_held := old.settled_while_held
    or (new.state = 'SETTLED' and old.state <> 'SETTLED' and is_held(new.contract_id));
  return new;
end $$;
create trigger held_mark before update on payment_order for each row execute function held_mark();
`,
};
