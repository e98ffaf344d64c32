import type { Migration } from '@mulin/database';

/** A hold stops approvals. What was approved before it and paid by the bank is recorded, held or not. */
export const settledWhileHeld: Migration = {
  name: '1763900000006-settled-while-held',
  up: /* sql */ `
create or replace function hold_guard() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and new.state = 'APPROVED' and is_held(new.contract_id) then
    raise exception 'the contract of % is suspended', new.id
      using errcode = '23514', constraint = 'orders of a suspended contract wait';
  end if;
  return new;
end $$;
`,
};
