import { type Migration, rlsPolicies } from '@mulin/database';

/** The pool of experts, the committee drawn from it, and what its members find. */
export const committee: Migration = {
  name: '1763900000006-committee',
  up: /* sql */ `
-- What each procedure asks of its committee, its scores and its report, with the articles.
update procedure set terms = terms || '{
    "tieBreak": ["lowerPrice", "draw"],
    "outlierShare": 2000,
    "abnormallyLow": {"meanShare": 5000, "secondLowestShare": 5000, "limitShare": 4500,
      "explainMinutes": 30, "article": "财库〔2026〕2号；87号令 第六十条"},
    "reportWorkingDays": 2}'::jsonb;
update procedure set terms = terms || '{"committee": {"least": 5, "odd": true, "experts": [2, 3],
    "largerFromFen": "1000000000", "largerLeast": 7, "article": "87号令 第四十七条"}}'
  where method = 'openTendering';
update procedure set terms = terms || '{"tieBreak": ["lowerPrice", "technical", "draw"],
    "committee": {"least": 3, "odd": true, "experts": [2, 3], "largerFromFen": null, "largerLeast": 3,
    "article": "财库〔2014〕214号 第十四条"}}'
  where method = 'competitiveConsultation';
update procedure set terms = terms || '{"committee": {"least": 3, "odd": true, "experts": [2, 3],
    "largerFromFen": null, "largerLeast": 3, "article": "74号令 第四十一条"}}'
  where method = 'singleSource';
update procedure set terms = terms || '{"committee": {"least": 3, "odd": true, "experts": [2, 3],
    "largerFromFen": null, "largerLeast": 3, "article": "街道限额以下公开比选办法（示例） 第九条"}}'
  where method = 'belowThreshold';

create table expert (
  id text primary key,
  street text not null,
  person_id text not null,
  name text not null check (length(name) between 1 and 100),
  speciality text not null check (length(speciality) between 1 and 200),
  state text not null check (state in ('registered', 'listed', 'removed')),
  registered_by text not null,
  listed_by text,
  version int not null,
  constraint "who registers an expert does not list the expert" check (listed_by <> registered_by),
  constraint "a listed expert was listed by someone" check (state <> 'listed' or listed_by is not null),
  constraint "a person is one expert of a street" unique (street, person_id)
);
create index on expert (street, id);

create table committee (
  id text primary key,
  street text not null,
  tender_id text not null unique,
  experts int not null check (experts between 1 and 99),
  buyers int not null check (buyers between 0 and 49),
  state text not null check (state in ('conformity', 'scoring', 'rechecking', 'signing', 'reported')),
  drawn_by text not null,
  drawn_at timestamptz(3) not null,
  scores_opened_at timestamptz(3),
  -- Decides between equal totals; drawn with the report.
  tie_seed text,
  report_hash text,
  drawn_up_at timestamptz(3),
  reported_at timestamptz(3),
  announced_at timestamptz(3),
  version int not null,
  constraint "a report has its hash" check ((state in ('signing', 'reported')) = (report_hash is not null)),
  foreign key (tender_id, street) references tender (id, street),
  unique (id, tender_id, street)
);
create table committee_step (from_state text, to_state text, primary key (from_state, to_state));
insert into committee_step values ('conformity', 'scoring'), ('scoring', 'rechecking'),
  ('rechecking', 'signing'), ('rechecking', 'scoring'), ('signing', 'scoring'), ('signing', 'reported');
revoke insert, update on committee_step from :app, :consumer;
create trigger step_guard before update on committee for each row execute function step_guard();

create table committee_draw (
  committee_id text not null references committee (id),
  round int not null,
  street text not null,
  seed text not null check (seed ~ '^[0-9a-f]{64}$'),
  pool text[] not null,
  drawn text[] not null,
  drawn_at timestamptz(3) not null,
  primary key (committee_id, round)
);
create table committee_member (
  id text primary key,
  street text not null,
  committee_id text not null,
  tender_id text not null,
  person_id text not null,
  expert_id text references expert (id),
  name text check (length(name) between 1 and 100),
  role text not null check (role in ('expert', 'buyer')),
  place int not null,
  state text not null check (state in ('invited', 'confirmed', 'declined', 'recused')),
  answered_at timestamptz(3),
  constraint "nobody sits twice" unique (committee_id, person_id),
  constraint "an expert comes from the pool" check ((role = 'expert') = (expert_id is not null)),
  unique (committee_id, place),
  foreign key (committee_id, tender_id, street) references committee (id, tender_id, street),
  unique (id, committee_id, tender_id, street)
);
create index on committee_member (person_id);

-- 实施条例 第九条: three years back from today, and whoever is related still. All relations are looked at,
-- whatever row-level security shows.
create function must_recuse(person text, judged text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from relation join bid on bid.organisation_id = relation.organisation_id
    where relation.person_id = person and bid.tender_id = judged and bid.state <> 'withdrawn'
      and valid_from <= (mulin.now() at time zone 'Asia/Shanghai')::date
      and coalesce(valid_to, 'infinity') >= ((mulin.now() at time zone 'Asia/Shanghai')::date - interval '3 years')::date)
$$;
-- Who wrote, published or opened it, or settled who qualifies, does not judge it as an expert (87号令 第四十、四十七条).
create function had_a_hand(person text, judged text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from tender where id = judged
      and (person = any (written_by) or person = published_by
        or exists (select from opening_key where opening_key.id = any (opening_key_ids) and person_id = person)))
    or exists (select from qualification_review where tender_id = judged and person in (reviewed_by, confirmed_by))
$$;
create function sits_on(target text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from committee_member where committee_id = target and state = 'confirmed'
    and person_id = current_setting('app.actor', true))
$$;
-- The first expert drawn who sits leads; the buyer's representative never does (87号令 第四十五条).
create function leads(target text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce((select person_id from committee_member where committee_id = target and role = 'expert'
    and state = 'confirmed' order by place limit 1) = current_setting('app.actor', true), false)
$$;
create function vacant_seats(target text) returns int
  language sql stable security definer set search_path = public, pg_temp as $$
  select (experts + buyers - (select count(*) from committee_member
    where committee_id = target and state = 'confirmed'))::int from committee where id = target
$$;

-- Nobody but these functions seats anyone: names are secret even from who draws, until the result.
create function record_draw(target text, seed text, pool text[], drawn text[]) returns void
  language sql security definer set search_path = public, pg_temp as $$
  insert into committee_draw (committee_id, round, street, seed, pool, drawn, drawn_at)
    select id, 1 + (select count(*) from committee_draw where committee_id = target), street,
      record_draw.seed, record_draw.pool, record_draw.drawn, mulin.now() from committee where id = target
$$;
create function pool_of(target text, judged text) returns setof text
  language sql stable security definer set search_path = public, pg_temp as $$
  select expert.id from expert join tender on tender.street = expert.street and tender.id = judged
  where expert.state = 'listed' and not must_recuse(person_id, judged) and not had_a_hand(person_id, judged)
    and not exists (select from committee_member where committee_id = target
      and committee_member.person_id = expert.person_id)
  order by expert.id
$$;
create function next_round(target text) returns int
  language sql stable security definer set search_path = public, pg_temp as $$
  select 1 + count(*)::int from committee_draw where committee_id = target
$$;
create function fill_seats(target text, ids text[]) returns int
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  seats committee;
  chosen expert;
  fresh text;
begin
  select * into strict seats from committee where id = target for no key update;
  foreach fresh in array ids loop
    exit when (select count(*) from committee_member where committee_id = target and role = 'expert'
      and state in ('invited', 'confirmed')) >= seats.experts;
    select expert.* into chosen from committee_draw
      cross join unnest(drawn) with ordinality as each (expert_id, place)
      join expert on expert.id = each.expert_id
      where committee_draw.committee_id = target and expert.state = 'listed'
        and not must_recuse(expert.person_id, seats.tender_id)
        and not had_a_hand(expert.person_id, seats.tender_id)
        and not exists (select from committee_member where committee_id = target
          and committee_member.person_id = expert.person_id)
      order by round, each.place limit 1;
    exit when not found;
    insert into committee_member (id, street, committee_id, tender_id, person_id, expert_id, name, role, place, state)
      values (fresh, seats.street, target, seats.tender_id, chosen.person_id, chosen.id, chosen.name, 'expert',
        1 + (select count(*) from committee_member where committee_id = target), 'invited');
  end loop;
  return seats.experts - (select count(*) from committee_member where committee_id = target
    and role = 'expert' and state in ('invited', 'confirmed'));
end $$;
create function appoint_buyer(target text, fresh text, person text) returns void
  language sql security definer set search_path = public, pg_temp as $$
  insert into committee_member (id, street, committee_id, tender_id, person_id, role, place, state, answered_at)
    select fresh, street, target, tender_id, person, 'buyer',
      1 + (select count(*) from committee_member where committee_id = target), 'confirmed', mulin.now()
    from committee where id = target
$$;
-- Whoever must not judge any more loses the seat; what they found is void (87号令 第四十九条).
create function unseat_recused(target text) returns int
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  unseated int;
begin
  update committee_member set state = 'recused' where committee_id = target
    and state in ('invited', 'confirmed') and must_recuse(person_id, tender_id);
  get diagnostics unseated = row_count;
  return unseated;
end $$;

create function member_guard() returns trigger language plpgsql as $$
begin
  if new.state = 'confirmed' and must_recuse(new.person_id, new.tender_id) then
    raise exception 'a member of % is related to a bidder', new.committee_id
      using errcode = '23514', constraint = 'who is related to a bidder does not judge';
  end if;
  if tg_op = 'UPDATE' and (old.state in ('declined', 'recused')
      or (old.state = 'confirmed' and new.state not in ('confirmed', 'recused'))
      or to_jsonb(new) - array['state', 'answered_at'] is distinct from to_jsonb(old) - array['state', 'answered_at']) then
    raise exception 'a seat of % is settled', new.committee_id
      using errcode = '23514', constraint = 'a seat that was given up stays so';
  end if;
  return new;
end $$;
create trigger member_guard before insert or update on committee_member
  for each row execute function member_guard();

-- 符合性审查 and scores: each member alone, for themselves, and never on a relation's bid.
create function judge_guard() returns trigger language plpgsql as $$
begin
  if not exists (select from committee_member where id = new.member_id and state = 'confirmed'
      and person_id = current_setting('app.actor', true)) then
    raise exception 'nobody judges for another'
      using errcode = '23514', constraint = 'members judge for themselves';
  end if;
  if must_recuse(current_setting('app.actor', true), new.tender_id) then
    raise exception 'a member of % is related to a bidder', new.committee_id
      using errcode = '23514', constraint = 'who is related to a bidder does not judge';
  end if;
  return new;
end $$;

create table nonconformity_reason (
  code text primary key,
  article text not null,
  title_zh text not null,
  title_en text not null
);
insert into nonconformity_reason (code, article, title_zh, title_en) values
  ('bid-bond', '87号令 第六十三条第一项', '未按规定提交投标保证金', 'No bid bond as asked'),
  ('not-signed', '87号令 第六十三条第二项', '未按要求签署、盖章', 'Not signed or sealed as asked'),
  ('not-qualified', '87号令 第六十三条第三项', '不具备规定的资格要求', 'Not qualified as asked'),
  ('above-limit', '87号令 第六十三条第四项', '报价超过预算或最高限价', 'Price above budget or ceiling'),
  ('own-conditions', '87号令 第六十三条第五项', '含有采购人不能接受的附加条件', 'Conditions the buyer cannot accept'),
  ('collusion', '87号令 第三十七条', '视为串通投标', 'Deemed to be collusion'),
  ('other', '87号令 第六十三条第六项', '法律法规和招标文件规定的其他无效情形', 'Another ground of law or file');
grant select on nonconformity_reason to :app;
revoke insert, update on nonconformity_reason from :app, :consumer;

create table conformity_finding (
  member_id text not null,
  bid_id text not null,
  street text not null,
  committee_id text not null,
  tender_id text not null,
  compliant boolean not null,
  reason_code text references nonconformity_reason (code),
  because text check (length(because) between 1 and 1000),
  found_at timestamptz(3) not null,
  primary key (member_id, bid_id),
  constraint "who finds a bid invalid says why" check (compliant = (reason_code is null and because is null)),
  foreign key (member_id, committee_id, tender_id, street)
    references committee_member (id, committee_id, tender_id, street)
);
create trigger judge_guard before insert or update on conformity_finding
  for each row execute function judge_guard();

insert into bid_step values ('priced', 'compliant'), ('priced', 'invalid'), ('compliant', 'invalid'),
  ('compliant', 'ranked'), ('ranked', 'won'), ('ranked', 'lost'), ('won', 'lost');
alter table bid drop constraint "a bid is in a state of the table",
  add constraint "a bid is in a state of the table" check (state in
    ('sealed', 'withdrawn', 'opened', 'unconfirmed', 'revoked', 'returned', 'excluded',
     'qualified', 'disqualified', 'priced', 'invalid', 'compliant', 'ranked', 'won', 'lost')),
  drop constraint "a bid with a price was opened twice",
  add constraint "a bid with a price was opened twice" check (case
    when state in ('priced', 'compliant', 'ranked', 'won', 'lost') then price_fen is not null
    when state = 'invalid' then true else price_fen is null end),
  add column invalid_because text,
  add constraint "only an invalid bid is invalid for a reason" check (invalid_because is null or state = 'invalid');

-- A price so low that its bidder must explain it (财库〔2026〕2号), and what the members make of that.
create table price_explanation (
  bid_id text primary key,
  street text not null,
  tender_id text not null,
  organisation_id text not null,
  committee_id text not null,
  triggers jsonb not null,
  asked_at timestamptz(3) not null,
  due_at timestamptz(3) not null,
  text text check (length(text) between 1 and 4000),
  answered_at timestamptz(3),
  accepted boolean,
  decided_at timestamptz(3),
  constraint "an explanation comes in time" check (answered_at is null or answered_at < due_at),
  foreign key (bid_id, tender_id, street, organisation_id)
    references bid (id, tender_id, street, organisation_id)
);
create table price_judgement (
  member_id text not null,
  bid_id text not null references price_explanation (bid_id),
  street text not null,
  committee_id text not null,
  tender_id text not null,
  accepted boolean not null,
  because text not null check (length(because) between 1 and 1000),
  judged_at timestamptz(3) not null,
  primary key (member_id, bid_id),
  foreign key (member_id, committee_id, tender_id, street)
    references committee_member (id, committee_id, tender_id, street)
);
revoke update on price_judgement from :app, :consumer;
create trigger judge_guard before insert on price_judgement
  for each row execute function judge_guard();

create table score_sheet (
  member_id text not null,
  bid_id text not null,
  street text not null,
  committee_id text not null,
  tender_id text not null,
  scores jsonb not null,
  because text check (length(because) between 1 and 1000),
  submitted_at timestamptz(3) not null,
  version int not null,
  primary key (member_id, bid_id),
  foreign key (member_id, committee_id, tender_id, street)
    references committee_member (id, committee_id, tender_id, street)
);
create trigger judge_guard before insert or update on score_sheet
  for each row execute function judge_guard();
-- Every version that was replaced.
create table score_sheet_history (
  member_id text not null,
  bid_id text not null,
  version int not null,
  street text not null,
  committee_id text not null,
  sheet jsonb not null,
  primary key (member_id, bid_id, version)
);
create function keep_sheet() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into score_sheet_history (member_id, bid_id, version, street, committee_id, sheet)
    values (old.member_id, old.bid_id, old.version, old.street, old.committee_id, to_jsonb(old));
  return new;
end $$;
create trigger keep_sheet before update on score_sheet for each row execute function keep_sheet();
create function sheet_guard() returns trigger language plpgsql as $$
begin
  if not exists (select from committee where id = new.committee_id and state in ('scoring', 'rechecking')) then
    raise exception 'the scores of % are settled', new.committee_id
      using errcode = '23514', constraint = 'scores change only before the report';
  end if;
  return new;
end $$;
create trigger sheet_guard before insert or update on score_sheet
  for each row execute function sheet_guard();

-- What must be looked at again before the report is signed (87号令 第六十四条).
create table score_recheck (
  committee_id text not null references committee (id),
  member_id text not null,
  bid_id text not null,
  kind text not null check (kind in ('objective', 'outlier')),
  criterion text not null,
  street text not null,
  found_at timestamptz(3) not null,
  answered_at timestamptz(3),
  primary key (committee_id, member_id, bid_id, kind, criterion)
);

create table score_report (
  lot_id text primary key references lot (id),
  street text not null,
  committee_id text not null references committee (id),
  tender_id text not null,
  text text not null,
  hash text not null check (hash ~ '^sha256:[0-9a-f]{64}$'),
  ranking jsonb not null
);
grant delete on score_report, score_recheck to :app;
create table report_signature (
  member_id text not null,
  street text not null,
  committee_id text not null,
  tender_id text not null,
  report_hash text not null,
  dissent text check (length(dissent) between 1 and 2000),
  signed_at timestamptz(3) not null,
  primary key (member_id, report_hash),
  foreign key (member_id, committee_id, tender_id, street)
    references committee_member (id, committee_id, tender_id, street)
);
revoke update on report_signature from :app, :consumer;
create trigger judge_guard before insert on report_signature
  for each row execute function judge_guard();
create function signature_guard() returns trigger language plpgsql as $$
begin
  if not exists (select from committee where id = new.committee_id and state = 'signing'
      and report_hash = new.report_hash) then
    raise exception 'that is not the report of %', new.committee_id
      using errcode = '23514', constraint = 'members sign the report there is';
  end if;
  return new;
end $$;
create trigger signature_guard before insert on report_signature
  for each row execute function signature_guard();

create function missing_findings(target text) returns int
  language sql stable security definer set search_path = public, pg_temp as $$
  select count(*)::int from committee_member member join bid on bid.tender_id = member.tender_id
  where member.committee_id = target and member.state = 'confirmed' and bid.state = 'priced'
    and not exists (select from conformity_finding where member_id = member.id and bid_id = bid.id)
$$;
create function missing_sheets(target text) returns int
  language sql stable security definer set search_path = public, pg_temp as $$
  select count(*)::int from committee_member member join bid on bid.tender_id = member.tender_id
  where member.committee_id = target and member.state = 'confirmed' and bid.state = 'compliant'
    and not exists (select from score_sheet where member_id = member.id and bid_id = bid.id)
$$;
-- Sheets are sealed until all are in: no step of the application can open them before.
create function open_guard() returns trigger language plpgsql as $$
begin
  if new.state = 'scoring' and old.state = 'conformity' and missing_findings(new.id) > 0 then
    raise exception 'findings of % are missing', new.id
      using errcode = '23514', constraint = 'sheets open when all are in';
  end if;
  if new.scores_opened_at is not null and old.scores_opened_at is null and missing_sheets(new.id) > 0 then
    raise exception 'sheets of % are missing', new.id
      using errcode = '23514', constraint = 'sheets open when all are in';
  end if;
  if (new.scores_opened_at is not null) <> (new.state in ('rechecking', 'signing', 'reported')) then
    raise exception 'the sheets of % are open too early', new.id
      using errcode = '23514', constraint = 'sheets open when all are in';
  end if;
  return new;
end $$;
create trigger open_guard before update on committee for each row execute function open_guard();
create function findings_open(target text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce((select missing_findings(target) = 0 or state <> 'conformity' from committee where id = target), false)
$$;
create function scores_open(target text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce((select scores_opened_at is not null from committee where id = target), false)
$$;
create function is_announced(target text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select coalesce((select announced_at is not null from committee where id = target), false)
$$;
create function own_seat(member text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from committee_member where id = member and person_id = current_setting('app.actor', true))
$$;

revoke execute on function must_recuse(text, text), had_a_hand(text, text), sits_on(text), leads(text),
  vacant_seats(text), record_draw(text, text, text[], text[]), pool_of(text, text), fill_seats(text, text[]), next_round(text),
  appoint_buyer(text, text, text), unseat_recused(text), missing_findings(text), missing_sheets(text),
  findings_open(text), scores_open(text), is_announced(text), own_seat(text) from public;
grant execute on function must_recuse(text, text), had_a_hand(text, text), sits_on(text), leads(text),
  vacant_seats(text), record_draw(text, text, text[], text[]), pool_of(text, text), fill_seats(text, text[]), next_round(text),
  appoint_buyer(text, text, text), unseat_recused(text), missing_findings(text), missing_sheets(text),
  findings_open(text), scores_open(text), is_announced(text), own_seat(text) to :app;

${rlsPolicies('expert', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}
${rlsPolicies('committee', "mulin.sees_street(street) and (announced_at is not null or current_setting('app.staff', true) = 'on')")}
${rlsPolicies('committee_draw', 'mulin.sees_street(street) and is_announced(committee_id)')}
${rlsPolicies(
  'committee_member',
  `mulin.sees_street(street) and (person_id = current_setting('app.actor', true)
  or sits_on(committee_id) or is_announced(committee_id))`,
)}
revoke insert on committee_member, committee_draw from :app, :consumer;
${rlsPolicies(
  'conformity_finding',
  `mulin.sees_street(street) and (own_seat(member_id)
  or (current_setting('app.staff', true) = 'on' and findings_open(committee_id)))`,
)}
${rlsPolicies(
  'price_explanation',
  `mulin.sees_street(street) and (current_setting('app.staff', true) = 'on'
  or organisation_id = current_setting('app.organisation', true))`,
)}
${rlsPolicies(
  'price_judgement',
  `mulin.sees_street(street) and (sits_on(committee_id)
  or (current_setting('app.staff', true) = 'on' and is_announced(committee_id)))`,
)}
${rlsPolicies(
  'score_sheet',
  `mulin.sees_street(street) and (own_seat(member_id)
  or (current_setting('app.staff', true) = 'on' and scores_open(committee_id)))`,
)}
${rlsPolicies(
  'score_sheet_history',
  `mulin.sees_street(street) and (own_seat(member_id)
  or (current_setting('app.staff', true) = 'on' and scores_open(committee_id)))`,
)}
revoke insert, update on score_sheet_history from :app, :consumer;
${rlsPolicies('score_recheck', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}
${rlsPolicies('score_report', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}
${rlsPolicies('report_signature', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}
`,
};
