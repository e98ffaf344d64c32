import type { Migration } from '@mulin/database';

/** A contract that was awarded by a tender says what the tender file said: no term of it ever changes. */
export const awarded: Migration = {
  name: '1763900000004-awarded',
  up: /* sql */ `
create index on contract (tender_id) where tender_id is not null;

-- 政府采购法 第四十六条: buyer and winner sign what the tender file and the bid say, and nothing else.
create function awarded_guard() returns trigger language plpgsql as $$
begin
  if old.tender_id is not null and (old.street, old.organisation_id, old.title, old.amount_fen, old.starts_on,
      old.ends_on, old.fiscal_year, old.tender_id, old.rule, old.written_by)
    is distinct from (new.street, new.organisation_id, new.title, new.amount_fen, new.starts_on,
      new.ends_on, new.fiscal_year, new.tender_id, new.rule, new.written_by) then
    raise exception 'the terms of % were awarded', old.id
      using errcode = '23514', constraint = 'awarded terms never change';
  end if;
  return new;
end $$;
create trigger awarded_guard before update on contract for each row execute function awarded_guard();

-- Its instalments and obligations are written with it, in the same transaction, and then never again. Whether a row
-- that is seen was written by this transaction (savepoints included): only then is its writer still in progress.
create function is_being_written(writer xid) returns boolean language sql volatile as $$
  select coalesce(pg_xact_status((((pg_current_xact_id()::text::bigint >> 32) << 32)
    + writer::text::bigint)::text::xid8) = 'in progress', false)
$$;
create function awarded_terms_guard() returns trigger language plpgsql as $$
declare
  touched text := case tg_op when 'DELETE' then old.contract_id else new.contract_id end;
begin
  if tg_op = 'UPDATE' and to_jsonb(new) - 'reserved' = to_jsonb(old) - 'reserved' then return new; end if;
  if exists (select from contract where id = touched and tender_id is not null
      and (tg_op <> 'INSERT' or not is_being_written(contract.xmin))) then
    raise exception 'the terms of % were awarded', touched
      using errcode = '23514', constraint = 'awarded terms never change';
  end if;
  return case tg_op when 'DELETE' then old else new end;
end $$;
create trigger awarded_terms_guard before insert or update or delete on instalment
  for each row execute function awarded_terms_guard();
create trigger awarded_terms_guard before insert or update or delete on obligation
  for each row execute function awarded_terms_guard();
`,
};
