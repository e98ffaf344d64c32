import { type Migration, rlsPolicies } from '@mulin/database';

/** 询问、质疑、投诉: who may file what until when, what it holds, and what came of it. */
export const challenges: Migration = {
  name: '1763900000008-challenges',
  up: /* sql */ `
update procedure set terms = terms || '{"challenge": {"inquiryAnswerWorkingDays": 3, "challengeWorkingDays": 7,
  "answerWorkingDays": 7, "complaintWorkingDays": 15, "decisionWorkingDays": 30, "noticeDays": 30,
  "articles": {"inquiry": "政府采购法实施条例 第五十二条", "challenge": "政府采购法 第五十二条；财政部令第94号 第十条",
    "answer": "政府采购法 第五十三条", "complaint": "政府采购法 第五十五条", "decision": "政府采购法 第五十六条",
    "notice": "政府采购法 第五十七条"}}}'::jsonb;
update procedure set terms = jsonb_set(terms, '{challenge,challengeWorkingDays}', '3') where method = 'belowThreshold';

alter table tender add column suspended_since timestamptz(3);
create or replace function tender_guard() returns trigger language plpgsql as $$
declare
  moves text[] := array['state', 'deadline', 'round', 'failed_because', 'version', 'events', 'suspended_since'];
begin
  if old.state <> 'draft' and to_jsonb(new) - moves is distinct from to_jsonb(old) - moves then
    raise exception 'the file of % is public', old.id
      using errcode = '23514', constraint = 'a tender file changes only while it is drafted';
  end if;
  if old.state <> 'draft' and (new.deadline < old.deadline or new.round < old.round) then
    raise exception 'the deadline of % may only move to a later day', old.id
      using errcode = '23514', constraint = 'a published deadline never moves forward';
  end if;
  return new;
end $$;

create table challenge (
  id text primary key,
  street text not null,
  tender_id text not null,
  organisation_id text not null,
  kind text not null check (kind in ('inquiry', 'challenge', 'complaint')),
  stage text not null check (stage in ('file', 'process', 'result')),
  previous_id text references challenge (id),
  grounds jsonb not null,
  state text not null check (state in ('filed', 'accepted', 'rejected', 'answered', 'withdrawn')),
  filed_by text not null,
  filed_at timestamptz(3) not null,
  accepted_at timestamptz(3),
  due_at timestamptz(3),
  paused_at timestamptz(3),
  -- Working days still to run when the clock was stopped.
  paused_left int,
  frozen boolean not null,
  -- A notice of the finance department holds until then.
  frozen_until timestamptz(3),
  exemption text check (length(exemption) between 1 and 2000),
  exempted_by text,
  exemption_confirmed_by text,
  outcome text check (outcome in ('upheld', 'dismissed')),
  effect text check (effect in ('none', 'newTender')),
  answer text check (length(answer) between 1 and 8000),
  answered_by text,
  answered_at timestamptz(3),
  version int not null,
  events int not null,
  constraint "two people say that it cannot affect the result" check (exemption_confirmed_by <> exempted_by),
  constraint "what holds an award was taken in" check (not frozen or state = 'accepted'),
  constraint "a complaint goes on from a challenge" check ((kind = 'complaint') = (previous_id is not null)),
  constraint "an answer has its outcome" check ((state = 'answered') = (outcome is not null and answer is not null and effect is not null)),
  constraint "a complaint holds for a time only" check (kind <> 'complaint' or not frozen or frozen_until is not null),
  foreign key (tender_id, street) references tender (id, street),
  unique (id, street)
);
create table challenge_step (from_state text, to_state text, primary key (from_state, to_state));
insert into challenge_step values ('filed', 'accepted'), ('filed', 'rejected'), ('filed', 'withdrawn'),
  ('accepted', 'answered'), ('accepted', 'withdrawn');
revoke insert, update on challenge_step from :app, :consumer;
create trigger step_guard before update on challenge for each row execute function step_guard();
create index on challenge (street, id);
create index on challenge (tender_id);
create index on challenge (organisation_id, id);
create index on challenge (frozen_until) where frozen;

-- Who files may not see what others filed; whether anything holds the tender is counted for all.
create function is_frozen(target text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from challenge where tender_id = target and frozen
    and (frozen_until is null or frozen_until > mulin.now()))
$$;
create function has_bid(target text, organisation text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from bid where tender_id = target and organisation_id = organisation and state <> 'withdrawn')
$$;
revoke execute on function is_frozen(text), has_bid(text, text) from public;
grant execute on function is_frozen(text), has_bid(text, text) to :app, :consumer;

-- While anything holds the tender nothing is chosen, announced, noticed or accepted; a refusal is no award.
create function freeze_guard() returns trigger language plpgsql as $$
begin
  if new.state <> 'refused' and is_frozen(new.tender_id) then
    raise exception 'the tender % is suspended', new.tender_id
      using errcode = '23514', constraint = 'nothing is awarded while a challenge is open';
  end if;
  return new;
end $$;
create trigger freeze_guard before insert or update on award for each row execute function freeze_guard();

${rlsPolicies(
  'challenge',
  `mulin.sees_street(street) and (current_setting('app.staff', true) = 'on'
  or organisation_id = current_setting('app.organisation', true)
  or (kind = 'complaint' and state = 'answered'))`,
)}
`,
};
