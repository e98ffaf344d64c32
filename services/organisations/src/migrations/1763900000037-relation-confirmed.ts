import type { Migration } from '@mulin/database';

/**
 * A relation unseats experts and keeps bids unopened; so it counts for nobody until a second person has confirmed it. Those
 * that were told before this rule count as they did, confirmed by nobody who is known.
 */
export const relationConfirmed: Migration = {
  name: '1763900000037-relation-confirmed',
  up: /* sql */ `
alter table relation
  add column confirmed_by text,
  add column confirmed_at timestamptz(3);
update relation set confirmed_at = mulin.now();
alter table relation
  add constraint "who records a relation does not confirm it" check (confirmed_by <> recorded_by),
  add constraint "a relation is confirmed at a time" check (confirmed_by is null or confirmed_at is not null),
  add constraint "a relation is told only when it is confirmed" check (confirmed_at is not null or events = 0),
  add constraint "a relation ends only when it is confirmed"
    check (confirmed_at is not null or (end_proposed_by is null and ended_by is null));
create index on relation (street, id) where confirmed_at is null;

-- From now on a relation begins unconfirmed, and is confirmed once, by somebody.
create function relation_confirm_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' and (new.confirmed_at is not null or new.confirmed_by is not null)
    or tg_op = 'UPDATE' and (
      new.recorded_by is distinct from old.recorded_by
      or (new.confirmed_at, new.confirmed_by) is distinct from (old.confirmed_at, old.confirmed_by)
        and (old.confirmed_at is not null or new.confirmed_by is null)) then
    raise exception 'the relation % was confirmed by nobody', new.id
      using errcode = '23514', constraint = 'a relation is confirmed by a second person';
  end if;
  return new;
end $$;
create trigger relation_confirm_guard before insert or update on relation
  for each row execute function relation_confirm_guard();

-- What other services compute recusal from is what they are told: so nothing is told of it before.
create function relation_told_guard() returns trigger language plpgsql as $$
begin
  if not exists (select from relation where id = new.aggregateid and confirmed_at is not null) then
    raise exception 'the relation % would be told before a second person confirmed it', new.aggregateid
      using errcode = '23514', constraint = 'a relation is confirmed by a second person';
  end if;
  return new;
end $$;
create trigger relation_told_guard before insert on mulin.outbox
  for each row when (new.aggregatetype = 'relation') execute function relation_told_guard();
`,
};
