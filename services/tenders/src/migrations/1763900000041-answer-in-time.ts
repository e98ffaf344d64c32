import type { Migration } from '@mulin/database';

/**
 * Who lets the term to answer an award notice pass has refused (政府采购法 第四十六条): the award is accepted in its term or
 * not at all. After a hold the term goes on, and who ends the hold writes until when; before that nobody is late.
 */
export const answerInTime: Migration = {
  name: '1763900000041-answer-in-time',
  up: /* sql */ `
create function answer_guard() returns trigger language plpgsql as $$
begin
  if new.answer_by <= mulin.now()
      and not exists (select from tender where id = new.tender_id and suspended_since is not null) then
    raise exception 'the term to answer the award % is over', new.id
      using errcode = '23514', constraint = 'an award is accepted in its term';
  end if;
  return new;
end $$;
create trigger answer_guard before update on award
  for each row when (old.state = 'noticed' and new.state = 'accepted') execute function answer_guard();
`,
};
