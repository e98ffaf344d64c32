import type { Migration } from '@mulin/database';

/** What was refused: every refusal leaves a row, though its use case wrote nothing. */
export const refusalLog: Migration = {
  name: '1763900000019-refusal-log',
  up: /* sql */ `
create table refusal_log (
  id text primary key,
  street text not null,
  actor text not null check (length(actor) <= 64),
  operation text not null constraint "an operation is a name" check (operation ~ '^[a-zA-Z]{1,64}$'),
  rule_id text not null constraint "a rule has an id, not a text" check (rule_id ~ '^[a-zA-Z0-9.-]{1,64}$'),
  subject text constraint "a subject is an id" check (subject ~ '^[a-z]{3}_[0-9a-f]{32}$'),
  at timestamptz(3) not null
);
create index on refusal_log (street, id);
create index on refusal_log (subject);
revoke update on refusal_log from :app, :consumer;

-- A refused bid tells that somebody bids, a refused judge tells who judges: both stay unknown as long as the bid or
-- the judge does (87号令 第二十八条、第四十七条).
create function told_too_much(subject text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from tender left join bid on bid.tender_id = tender.id and bid.id = told_too_much.subject
      where (tender.id = told_too_much.subject or bid.id is not null)
        and (tender.deadline + interval '10 seconds' > mulin.now()
          or exists (select from final_offer_call where tender_id = tender.id and opened_at is null)))
    or exists (select from committee where id = told_too_much.subject and not is_announced(id))
$$;
revoke execute on function told_too_much(text) from public;
grant execute on function told_too_much(text) to :app;

alter table refusal_log enable row level security;
alter table refusal_log force row level security;
create policy "staff read what was refused in their street" on refusal_log for select to :app
  using (mulin.sees_street(street) and current_setting('app.staff', true) = 'on'
    and (actor = current_setting('app.actor', true) or not told_too_much(subject)));
create policy "one writes of oneself" on refusal_log for insert to :app
  with check (mulin.sees_street(street) and actor = current_setting('app.actor', true));
create policy "consumers and migrations span streets" on refusal_log to :consumer, :migrate
  using (true) with check (true);
create policy "checks read everything" on refusal_log for select to :checks using (true);
`,
};
