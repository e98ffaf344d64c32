import type { Migration } from '@mulin/database';

/**
 * The finance department's notice holds a tender while it handles a complaint (政府采购法 第五十七条): it is not older than the
 * complaint that it answers. What was recorded before this rule stays as it is, and its complaint can still be decided.
 */
export const noticeOfComplaint: Migration = {
  name: '1763900000039-notice-of-complaint',
  up: /* sql */ `
create function complaint_notice_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.notice_date is not distinct from old.notice_date then return new; end if;
  if new.notice_date < (new.filed_at at time zone 'Asia/Shanghai')::date then
    raise exception 'the notice of % is older than the complaint', new.id
      using errcode = '23514', constraint = 'a notice is not older than the complaint it answers';
  end if;
  return new;
end $$;
create trigger complaint_notice_guard before insert or update on challenge
  for each row when (new.notice_date is not null) execute function complaint_notice_guard();
`,
};
