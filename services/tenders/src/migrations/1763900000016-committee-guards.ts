import { type Migration, rlsPolicies } from '@mulin/database';

/** What keeps a committee independent once it sits: its seats, its votes, its sheets. */
export const committeeGuards: Migration = {
  name: '1763900000016-committee-guards',
  up: /* sql */ `
-- Seats of each role for themselves: a buyer's representative never fills the seat of an expert (87号令 第四十七条).
create function vacant_of(target text, wanted text) returns int
  language sql stable security definer set search_path = public, pg_temp as $$
  select greatest(0, case wanted when 'expert' then experts else buyers end - (select count(*)
    from committee_member where committee_id = target and role = wanted and state = 'confirmed'))::int
  from committee where id = target
$$;
create or replace function vacant_seats(target text) returns int
  language sql stable security definer set search_path = public, pg_temp as $$
  select vacant_of(target, 'expert') + vacant_of(target, 'buyer')
$$;
-- Whoever stands or stood in the pool is never appointed: the answer must not tell who was drawn.
create function in_pool(target text, person text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from expert join committee on committee.street = expert.street
    where committee.id = target and person_id = person)
$$;
create function sat_for_buyer(target text, person text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from committee_member where committee_id = target and person_id = person and role = 'buyer')
$$;
create or replace function appoint_buyer(target text, fresh text, person text) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  seats committee;
begin
  select * into strict seats from committee where id = target for no key update;
  if vacant_of(target, 'buyer') = 0 then
    raise exception 'the buyer has no seat left in %', target
      using errcode = '23514', constraint = 'the buyer fills its own seats only';
  end if;
  if in_pool(target, person) then
    raise exception 'experts of % are drawn', target
      using errcode = '23514', constraint = 'an expert is drawn and never appointed';
  end if;
  insert into committee_member (id, street, committee_id, tender_id, person_id, role, place, state, answered_at)
    values (fresh, seats.street, target, seats.tender_id, person, 'buyer',
      1 + (select count(*) from committee_member where committee_id = target), 'confirmed', mulin.now());
end $$;

-- A vacant seat has handed in nothing: while there is one, nothing is complete, and nothing opens.
create or replace function missing_findings(target text) returns int
  language sql stable security definer set search_path = public, pg_temp as $$
  select (vacant_seats(target) * (select count(*) from bid join committee using (tender_id)
      where committee.id = target and bid.state = 'priced')
    + (select count(*) from committee_member member join bid on bid.tender_id = member.tender_id
      where member.committee_id = target and member.state = 'confirmed' and bid.state = 'priced'
        and not exists (select from conformity_finding where member_id = member.id and bid_id = bid.id)))::int
$$;
create or replace function missing_sheets(target text) returns int
  language sql stable security definer set search_path = public, pg_temp as $$
  select (vacant_seats(target) * (select count(*) from bid join committee using (tender_id)
      where committee.id = target and bid.state = 'compliant')
    + (select count(*) from committee_member member join bid on bid.tender_id = member.tender_id
      where member.committee_id = target and member.state = 'confirmed' and bid.state = 'compliant'
        and not exists (select from score_sheet where member_id = member.id and bid_id = bid.id)))::int
$$;

-- When findings and sheets were last open to the members: what was given before changes no more by itself, also
-- where they are sealed again for a new member.
alter table committee add column findings_opened_at timestamptz(3), add column sheets_opened_at timestamptz(3);
update committee set sheets_opened_at = scores_opened_at;
create function opened_guard() returns trigger language plpgsql as $$
begin
  new.sheets_opened_at := coalesce(new.scores_opened_at, old.sheets_opened_at);
  if new.findings_opened_at is null or new.findings_opened_at < old.findings_opened_at then
    new.findings_opened_at := old.findings_opened_at;
  end if;
  return new;
end $$;
create trigger opened_guard before update on committee for each row execute function opened_guard();

create function finding_guard() returns trigger language plpgsql as $$
begin
  if not exists (select from committee where id = new.committee_id and state = 'conformity') then
    raise exception 'the findings of % are settled', new.committee_id
      using errcode = '23514', constraint = 'findings are made before they are open';
  end if;
  if tg_op = 'UPDATE' and (missing_findings(new.committee_id) = 0 or exists (select from committee
      where id = new.committee_id and old.found_at <= findings_opened_at)) then
    raise exception 'the findings of % are open', new.committee_id
      using errcode = '23514', constraint = 'findings are made before they are open';
  end if;
  return new;
end $$;
create trigger finding_guard before insert or update on conformity_finding
  for each row execute function finding_guard();

-- 87号令 第六十四条: when the sheets were open, points change in the cases of the law only: objective points that
-- differ, and outliers, each by whose sheet it is.
create or replace function sheet_guard() returns trigger language plpgsql as $$
declare
  stage text;
  opened timestamptz;
begin
  select state, sheets_opened_at into stage, opened from committee where id = new.committee_id;
  if stage is null or stage not in ('scoring', 'rechecking') then
    raise exception 'the scores of % are settled', new.committee_id
      using errcode = '23514', constraint = 'scores change only before the report';
  end if;
  if (tg_op = 'UPDATE' and stage = 'scoring' and old.submitted_at <= opened)
      or (tg_op = 'INSERT' and stage = 'rechecking') then
    raise exception 'the sheets of % were open', new.committee_id
      using errcode = '23514', constraint = 'open scores change only where they are looked at again';
  end if;
  if tg_op = 'UPDATE' and stage = 'rechecking' and (
      jsonb_array_length(new.scores) <> jsonb_array_length(old.scores)
      or not exists (select from score_recheck recheck where recheck.member_id = new.member_id
        and recheck.bid_id = new.bid_id and recheck.answered_at is null)
      or exists (select from jsonb_array_elements(new.scores) given
        where not old.scores @> jsonb_build_array(given) and not exists (select from score_recheck recheck
          join criterion on criterion.tender_id = new.tender_id and criterion.code = given ->> 'criterion'
          where recheck.member_id = new.member_id and recheck.bid_id = new.bid_id and recheck.answered_at is null
            and case when criterion.objective then recheck.kind = 'objective' and recheck.criterion = criterion.code
              else recheck.kind = 'outlier' end))) then
    raise exception 'nothing of the sheet is looked at again'
      using errcode = '23514', constraint = 'open scores change only where they are looked at again';
  end if;
  return new;
end $$;

-- Silence is agreement of those who may judge: no report while a member must recuse (实施条例 第九条).
create function member_to_recuse(target text) returns text
  language sql stable security definer set search_path = public, pg_temp as $$
  select person_id from committee_member where committee_id = target and state = 'confirmed'
    and must_recuse(person_id, tender_id) order by place limit 1
$$;
create function report_guard() returns trigger language plpgsql as $$
begin
  if new.state <> old.state and new.state in ('signing', 'reported') and member_to_recuse(new.id) is not null then
    raise exception 'a member of % is related to a bidder', new.id
      using errcode = '23514', constraint = 'who is related to a bidder reports nothing';
  end if;
  return new;
end $$;
create trigger report_guard before update on committee for each row execute function report_guard();

-- What an unseated member gave is void (87号令 第四十九条). Where the votes that are left could still go either way,
-- the bid is looked at again; where they decide by themselves, it stays decided. After the call for final offers the
-- circle of those who make one is closed, and conformity stays as it was.
insert into committee_step values ('consulting', 'conformity'), ('scoring', 'conformity'),
  ('rechecking', 'conformity'), ('signing', 'conformity');
insert into bid_step values ('compliant', 'priced'), ('invalid', 'priced'), ('invalid', 'compliant');
create function void_votes(target text) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  seats int;
  judged text[];
  found text[];
begin
  select experts + buyers into strict seats from committee where id = target for no key update;
  select coalesce(array_agg(bid_id), '{}') into judged from (
    select asked.bid_id from price_explanation asked
      join bid on bid.id = asked.bid_id
        and (bid.state = 'compliant' or (bid.state = 'invalid' and invalid_because = 'abnormally-low'))
      join lot on lot.id = lot_id and failed_because is null
      left join (price_judgement vote join committee_member member
        on member.id = vote.member_id and member.state = 'confirmed') on vote.bid_id = asked.bid_id
    where asked.committee_id = target and asked.accepted is not null group by asked.bid_id
    having count(*) filter (where vote.accepted) * 2 <= seats
      and (seats - count(*) filter (where not vote.accepted)) * 2 > seats) open;
  update price_explanation set accepted = null, decided_at = null where bid_id = any (judged);
  update bid set state = 'compliant', invalid_because = null, version = version + 1
    where id = any (judged) and state = 'invalid';
  if exists (select from final_offer_call where committee_id = target) then
    return false;
  end if;
  select coalesce(array_agg(id), '{}') into found from (
    select bid.id from bid join committee on committee.tender_id = bid.tender_id and committee.id = target
      join lot on lot.id = lot_id and lot.failed_because is null
      left join (conformity_finding vote join committee_member member
        on member.id = vote.member_id and member.state = 'confirmed') on vote.bid_id = bid.id
    where bid.state = 'compliant' or (bid.state = 'invalid' and invalid_because <> 'abnormally-low')
    group by bid.id
    having count(*) filter (where not vote.compliant) * 2 <= seats
      and (seats - count(*) filter (where vote.compliant)) * 2 > seats) open;
  update bid set state = 'priced', invalid_because = null, version = version + 1 where id = any (found);
  return cardinality(found) > 0;
end $$;

-- A seat waits for an answer and for a member so long, and no longer.
update procedure set terms = jsonb_set(terms, '{committee}', terms -> 'committee' ||
  '{"answerHours": 24, "absentHours": 48, "absentArticle": "87号令 第四十九条"}');
alter table committee_member add column invited_at timestamptz(3) not null default mulin.now(),
  drop constraint committee_member_state_check,
  add constraint "a seat is in a state of the table" check (state in
    ('invited', 'confirmed', 'declined', 'recused', 'lapsed', 'replaced'));
alter table committee add column state_since timestamptz(3) not null default mulin.now();
create function since_guard() returns trigger language plpgsql as $$
begin
  new.state_since := case when new.state = old.state then old.state_since else mulin.now() end;
  return new;
end $$;
create trigger since_guard before update on committee for each row execute function since_guard();

create or replace function member_guard() returns trigger language plpgsql as $$
begin
  if new.state = 'confirmed' and must_recuse(new.person_id, new.tender_id) then
    raise exception 'a member of % is related to a bidder', new.committee_id
      using errcode = '23514', constraint = 'who is related to a bidder does not judge';
  end if;
  if tg_op = 'UPDATE' and (old.state in ('declined', 'recused', 'lapsed', 'replaced')
      or (old.state = 'confirmed' and new.state not in ('confirmed', 'recused', 'replaced'))
      or to_jsonb(new) - array['state', 'answered_at'] is distinct from to_jsonb(old) - array['state', 'answered_at']) then
    raise exception 'a seat of % is settled', new.committee_id
      using errcode = '23514', constraint = 'a seat that was given up stays so';
  end if;
  return new;
end $$;

create function seat_hours(target text, term text) returns interval
  language sql stable security definer set search_path = public, pg_temp as $$
  select make_interval(hours => (terms -> 'committee' ->> term)::int)
  from committee join tender on tender.id = tender_id
    join procedure on procedure.method = tender.method and procedure.version = procedure_version
  where committee.id = target
$$;
create function lapse_invitations(target text) returns int
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  lapsed int;
begin
  update committee_member set state = 'lapsed' where committee_id = target and state = 'invited'
    and invited_at + seat_hours(target, 'answerHours') <= mulin.now();
  get diagnostics lapsed = row_count;
  return lapsed;
end $$;

create table seat_replacement (
  committee_id text not null references committee (id),
  place int not null,
  street text not null,
  because text not null check (length(because) between 1 and 1000),
  replaced_by text not null,
  replaced_at timestamptz(3) not null,
  primary key (committee_id, place)
);
revoke insert, update on seat_replacement from :app, :consumer;
-- Since when the others wait for this member; null: they do not. The leader owes the next step when all else is in;
-- of a report that is out for signature from the end of its term.
create function owes_since(member text, report_due timestamptz) returns timestamptz
  language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
  seat committee_member;
  body committee;
  since timestamptz;
begin
  select * into strict seat from committee_member where id = member;
  select * into strict body from committee where id = seat.committee_id;
  if vacant_seats(body.id) > 0 then return null; end if;
  select greatest(body.state_since, max(answered_at)) into since from committee_member
    where committee_id = body.id and state = 'confirmed';
  if (case body.state
    when 'conformity' then exists (select from bid where tender_id = body.tender_id and state = 'priced'
      and not exists (select from conformity_finding where member_id = member and bid_id = bid.id))
    when 'scoring' then exists (select from bid where tender_id = body.tender_id and state = 'compliant'
        and not exists (select from score_sheet where member_id = member and bid_id = bid.id))
      or exists (select from price_explanation asked join bid on bid.id = bid_id and bid.state = 'compliant'
        where asked.committee_id = body.id and accepted is null and coalesce(answered_at, due_at) <= mulin.now()
          and not exists (select from price_judgement where member_id = member and bid_id = bid.id))
    when 'rechecking' then exists (select from score_recheck
      where committee_id = body.id and member_id = member and answered_at is null)
    else false end) then
    return since;
  end if;
  if seat.id <> (select id from committee_member where committee_id = body.id and role = 'expert'
      and state = 'confirmed' order by place limit 1) then
    return null;
  end if;
  return case body.state
    when 'conformity' then case when missing_findings(body.id) = 0 then greatest(since, body.findings_opened_at) end
    when 'consulting' then case when not exists (select from final_offer_call where committee_id = body.id)
      then since end
    when 'scoring' then case when missing_sheets(body.id) = 0 and not exists (select from price_explanation asked
        join bid on bid.id = bid_id and bid.state = 'compliant' where asked.committee_id = body.id and accepted is null)
      then greatest(since, (select max(submitted_at) from score_sheet where committee_id = body.id)) end
    when 'rechecking' then case when not exists (select from score_recheck
        where committee_id = body.id and answered_at is null)
      then greatest(since, (select max(answered_at) from score_recheck where committee_id = body.id)) end
    when 'signing' then report_due end;
end $$;
create function replace_member(target text, at int, reason text, report_due timestamptz) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  seat committee_member;
begin
  select * into seat from committee_member where committee_id = target and place = at and state = 'confirmed';
  if not found or not coalesce(owes_since(seat.id, report_due) + seat_hours(target, 'absentHours') <= mulin.now(), false) then
    return false;
  end if;
  update committee_member set state = 'replaced' where id = seat.id;
  insert into seat_replacement (committee_id, place, street, because, replaced_by, replaced_at)
    values (target, at, seat.street, reason, current_setting('app.actor', true), mulin.now());
  return true;
end $$;

revoke execute on function void_votes(text), seat_hours(text, text), lapse_invitations(text),
  owes_since(text, timestamptz), replace_member(text, int, text, timestamptz) from public;
grant execute on function void_votes(text), lapse_invitations(text), replace_member(text, int, text, timestamptz) to :app;

revoke execute on function vacant_of(text, text), in_pool(text, text), sat_for_buyer(text, text),
  member_to_recuse(text) from public;
grant execute on function vacant_of(text, text), in_pool(text, text), sat_for_buyer(text, text),
  member_to_recuse(text) to :app, :consumer;

${rlsPolicies(
  'seat_replacement',
  `mulin.sees_street(street) and (current_setting('app.staff', true) = 'on'
  or sits_on(committee_id) or is_announced(committee_id))`,
)}
`,
};
