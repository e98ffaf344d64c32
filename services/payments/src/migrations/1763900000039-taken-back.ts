import type { Migration } from '@mulin/database';

/** An advance that went back to the fund, because its contract ended before it began, is ordered no more. */
export const takenBack: Migration = {
  name: '1763900000039-taken-back',
  up: /* sql */ `
create function was_taken_back(decision_id text) returns boolean language sql stable as $$
  select exists (
    select from decision released
    join decision later on later.instalment_id = released.instalment_id and later.no > released.no
    where released.id = decision_id and released.posted_released_fen > 0 and later.posted_released_fen < 0)
$$;
create function taken_back_guard() returns trigger language plpgsql as $$
begin
  if was_taken_back(new.decision_id) then
    raise exception 'what % released was taken back', new.decision_id
      using errcode = '23514', constraint = 'what was taken back is not paid';
  end if;
  return new;
end $$;
create trigger taken_back_guard before insert on payment_order for each row execute function taken_back_guard();
`,
};
