import type { Migration } from '@mulin/database';

/** Each lot stands for itself (包件): one with too few bids fails alone, and the others go on. */
export const lots: Migration = {
  name: '1763900000011-lots',
  up: /* sql */ `
alter table lot add column failed_because text;
-- The file of a public tender changes no more; that a lot came to nothing is written once.
create function lot_guard() returns trigger language plpgsql as $$
declare
  touched text := case tg_op when 'DELETE' then old.tender_id else new.tender_id end;
begin
  if tg_op = 'UPDATE' and old.failed_because is null
      and to_jsonb(new) - 'failed_because' = to_jsonb(old) - 'failed_because' then
    return new;
  end if;
  if exists (select from tender where id = touched and state <> 'draft') then
    raise exception 'the file of % is public', touched
      using errcode = '23514', constraint = 'a tender file changes only while it is drafted';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
drop trigger part_guard on lot;
create trigger lot_guard before insert or update or delete on lot
  for each row execute function lot_guard();
insert into bid_step values ('opened', 'returned'), ('priced', 'returned'), ('compliant', 'returned');

create function failed_lot_guard() returns trigger language plpgsql as $$
begin
  if exists (select from lot where id = new.lot_id and failed_because is not null) then
    raise exception 'the lot % has failed', new.lot_id
      using errcode = '23514', constraint = 'a lot that failed is awarded to nobody';
  end if;
  return new;
end $$;
create trigger failed_lot_guard before insert on award for each row execute function failed_lot_guard();
`,
};
