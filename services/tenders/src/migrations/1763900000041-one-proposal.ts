import type { Migration } from '@mulin/database';

/** One plan has one living proposal, and a tender for one supplier names it from its draft on. */
export const oneProposal: Migration = {
  name: '1763900000041-one-proposal',
  up: /* sql */ `
insert into single_source_proposal_step values ('draft', 'withdrawn');
alter table single_source_proposal
  drop constraint single_source_proposal_state_check,
  add constraint "a proposal is in a state of the table" check (state in ('draft', 'published', 'refused', 'withdrawn')),
  drop constraint "a notice was made by someone",
  add constraint "a notice was made by someone" check ((state in ('draft', 'withdrawn')) = (noticed_by is null)
    and (state in ('draft', 'withdrawn')) = (noticed_at is null)),
  drop constraint "a supplier is proposed once for a plan";

-- While it is drafted it may be put right; what was made public says what it said.
create or replace function proposal_guard() returns trigger language plpgsql as $$
declare
  moves text[] := array['state', 'version', 'noticed_by', 'noticed_at', 'notice_until'] || case old.state
    when 'draft' then array['reason_code', 'statement', 'opinions', 'original_award_id', 'approval_number', 'written_by']
    else '{}'::text[] end;
begin
  if to_jsonb(new) - moves is distinct from to_jsonb(old) - moves
      or (old.state <> 'draft' and (old.noticed_by, old.noticed_at, old.notice_until)
        is distinct from (new.noticed_by, new.noticed_at, new.notice_until)) then
    raise exception 'what % says is fixed', old.id
      using errcode = '23514', constraint = 'a notice says what was proposed';
  end if;
  return new;
end $$;

-- Where a plan had several, that of its tender stays, else the one that was noticed last; the others never led anywhere.
with ranked as (
  select proposal.id, row_number() over (partition by proposal.plan_id order by exists (select from tender
    where tender.plan_id = proposal.plan_id and invited_organisation_id = proposal.organisation_id) desc,
    noticed_at desc nulls last, proposal.id desc) as place
  from single_source_proposal proposal where state in ('draft', 'published'))
update single_source_proposal proposal set version = version + 1,
  state = case state when 'draft' then 'withdrawn' else 'refused' end
from ranked where ranked.id = proposal.id and place > 1;
create unique index "a plan has one living proposal" on single_source_proposal (plan_id)
  where state in ('draft', 'published');
create unique index "a supplier is proposed once for a plan" on single_source_proposal (plan_id, organisation_id)
  where state <> 'withdrawn';

-- What was withdrawn was never public.
alter policy "an actor sees the rows of its street and organisation" on single_source_proposal
  using (mulin.sees_street(street) and (state not in ('draft', 'withdrawn') or mulin.is_office()))
  with check (mulin.sees_street(street) and (state not in ('draft', 'withdrawn') or mulin.is_office()));
alter policy "what was published is public" on single_source_proposal
  using (current_setting('app.actor', true) = '' and state not in ('draft', 'withdrawn'));

-- Drafts from before name nobody yet: revising them does.
alter table tender drop constraint "a single source has one supplier",
  add constraint "a single source has one supplier" check (case when method = 'singleSource'
    then invited_organisation_id is not null or state in ('draft', 'cancelled')
    else invited_organisation_id is null end);
drop trigger notice_guard on tender;
drop function notice_guard();
-- Not by the code alone: a draft names a supplier that is proposed, and it goes out when that supplier's notice is over and
-- every objection answered. After that the file is fixed (tender_guard), and with it who was invited.
create function supplier_guard() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  if new.state = 'draft' and not exists (select from single_source_proposal proposal
      where proposal.plan_id = new.plan_id and proposal.organisation_id = new.invited_organisation_id
        and proposal.state in ('draft', 'published')) then
    raise exception '% is not proposed for the plan of %', new.invited_organisation_id, new.id
      using errcode = '23514', constraint = 'a draft for one supplier names the one that is proposed';
  end if;
  if new.state not in ('draft', 'cancelled') and not exists (select from single_source_proposal proposal
      where proposal.plan_id = new.plan_id
        and proposal.organisation_id = new.invited_organisation_id and proposal.state = 'published'
        and coalesce(proposal.notice_until, '-infinity') < (mulin.now() at time zone 'Asia/Shanghai')::date
        and not exists (select from single_source_objection
          where proposal_id = proposal.id and answered_at is null)) then
    raise exception 'the notice for % is not over', new.id
      using errcode = '23514', constraint = 'one supplier is asked only when the notice is over';
  end if;
  return new;
end $$;
create trigger supplier_guard before update on tender for each row
  when (new.invited_organisation_id is not null and (new.invited_organisation_id is distinct from old.invited_organisation_id
    or (old.state = 'draft' and new.state <> 'draft')))
  execute function supplier_guard();
create trigger supplier_proposed before insert on tender for each row
  when (new.invited_organisation_id is not null) execute function supplier_guard();
-- Which supplier a draft was written for, is part of the draft.
create function invited_kept() returns trigger language plpgsql as $$
begin
  raise exception '% was drafted for %', old.id, old.invited_organisation_id
    using errcode = '23514', constraint = 'a published tender invites the supplier it was drafted for';
end $$;
create trigger supplier_kept before update on tender for each row
  when (old.state = 'draft' and new.state <> 'draft' and old.invited_organisation_id is not null
    and new.invited_organisation_id is distinct from old.invited_organisation_id)
  execute function invited_kept();
`,
};
