import { type Migration, rlsPolicies } from '@mulin/database';

const ALL = '{openTendering,competitiveConsultation,singleSource,belowThreshold}';
const SEVERAL = '{openTendering,competitiveConsultation,belowThreshold}';
const ONE = '{singleSource}';
const BY_FINAL_OFFERS = '{competitiveConsultation,singleSource}';
const BY_FIRST_PRICES = '{openTendering,belowThreshold}';

/** The lifecycle as data: for every version of every procedure the steps that a tender may take, and when. */
export const steps: Migration = {
  name: '1763900000022-steps',
  up: /* sql */ `
-- One row for every step of every version: the clock that must have run, what must hold, and the article. A tender takes
-- the steps of the version it was published under, and no other.
create table procedure_step (
  method text not null,
  scope text not null,
  version int not null,
  from_state text not null check (from_state in
    ('draft', 'published', 'opened', 'qualified', 'evaluating', 'resultNotice', 'awarded')),
  to_state text not null check (to_state in
    ('published', 'opened', 'qualified', 'evaluating', 'resultNotice', 'awarded', 'failed', 'cancelled')),
  clock text check (clock in ('singleSourceNotice', 'bidDeadline', 'finalOffers', 'standStill')),
  conditions text[] not null check (conditions <@ array['twoPeople', 'objectionsAnswered', 'twoOfficers', 'minimumBidders',
    'qualificationConfirmed', 'finalOffersOpened', 'reportSigned', 'notSuspended', 'nothingUndecided', 'winnersAccepted',
    'candidateLeft', 'nothingAwarded']),
  article text,
  primary key (method, scope, version, from_state, to_state),
  foreign key (method, scope, version) references procedure (method, scope, version)
);
revoke insert, update on procedure_step from :app, :consumer;

-- Where the terms of a version name the article of a step. They name none of the notice of one supplier, which is law, and
-- giving up a draft rests on none.
create function step_article(method text, from_state text, to_state text, terms jsonb) returns text
  language sql immutable as $$
  select terms #>> (case
    when to_state = 'published' and method <> 'singleSource' then '{articles,fileWorkingDays}'
    when to_state in ('opened', 'evaluating') then '{articles,opening}'
    when to_state = 'qualified' then '{articles,qualification}'
    when to_state = 'awarded' then '{award,articles,standStill}'
    when from_state = 'evaluating' and to_state = 'resultNotice' then '{award,articles,notice}'
    when from_state in ('resultNotice', 'awarded') then '{award,articles,answer}'
    when to_state = 'failed' then '{articles,minimumBidders}'
  end)::text[]
$$;

-- With one supplier alone there is a notice before and no next candidate after; with final offers the result waits for
-- them. A tender that was published is not given up: it fails on a ground of the law.
insert into procedure_step (method, scope, version, from_state, to_state, clock, conditions, article)
  select method, scope, version, from_state, to_state, clock, conditions::text[],
    coalesce(step_article(method, from_state, to_state, terms), case clock when 'singleSourceNotice' then '74号令 第三十八条' end)
  from procedure join (values
    ('${ALL}', 'draft', 'cancelled', null, '{}'),
    ('${SEVERAL}', 'draft', 'published', null, '{twoPeople}'),
    ('${ONE}', 'draft', 'published', 'singleSourceNotice', '{twoPeople,objectionsAnswered}'),
    ('${ALL}', 'published', 'opened', 'bidDeadline', '{twoOfficers,minimumBidders}'),
    ('${ALL}', 'opened', 'qualified', null, '{qualificationConfirmed,minimumBidders}'),
    ('${ALL}', 'qualified', 'evaluating', null, '{twoOfficers,minimumBidders}'),
    ('${BY_FIRST_PRICES}', 'evaluating', 'resultNotice', null, '{reportSigned,twoPeople,notSuspended}'),
    ('${BY_FINAL_OFFERS}', 'evaluating', 'resultNotice', 'finalOffers',
      '{finalOffersOpened,reportSigned,twoPeople,notSuspended}'),
    ('${ALL}', 'resultNotice', 'awarded', 'standStill', '{winnersAccepted,nothingUndecided,notSuspended}'),
    ('${SEVERAL}', 'awarded', 'resultNotice', null, '{candidateLeft}'),
    ('${ALL}', 'published', 'failed', null, '{nothingAwarded}'),
    ('${ALL}', 'opened', 'failed', null, '{nothingAwarded}'),
    ('${ALL}', 'qualified', 'failed', null, '{nothingAwarded}'),
    ('${ALL}', 'evaluating', 'failed', null, '{nothingAwarded}'),
    ('${ALL}', 'resultNotice', 'failed', null, '{nothingAwarded}'),
    ('${ALL}', 'awarded', 'failed', null, '{nothingAwarded}')
  ) step (methods, from_state, to_state, clock, conditions) on method = any (methods::text[]);

-- A version that brings no steps of its own takes those of the common version, under the articles of its own terms.
create function steps_of_version() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if not exists (select from procedure_step known
      where (known.method, known.scope, known.version) = (new.method, new.scope, new.version)) then
    insert into procedure_step
      select new.method, new.scope, new.version, common.from_state, common.to_state, common.clock, common.conditions,
        coalesce(step_article(new.method, common.from_state, common.to_state, new.terms), common.article)
      from procedure_step common where common.method = new.method and common.scope = '' and common.version =
        (select max(version) from procedure_step newest where newest.method = new.method and newest.scope = '');
  end if;
  return null;
end $$;
create constraint trigger steps_of_version after insert on procedure deferrable initially deferred
  for each row execute function steps_of_version();

-- The version a tender goes by: that of its publication, and before it the one in force.
create function procedure_for(target tender) returns table (scope text, version int)
  language sql stable security definer set search_path = public, pg_temp as $$
  select procedure.scope, procedure.version from procedure
  where procedure.method = target.method and case when target.procedure_version is null
    then procedure.scope in ('', target.street)
      and in_force_from <= (mulin.now() at time zone 'Asia/Shanghai')::date
    else procedure.scope = target.procedure_scope and procedure.version = target.procedure_version end
  order by procedure.scope = '', procedure.version desc limit 1
$$;

-- When a clock lets a tender go on, as far as who asks may know; null where nothing has to be waited for.
create function step_opens_at(target text, clock text) returns timestamptz language sql stable as $$
  select case clock
    when 'singleSourceNotice' then (select (max(notice_until) + 1)::timestamp at time zone 'Asia/Shanghai'
      from single_source_proposal proposal join tender using (plan_id)
      where tender.id = target and proposal.state = 'published')
    when 'bidDeadline' then (select deadline + interval '10 seconds' from tender where id = target)
    when 'finalOffers' then (select due_at + interval '10 seconds' from final_offer_call where tender_id = target)
    when 'standStill' then (select max(stand_still_ends_at) from award
      where tender_id = target and state not in ('refused', 'invalid'))
  end
$$;

-- What must hold when a state is reached. What a challenge holds up is an award that is made, not a lot that falls: only
-- where this very transaction made one does the challenge count.
create function awarded_now(target text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from award where tender_id = target and state in ('announced', 'accepted')
    and xmin = pg_current_xact_id()::xid)
$$;
create function condition_holds(target text, condition text, reached text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select case condition
    when 'twoPeople' then (select published_by <> all (written_by) from tender where id = target)
      and not exists (select from award where tender_id = target and announced_by = chosen_by)
    when 'objectionsAnswered' then not exists (select from single_source_objection objection
      join single_source_proposal proposal on proposal.id = proposal_id join tender using (plan_id)
      where tender.id = target and proposal.state = 'published' and answered_at is null)
    when 'twoOfficers' then exists (select from opening_record where tender_id = target)
      and not exists (select from opening_record where tender_id = target and cardinality(officers) < 2)
    when 'minimumBidders' then exists (select from lot join tender on tender.id = lot.tender_id
        join procedure on procedure.method = tender.method and procedure.scope = tender.procedure_scope
          and procedure.version = tender.procedure_version
      where tender.id = target and lot.failed_because is null
        and (select count(*) from bid where bid.lot_id = lot.id
            and bid.state in ('opened', 'qualified', 'priced', 'compliant', 'ranked', 'won', 'lost'))
          >= coalesce(case when reached <> 'opened' then (terms ->> 'minimumRemaining')::int end,
            (terms ->> 'minimumBidders')::int))
    when 'qualificationConfirmed' then not exists (select from bid
      left join qualification_review review on review.bid_id = bid.id
      where bid.tender_id = target and (bid.state = 'opened'
        or (bid.state = 'qualified' and (review.qualified and review.confirmed_by is not null) is not true)))
    when 'finalOffersOpened' then exists (select from final_offer_call
      where tender_id = target and opened_at is not null)
    when 'reportSigned' then exists (select from committee where tender_id = target and state = 'reported')
    when 'notSuspended' then not (is_frozen(target) and awarded_now(target))
    when 'nothingUndecided' then not (has_undecided(target) and awarded_now(target))
    when 'winnersAccepted' then awards_standing(target) + candidates_left(target) = 0
      and exists (select from award where tender_id = target and state = 'accepted')
    when 'candidateLeft' then candidates_left(target) > 0
    when 'nothingAwarded' then not exists (select from award where tender_id = target and state = 'accepted')
  end
$$;

create function tender_step_guard() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
declare
  step procedure_step;
begin
  select known.* into step from procedure_step known, procedure_for(new) own
    where known.method = new.method and (known.scope, known.version) = (own.scope, own.version)
      and (known.from_state, known.to_state) = (old.state, new.state);
  if step is null then
    raise exception 'by its procedure % never goes from % to %', new.id, old.state, new.state
      using errcode = '23514', constraint = 'a tender takes only the steps of its procedure';
  end if;
  if mulin.now() < step_opens_at(new.id, step.clock) then
    raise exception 'the clock % of % has not run', step.clock, new.id
      using errcode = '23514', constraint = 'a step waits for its clock';
  end if;
  return new;
end $$;
-- At the commit, when all that the step came with has been written.
create function step_conditions_guard() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
declare
  unmet text;
begin
  select condition into unmet from procedure_step known, procedure_for(new) own, unnest(known.conditions) condition
    where known.method = new.method and (known.scope, known.version) = (own.scope, own.version)
      and (known.from_state, known.to_state) = (old.state, new.state)
      and condition_holds(new.id, condition, new.state) is not true
    limit 1;
  if unmet is not null then
    raise exception '% may not be %: % does not hold', new.id, new.state, unmet
      using errcode = '23514', constraint = 'a step is taken when its conditions hold';
  end if;
  return null;
end $$;
drop trigger step_guard on tender;
create trigger step_guard before update on tender for each row
  when (new.state <> old.state) execute function tender_step_guard();
create constraint trigger step_conditions_guard after update on tender deferrable initially deferred for each row
  when (new.state <> old.state) execute function step_conditions_guard();
drop table tender_step;

-- The winner who refuses sees neither the other bids nor what is proposed: this tells which lots have nobody left.
create function lots_without_candidate(target text) returns setof text
  language sql stable security definer set search_path = public, pg_temp as $$
  select id from lot where tender_id = target and failed_because is null
    and not exists (select from award where award.lot_id = lot.id and award.state not in ('refused', 'invalid'))
    and not exists (select from bid where bid.lot_id = lot.id and bid.state = 'ranked'
      and not exists (select from award where award.bid_id = bid.id))
$$;
revoke execute on function lots_without_candidate(text), step_article(text, text, text, jsonb), procedure_for(tender), step_opens_at(text, text),
  awarded_now(text), condition_holds(text, text, text) from public;
grant execute on function lots_without_candidate(text), procedure_for(tender), step_opens_at(text, text) to :app, :consumer;

${rlsPolicies('procedure_step', "scope = '' or mulin.sees_street(scope) or current_setting('app.actor', true) = ''")}
`,
};
