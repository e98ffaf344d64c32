import type { Migration } from '@mulin/database';

/**
 * A complaint is about what was challenged (政府采购法实施条例 第五十五条), or about the answer to that (94号令 第二十条): each of
 * its grounds says which ground it goes on from, or that it is about an answer that there is.
 */
export const whatWasChallenged: Migration = {
  name: '1763900000041-what-was-challenged',
  up: /* sql */ `
create function complaint_grounds_guard() returns trigger language plpgsql as $$
begin
  if exists (
    select from jsonb_array_elements(new.grounds) ground
      left join challenge before on before.id = new.previous_id
    where not coalesce(case
      when (ground -> 'aboutAnswer') = 'true'::jsonb then before.state in ('answered', 'rejected')
      else (ground ->> 'goesOnFrom')::int between 1 and jsonb_array_length(before.grounds) end, false)
  ) then
    raise exception 'the complaint % goes beyond what was challenged', new.id
      using errcode = '23514', constraint = 'a complaint is about what was challenged';
  end if;
  return new;
end $$;
create trigger complaint_grounds_guard before insert on challenge
  for each row when (new.kind = 'complaint') execute function complaint_grounds_guard();
`,
};
