import type { Migration } from '@mulin/database';

/** The end of a relation switches a duty of recusal off in time: two people see to it, never the one bound. */
export const relationEnd: Migration = {
  name: '1763900000013-relation-end',
  up: /* sql */ `
alter table relation
  add column end_proposed_to date,
  add column end_proposed_by text,
  add column ended_by text,
  add column ended_at timestamptz(3),
  add constraint "a proposed end has its day and its proposer"
    check ((end_proposed_to is null) = (end_proposed_by is null)),
  add constraint "a confirmed end is the one that was proposed"
    check (ended_by is null or (valid_to is not null and valid_to = end_proposed_to)),
  add constraint "an end is confirmed at a time" check ((ended_by is null) = (ended_at is null)),
  add constraint "two different people end a relation" check (ended_by <> end_proposed_by),
  add constraint "nobody ends the relation that binds himself"
    check (end_proposed_by <> person_id and ended_by <> person_id),
  add constraint "a relation does not end in the future"
    check (valid_to <= (ended_at at time zone 'Asia/Shanghai')::date);

-- A relation may be recorded with its last day; afterwards only a confirmed end sets one, once.
create function relation_end_guard() returns trigger language plpgsql as $$
begin
  if new.valid_to is distinct from old.valid_to and (old.valid_to is not null or new.ended_by is null)
    or (new.person_id, new.organisation_id, new.kind, new.valid_from)
      is distinct from (old.person_id, old.organisation_id, old.kind, old.valid_from) then
    raise exception 'the relation % is changed by nobody alone', new.id
      using errcode = '23514', constraint = 'a relation is ended by two people';
  end if;
  return new;
end $$;
create trigger relation_end_guard before update on relation
  for each row execute function relation_end_guard();
`,
};
