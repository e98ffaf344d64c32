import type { Migration } from '@mulin/database';

/** What the office tried and was refused is seen by its auditors at once; what a bidder tried waits for the deadline. */
export const refusalsAtOnce: Migration = {
  name: '1763900000033-refusals-at-once',
  up: /* sql */ `
-- Whether somebody of the office was refused: written by the database, by whom the transaction is. Of what was written
-- before it is not known, and stays as secret as it was.
alter table refusal_log add column by_office boolean not null default false;
alter table refusal_log alter column by_office set default mulin.is_office();

-- An officer who tries to open or to publish too early tells nothing of who bids, and must be seen while it happens. A
-- refused bid tells that somebody bids, a refused challenge whether its filer does, a refused judge who judges: these stay
-- unknown as long as the bid or the judge does (87号令 第二十八条、第四十七条). Who does not act for the office may bid.
create function told_too_much(subject text, by_office boolean) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from tender left join bid on bid.tender_id = tender.id and bid.id = told_too_much.subject
      where (bid.id is not null or (tender.id = told_too_much.subject and not told_too_much.by_office))
        and (tender.deadline + interval '10 seconds' > mulin.now()
          or exists (select from final_offer_call where tender_id = tender.id and opened_at is null)))
    or exists (select from committee where id = told_too_much.subject and not is_announced(id))
$$;
revoke execute on function told_too_much(text, boolean) from public;
grant execute on function told_too_much(text, boolean) to :app;

alter policy "staff read what was refused in their street" on refusal_log
  using (mulin.sees_street(street) and current_setting('app.staff', true) = 'on'
    and (actor = current_setting('app.actor', true) or not told_too_much(subject, by_office)));
alter policy "one writes of oneself" on refusal_log
  with check (mulin.sees_street(street) and actor = current_setting('app.actor', true)
    and by_office = mulin.is_office());
drop function told_too_much(text);

-- The log is read from its end: of the street, of somebody, of one mutation.
create index on refusal_log (street, at, id);
create index on refusal_log (actor, at, id);
create index on refusal_log (operation, at, id);
`,
};
