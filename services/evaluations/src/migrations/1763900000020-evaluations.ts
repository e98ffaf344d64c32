import { type Migration, rlsPolicies } from '@mulin/database';

/** Plan, sheets and result of an evaluation. Constraints are named as sentences. */
export const evaluations: Migration = {
  name: '1763900000020-evaluations',
  up: /* sql */ `
create table evaluation (
  id text primary key,
  street text not null,
  organisation_id text not null,
  contract_id text not null references term (contract_id),
  instalment_id text not null references term_instalment (id),
  attempt int not null constraint "there are at most two attempts" check (attempt in (1, 2)),
  previous_id text references evaluation (id),
  state text not null constraint "an evaluation is in one of its states"
    check (state in ('planned', 'collecting', 'scored', 'notified', 'appealed', 'finalised')),
  self_asked boolean not null,
  planned_by text not null,
  planned_at timestamptz(3) not null,
  scored_by text,
  notified_by text,
  notified_at timestamptz(3),
  notice_no int not null default 0,
  appeal_until timestamptz(3),
  appeal_days int,
  appeal_article text,
  appeal_provisional boolean not null default false,
  accepted_by text,
  accepted_at timestamptz(3),
  finalised_by text,
  finalised_at timestamptz(3),
  version int not null,
  events int not null,
  constraint "one deciding evaluation per instalment and attempt" unique (instalment_id, attempt),
  constraint "a second attempt follows a first" check ((attempt = 1) = (previous_id is null)),
  constraint "a first attempt is followed once" unique (previous_id),
  constraint "who planned or scored does not finalise"
    check (finalised_by <> planned_by and finalised_by <> scored_by),
  constraint "a final evaluation was finalised by somebody"
    check ((state = 'finalised') = (finalised_by is not null and finalised_at is not null)),
  constraint "a notice has a window"
    check (state not in ('notified', 'appealed', 'finalised') or (notified_at is not null and appeal_until is not null))
);
create index on evaluation (street, id);
create index on evaluation (organisation_id, id);
create index on evaluation (contract_id);
create index on evaluation (appeal_until) where appeal_provisional and state = 'notified';

create table indicator (
  evaluation_id text not null references evaluation (id),
  code text not null,
  title text not null,
  weight int not null constraint "a weight is 1 to 10000 basis points" check (weight between 1 and 10000),
  source text not null,
  position int not null,
  primary key (evaluation_id, code)
);

create table planned_source (
  evaluation_id text not null references evaluation (id),
  source text not null constraint "sheets come from five sources"
    check (source in ('self', 'residents', 'expert', 'thirdParty', 'committee')),
  sheets int not null constraint "at least one sheet is asked for" check (sheets between 1 and 50),
  due_on date,
  late_counts_zero boolean not null,
  primary key (evaluation_id, source),
  constraint "late can only count zero when a day is set" check (not late_counts_zero or due_on is not null)
);

create table sheet (
  id text primary key,
  evaluation_id text not null,
  street text not null,
  organisation_id text not null,
  source text not null,
  author text not null,
  reason text not null,
  sample_size int constraint "a sample has somebody in it" check (sample_size > 0),
  submitted_at timestamptz(3) not null,
  -- Set when all sheets are in: until then only its author reads it.
  opened_at timestamptz(3),
  superseded_at timestamptz(3),
  foreign key (evaluation_id, source) references planned_source (evaluation_id, source)
);
create unique index "one sheet per source and person" on sheet (evaluation_id, source, author)
  where superseded_at is null;
create unique index "an organisation assesses itself once" on sheet (evaluation_id)
  where source = 'self' and superseded_at is null;

create table sheet_score (
  sheet_id text not null references sheet (id),
  indicator text not null,
  num int not null,
  den int not null,
  reason text not null,
  primary key (sheet_id, indicator),
  constraint "a score lies between nothing and full marks" check (den > 0 and num between 0 and den)
);

-- What was computed, and what the organisation was told. Kept apart from the evaluation, which the
-- organisation may see earlier when it is asked to assess itself.
create table result (
  evaluation_id text primary key references evaluation (id),
  score int not null constraint "a score is 0 to 10000 basis points" check (score between 0 and 10000),
  exact_num text not null,
  exact_den text not null,
  grade text not null,
  failed boolean not null,
  rule_version int not null,
  lines jsonb not null,
  scored_at timestamptz(3) not null,
  gates jsonb,
  breaches jsonb
);

revoke update on indicator, planned_source, sheet, sheet_score from :app;
grant update (superseded_at) on sheet to :app;
grant update (late_counts_zero) on planned_source to :app;
revoke insert, update on evaluation, indicator, planned_source, sheet, sheet_score, result from :consumer;
grant update (appeal_until, appeal_provisional) on evaluation to :consumer;

create function evaluation_visible(street text, organisation text, state text, self_asked boolean)
  returns boolean language sql stable as $$
  select street = current_setting('app.street', true) and (current_setting('app.staff', true) = 'on'
    or (organisation = current_setting('app.organisation', true)
        and (self_asked or state in ('notified', 'appealed', 'finalised')))) $$;
create function result_visible(evaluation_id text) returns boolean language sql stable as $$
  select exists (select from evaluation where evaluation.id = evaluation_id
    and (current_setting('app.staff', true) = 'on' or evaluation.state in ('notified', 'appealed', 'finalised'))) $$;

${rlsPolicies('evaluation', 'evaluation_visible(street, organisation_id, state, self_asked)')}
${rlsPolicies('indicator', 'exists (select from evaluation where evaluation.id = evaluation_id)')}
${rlsPolicies('planned_source', 'exists (select from evaluation where evaluation.id = evaluation_id)')}
${rlsPolicies('result', 'result_visible(evaluation_id)')}
${rlsPolicies(
  'sheet',
  `street = current_setting('app.street', true) and (
    author = current_setting('app.actor', true)
    or (source = 'self' and organisation_id = current_setting('app.organisation', true))
    or (opened_at is not null and result_visible(evaluation_id)))`,
)}
${rlsPolicies('sheet_score', 'exists (select from sheet where sheet.id = sheet_id)')}

-- How many sheets of each source are in: a number, whatever is sealed.
create function sheets_in(evaluation text) returns table (source text, sheets int)
  language sql stable security definer set search_path = public, pg_temp as $$
  select sheet.source, count(*)::int from sheet
  where sheet.evaluation_id = evaluation and superseded_at is null
    and street = current_setting('app.street', true)
  group by 1 $$;

-- Opens the sheets for whoever scores, when all that were asked for are in, or late counts as nothing.
create function open_sheets(evaluation text) returns void
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if exists (
    select from planned_source planned where planned.evaluation_id = evaluation
      and planned.sheets > (select count(*) from sheet where sheet.evaluation_id = evaluation
        and sheet.source = planned.source and superseded_at is null)
      and not (planned.late_counts_zero
        and (planned.due_on + 1)::timestamp at time zone 'Asia/Shanghai' <= mulin.now())
  ) then
    raise check_violation using constraint = 'sheets stay sealed until all are in';
  end if;
  update sheet set opened_at = mulin.now()
  where evaluation_id = evaluation and opened_at is null
    and street = current_setting('app.street', true) and current_setting('app.staff', true) = 'on';
end $$;
revoke execute on function sheets_in(text), open_sheets(text) from public;
grant execute on function sheets_in(text), open_sheets(text) to :app;

-- 回避 once more, below the code: the arguments name the columns that hold people.
create function refuse_related() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  person text;
  today date := (mulin.now() at time zone 'Asia/Shanghai')::date;
begin
  if tg_table_name = 'sheet' and to_jsonb(new) ->> 'source' = 'self' then return new; end if;
  for i in 0 .. tg_nargs - 1 loop
    person := to_jsonb(new) ->> tg_argv[i];
    if person is not null
      and (tg_op = 'INSERT' or person is distinct from to_jsonb(old) ->> tg_argv[i])
      and exists (select from recusal_of(person, new.organisation_id, today))
    then
      raise check_violation using constraint = 'nobody related to the contract holder takes part';
    end if;
  end loop;
  return new;
end $$;
create trigger "nobody related takes part" before insert or update on evaluation
  for each row execute function refuse_related('planned_by', 'scored_by', 'notified_by', 'finalised_by');
create trigger "nobody related takes part" before insert on sheet
  for each row execute function refuse_related('author');

create function refuse_own_evaluation() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if old.state = 'finalised' then
    raise check_violation using constraint = 'a final evaluation never changes';
  end if;
  if new.finalised_by is not null and exists (select from sheet
    where sheet.evaluation_id = new.id and sheet.author = new.finalised_by) then
    raise check_violation using constraint = 'who filled in a sheet does not finalise';
  end if;
  return new;
end $$;
create trigger "a second person finalises, once" before update on evaluation
  for each row execute function refuse_own_evaluation();

create function weights_must_sum() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if (select sum(weight) from indicator where evaluation_id = new.evaluation_id) <> 10000 then
    raise check_violation using constraint = 'weights sum to ten thousand';
  end if;
  return null;
end $$;
create constraint trigger "weights sum to ten thousand" after insert on indicator
  deferrable initially deferred for each row execute function weights_must_sum();
`,
};
