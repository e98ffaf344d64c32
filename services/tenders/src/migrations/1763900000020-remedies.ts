import { type Migration, rlsPolicies } from '@mulin/database';

/** 质疑、投诉 that nobody can end before they begin, and what an upheld one changes. */
export const remedies: Migration = {
  name: '1763900000020-remedies',
  up: /* sql */ `
-- The clock for the answer runs from the day it came, whether it was taken in or not (政府采购法 第五十三、五十五条). What
-- waits already gets its day by weekdays: no holiday is known here, and the day of accepting it counts again.
update challenge set due_at = (select (days[case kind when 'inquiry' then 3 when 'challenge' then 7 else 30 end] + 1)::date::timestamp
    at time zone 'Asia/Shanghai' from (select array_agg(day::date order by day) days from generate_series(
      (filed_at at time zone 'Asia/Shanghai')::date + 1, (filed_at at time zone 'Asia/Shanghai')::date + 60, interval '1 day') day
      where extract(isodow from day) < 6) working)
  where state = 'filed' and due_at is null;
alter table challenge
  add constraint "what waits for an answer has its day" check (state not in ('filed', 'accepted')
    or due_at is not null or paused_at is not null);

-- Who is turned away is told why, and may complain from that day on (94号令 第十七条).
alter table challenge add column rejected_because text check (length(rejected_because) between 1 and 2000),
  add column rejected_by text, add column rejected_at timestamptz(3);
update challenge set rejected_because = '（驳回时未记录理由 no reason was kept）', rejected_at = mulin.now() where state = 'rejected';
alter table challenge
  add constraint "who is turned away is told why" check ((state = 'rejected') =
    (rejected_because is not null and rejected_at is not null));

-- What the finance department asked for is not the street's to lift (政府采购法 第五十七条).
update challenge set exemption = null, exempted_by = null, exemption_confirmed_by = null where kind = 'complaint';
alter table challenge
  add constraint "nobody here lifts the finance department's notice" check (kind <> 'complaint'
    or (exemption is null and exempted_by is null and exemption_confirmed_by is null));

-- What an upheld one changes, two people stand for; a dismissed one changes nothing (94号令 第十六条、第三十二条).
alter table challenge drop constraint challenge_effect_check,
  add constraint "an effect is one of the law" check (effect in ('none', 'newTender', 'nextCandidate', 'awardInvalid')),
  add column proposed jsonb, add column proposed_by text,
  add column overturned text[] not null default '{}',
  add constraint "a dismissed challenge changes nothing" check (outcome <> 'dismissed' or effect = 'none'),
  add constraint "awards fall by an effect that says so" check ((cardinality(overturned) > 0)
    = (effect is not null and effect in ('nextCandidate', 'awardInvalid')));
-- Of what was answered before this rule nobody knows a second person.
alter table challenge add constraint "two people stand for what an answer changes" check (effect is null
  or effect = 'none' or coalesce(proposed_by <> answered_by, false)) not valid;

-- An award falls by an upheld challenge, or when its winner is barred; an accepted one when nobody signs.
insert into award_step values ('proposed', 'invalid'), ('announced', 'invalid'), ('noticed', 'invalid'),
  ('accepted', 'invalid'), ('accepted', 'refused');
insert into tender_step values ('awarded', 'resultNotice');
insert into bid_step values ('lost', 'ranked');
alter table award drop constraint award_state_check,
  add constraint "an award is in a state of the table" check (state in
    ('proposed', 'announced', 'noticed', 'accepted', 'refused', 'invalid')),
  drop constraint "what is announced has its notice",
  add constraint "what is announced has its notice" check (state in ('proposed', 'invalid')
    or (announced_by is not null and announced_at is not null and notice_ends_at is not null and stand_still_ends_at is not null)),
  drop constraint "who refuses says why",
  add constraint "who refuses says why" check ((state in ('refused', 'invalid')) = (refusal is not null)),
  drop constraint "an accepted award has its contract",
  add constraint "an accepted award has its contract" check (case state when 'accepted' then contract_id is not null
    when 'refused' then true when 'invalid' then true else contract_id is null end);
drop index "a lot is awarded to one at a time";
create unique index "a lot is awarded to one at a time" on award (lot_id) where state not in ('refused', 'invalid');
create index on award (contract_id) where contract_id is not null;
drop policy "an actor sees the rows of its street and organisation" on award;
create policy "an actor sees the rows of its street and organisation" on award to :app
  using (mulin.sees_street(street) and (announced_at is not null or mulin.is_office()))
  with check (mulin.sees_street(street) and (announced_at is not null or mulin.is_office()));

alter policy "what was published is public" on award
  using (current_setting('app.actor', true) = '' and announced_at is not null);

create function is_barred(organisation_id text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select not exists (select from organisation where id = organisation_id and verified
    and (restricted_until is null or restricted_until < (mulin.now() at time zone 'Asia/Shanghai')::date))
$$;
create or replace function award_guard() returns trigger language plpgsql as $$
declare
  moves text[] := array['state', 'announced_by', 'announced_at', 'notice_ends_at', 'stand_still_ends_at', 'noticed_by',
    'noticed_at', 'answer_by', 'answered_at', 'refusal', 'contract_id', 'version'];
begin
  if tg_op = 'INSERT' and not exists (select from bid where id = new.bid_id and lot_id = new.lot_id
      and price_fen = new.price_fen and state = 'ranked') then
    raise exception 'the award of % is not that of a ranked bid', new.lot_id
      using errcode = '23514', constraint = 'what is awarded is a ranked bid at its price';
  end if;
  if tg_op = 'INSERT' and exists (select from score_report report, jsonb_array_elements(ranking) place
      where report.lot_id = new.lot_id and (place ->> 'rank')::int < new.rank
        and not exists (select from award before where before.bid_id = place ->> 'bidId'
          and before.state in ('refused', 'invalid'))) then
    raise exception 'a better candidate of % has not refused', new.lot_id
      using errcode = '23514', constraint = 'candidates are awarded in their order';
  end if;
  -- A candidate is passed over only when the register bars it today (政府采购法 第二十二条、第七十七条).
  if tg_op = 'INSERT' and new.state not in ('proposed', 'announced') and (new.state <> 'invalid' or not is_barred(new.organisation_id)) then
    raise exception 'the candidate % is not barred', new.bid_id
      using errcode = '23514', constraint = 'who is passed over may not be awarded';
  end if;
  if tg_op = 'INSERT' and new.state <> 'invalid' and is_barred(new.organisation_id) then
    raise exception 'the candidate % is barred', new.bid_id
      using errcode = '23514', constraint = 'nothing is awarded to who may not bid';
  end if;
  if tg_op = 'UPDATE' and to_jsonb(new) - moves is distinct from to_jsonb(old) - moves then
    raise exception 'the award % is settled', old.id
      using errcode = '23514', constraint = 'who is awarded, for how much, never changes';
  end if;
  -- The contract that was drafted stays named, whatever becomes of the award.
  if tg_op = 'UPDATE' and old.contract_id is not null and new.contract_id is distinct from old.contract_id then
    raise exception 'the contract of % was drafted', old.id
      using errcode = '23514', constraint = 'an accepted award has its contract';
  end if;
  -- Whoever acts for an organisation answers its own award only; the staff records silence.
  if tg_op = 'UPDATE' and new.state in ('accepted', 'refused') and old.state = 'noticed'
      and coalesce(current_setting('app.staff', true), '') <> 'on'
      and current_setting('app.organisation', true) <> new.organisation_id then
    raise exception 'the award % is another’s', old.id
      using errcode = '23514', constraint = 'the winner answers';
  end if;
  return new;
end $$;

-- Nothing is noticed or accepted while somebody waits to hear whether the own challenge is taken in (条例 第五十四条).
create function has_undecided(target text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from challenge where tender_id = target and state = 'filed' and kind <> 'complaint')
$$;
create or replace function freeze_guard() returns trigger language plpgsql as $$
begin
  if new.state in ('refused', 'invalid') then return new; end if;
  if is_frozen(new.tender_id) then
    raise exception 'the tender % is suspended', new.tender_id
      using errcode = '23514', constraint = 'nothing is awarded while a challenge is open';
  end if;
  if tg_op = 'UPDATE' and new.state <> old.state and new.state in ('noticed', 'accepted') and has_undecided(new.tender_id) then
    raise exception 'a challenge of % waits', new.tender_id
      using errcode = '23514', constraint = 'no award notice while a challenge waits to be taken in';
  end if;
  return new;
end $$;

-- When an accepted award falls, who lost by it may follow.
create function reopen_candidates(target text) returns void
  language sql security definer set search_path = public, pg_temp as $$
  update bid set state = 'ranked', version = version + 1 where lot_id = target and state = 'lost'
    and not exists (select from award where award.bid_id = bid.id)
    and not exists (select from award where award.lot_id = target and award.state not in ('refused', 'invalid'))
    and exists (select from lot where lot.id = target and lot.failed_because is null)
$$;
revoke execute on function is_barred(text), has_undecided(text), reopen_candidates(text) from public;
grant execute on function is_barred(text), has_undecided(text), reopen_candidates(text) to :app, :consumer;
grant execute on function awards_standing(text), candidates_left(text) to :consumer;

-- From when on a step may be challenged (94号令 第十条): openings and findings say when they were made, these two do not.
create table procedure_step_taken (
  tender_id text not null,
  street text not null,
  step text not null check (step in ('conformityClosed', 'failed')),
  taken_at timestamptz(3) not null,
  primary key (tender_id, step),
  foreign key (tender_id, street) references tender (id, street)
);
revoke insert, update on procedure_step_taken from :app, :consumer;
create function step_taken() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tg_table_name = 'tender' then
    insert into procedure_step_taken values (new.id, new.street, 'failed', mulin.now()) on conflict do nothing;
  else
    insert into procedure_step_taken values (new.tender_id, new.street, 'conformityClosed', mulin.now())
      -- What a void vote had decided is found anew, and may be challenged from then on.
      on conflict (tender_id, step) do update set taken_at = excluded.taken_at;
  end if;
  return null;
end $$;
create trigger step_taken after update on tender for each row
  when (old.state <> 'failed' and new.state = 'failed') execute function step_taken();
create trigger step_taken after update on committee for each row
  when (old.state = 'conformity' and new.state <> 'conformity') execute function step_taken();
create function last_step_at(target text) returns timestamptz
  language sql stable security definer set search_path = public, pg_temp as $$
  select greatest((select max(opened_at) from opening_record where tender_id = target),
    (select max(confirmed_at) from qualification_review where tender_id = target),
    (select taken_at from procedure_step_taken where tender_id = target and step = 'conformityClosed'))
$$;
create function failed_at(target text) returns timestamptz
  language sql stable security definer set search_path = public, pg_temp as $$
  select taken_at from procedure_step_taken where tender_id = target and step = 'failed'
$$;

-- The notice that holds a tender has its number and its date, from which the thirty days run (政府采购法 第五十七条).
alter table challenge add column notice_no text check (length(notice_no) between 1 and 100), add column notice_date date;
update challenge set notice_no = '（未记录 not recorded）', notice_date = (accepted_at at time zone 'Asia/Shanghai')::date
  where frozen_until is not null;
alter table challenge
  add constraint "a notice has its number and its date" check ((frozen_until is not null) =
    (notice_no is not null and notice_date is not null));

-- For what the clock of a complaint stands still: law, and so rows; and when it did (94号令 第二十七条).
create table pause_reason (
  code text not null,
  article text not null,
  title_zh text not null,
  title_en text not null,
  in_force_from date not null,
  primary key (code, in_force_from)
);
insert into pause_reason (code, article, title_zh, title_en, in_force_from) values
  ('tests', '财政部令第94号 第二十七条', '检验、检测、鉴定', 'Tests and examinations', '2018-03-01'),
  ('expertReview', '财政部令第94号 第二十七条', '专家评审', 'A review by experts', '2018-03-01'),
  ('corrections', '财政部令第94号 第二十七条', '投诉人补正材料', 'Corrections by who complains', '2018-03-01');
grant select on pause_reason to :app;
revoke insert, update on pause_reason from :app, :consumer;
create table challenge_pause (
  challenge_id text not null,
  street text not null,
  reason_code text not null,
  stopped_at timestamptz(3) not null,
  stopped_by text not null,
  started_at timestamptz(3) check (started_at >= stopped_at),
  primary key (challenge_id, stopped_at),
  foreign key (challenge_id, street) references challenge (id, street)
);
create unique index "a clock stands still once at a time" on challenge_pause (challenge_id) where started_at is null;

-- The winner hears of what was taken in against its award, and of the answer (政府采购法 第五十三条、94号令 第二十一条).
create function has_award(target text, organisation text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from award where tender_id = target and organisation_id = organisation and announced_at is not null)
$$;
revoke execute on function last_step_at(text), failed_at(text), has_award(text, text) from public;
grant execute on function last_step_at(text), failed_at(text), has_award(text, text) to :app, :consumer;
create table challenge_response (
  challenge_id text not null,
  organisation_id text not null,
  street text not null,
  text text not null check (length(text) between 1 and 4000),
  responded_by text not null,
  responded_at timestamptz(3) not null,
  primary key (challenge_id, organisation_id),
  foreign key (challenge_id, street) references challenge (id, street)
);
revoke update on challenge_response from :app, :consumer;
drop policy "an actor sees the rows of its street and organisation" on challenge;
create policy "an actor sees the rows of its street and organisation" on challenge to :app
  using (mulin.sees_street(street) and (current_setting('app.staff', true) = 'on'
    or organisation_id = current_setting('app.organisation', true)
    or (kind = 'complaint' and state = 'answered')
    or (state in ('accepted', 'answered') and has_award(tender_id, current_setting('app.organisation', true)))))
  with check (mulin.sees_street(street) and (current_setting('app.staff', true) = 'on'
    or organisation_id = current_setting('app.organisation', true)));
${rlsPolicies(
  'challenge_pause',
  `mulin.sees_street(street) and (current_setting('app.staff', true) = 'on'
  or exists (select from challenge where challenge.id = challenge_id
    and challenge.organisation_id = current_setting('app.organisation', true)))`,
)}
${rlsPolicies('challenge_response')}
${rlsPolicies('procedure_step_taken', 'mulin.sees_street(street)')}

-- Who bid for a lot may read how it was scored once the result is public (87号令 第六十九条).
create policy "bidders read the report of their lot once the result is announced" on score_report for select to :app
  using (mulin.sees_street(street) and exists (select from award where award.lot_id = score_report.lot_id
      and award.announced_at is not null)
    and exists (select from bid where bid.lot_id = score_report.lot_id
      and bid.organisation_id = current_setting('app.organisation', true)));
`,
};
