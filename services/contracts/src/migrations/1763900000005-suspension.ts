import type { Migration } from '@mulin/database';

/** A held tender holds its contracts: nobody signs, and the time to sign stands still. */
export const suspension: Migration = {
  name: '1763900000005-suspension',
  up: /* sql */ `
alter table contract add column suspended_since timestamptz(3);
insert into termination_reason (code, article, title_zh, title_en, in_force_from) values
  ('awardInvalid', '财政部令第94号 第三十二条', '中标结果被认定无效', 'The award was found invalid', '2018-03-01');

create function suspension_guard() returns trigger language plpgsql as $$
begin
  if exists (select from contract where id = new.contract_id and suspended_since is not null) then
    raise exception 'the contract % is suspended', new.contract_id
      using errcode = '23514', constraint = 'nobody signs a suspended contract';
  end if;
  return new;
end $$;
create trigger suspension_guard before insert on signature
  for each row execute function suspension_guard();
`,
};
