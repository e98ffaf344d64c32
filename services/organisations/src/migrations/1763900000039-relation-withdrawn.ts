import type { Migration } from '@mulin/database';

/**
 * What was recorded by mistake is taken back before anybody confirms it: it counted for nobody, and never will. The row stays,
 * with who took it back and when; and who is bound by it cannot make it disappear.
 */
export const relationWithdrawn: Migration = {
  name: '1763900000039-relation-withdrawn',
  up: /* sql */ `
alter table relation
  add column withdrawn_by text,
  add column withdrawn_at timestamptz(3),
  add constraint "a withdrawal has its person and its time" check ((withdrawn_by is null) = (withdrawn_at is null)),
  add constraint "what counts is ended, not withdrawn" check (withdrawn_at is null or confirmed_at is null),
  add constraint "nobody withdraws the relation that binds himself" check (withdrawn_by <> person_id);

create function relation_withdrawn_guard() returns trigger language plpgsql as $$
begin
  raise exception 'the relation % was withdrawn', old.id
    using errcode = '23514', constraint = 'a withdrawn relation stays withdrawn';
end $$;
create trigger relation_withdrawn_guard before update on relation
  for each row when (old.withdrawn_at is not null) execute function relation_withdrawn_guard();
`,
};
