import { type Migration, rlsPolicies } from '@mulin/database';

/** Single source (单一来源): on a ground of the law, noticed to the public, objections argued again. */
export const singleSource: Migration = {
  name: '1763900000014-single-source',
  up: /* sql */ `
-- 协商: the price is agreed on with people who know the field; the supplier says it as a sealed final offer.
update procedure set terms = terms || '{"finalOffers": {"least": 1, "leastMinutes": 10, "article": "74号令 第四十一条"}}'
  where method = 'singleSource';
-- No law says how long one supplier has for its papers: these days are the office's own, an example.
update procedure set terms = jsonb_set(terms, '{articles}', (terms -> 'articles') || '{
    "fileWorkingDays": "街道采购内控制度（示例） 第五条", "bidDays": "街道采购内控制度（示例） 第五条",
    "clarificationDays": "街道采购内控制度（示例） 第五条"}')
  where method = 'singleSource';

create table single_source_reason (
  code text primary key,
  article text not null,
  title_zh text not null,
  title_en text not null,
  notice_working_days int,
  most_share int
);
-- The law asks for the notice from the tender threshold on; this office notices every only supplier.
insert into single_source_reason values
  ('onlySupplier', '政府采购法 第三十一条第一项；74号令 第三十八条', '只能从唯一供应商处采购', 'Only one supplier can do it', 5, null),
  ('emergency', '政府采购法 第三十一条第二项', '发生不可预见的紧急情况', 'An emergency that nobody could foresee', null, null),
  ('addition', '政府采购法 第三十一条第三项', '继续从原供应商处添购', 'An addition to what was bought from the same supplier', null, 1000);
grant select on single_source_reason to :app;
revoke insert, update on single_source_reason from :app, :consumer;

create table single_source_proposal_step (from_state text, to_state text, primary key (from_state, to_state));
insert into single_source_proposal_step values ('draft', 'published'), ('published', 'refused');
revoke insert, update on single_source_proposal_step from :app, :consumer;

alter table procurement_plan add constraint "a plan is of one street" unique (id, street);
create table single_source_proposal (
  id text primary key,
  street text not null,
  plan_id text not null,
  organisation_id text not null,
  reason_code text not null references single_source_reason (code),
  statement text not null check (length(statement) between 1 and 4000),
  opinions jsonb not null,
  original_award_id text references award (id),
  approval_number text check (length(approval_number) between 1 and 100),
  state text not null check (state in ('draft', 'published', 'refused')),
  written_by text not null,
  noticed_by text,
  noticed_at timestamptz(3),
  notice_until date,
  version int not null,
  constraint "a supplier is proposed once for a plan" unique (plan_id, organisation_id),
  constraint "who proposes a single source does not notice it" check (noticed_by <> written_by),
  constraint "a notice was made by someone" check
    ((state = 'draft') = (noticed_by is null) and (state = 'draft') = (noticed_at is null)),
  foreign key (plan_id, street) references procurement_plan (id, street),
  unique (id, street)
);
create index on single_source_proposal (street, id);
create index on single_source_proposal (original_award_id);
create trigger step_guard before update on single_source_proposal for each row execute function step_guard();
create function proposal_guard() returns trigger language plpgsql as $$
declare
  moves text[] := array['state', 'version', 'noticed_by', 'noticed_at', 'notice_until'];
begin
  if to_jsonb(new) - moves is distinct from to_jsonb(old) - moves
      or (old.state <> 'draft' and (old.noticed_by, old.noticed_at, old.notice_until)
        is distinct from (new.noticed_by, new.noticed_at, new.notice_until)) then
    raise exception 'what % says is fixed', old.id
      using errcode = '23514', constraint = 'a notice says what was proposed';
  end if;
  return new;
end $$;
create trigger proposal_guard before update on single_source_proposal
  for each row execute function proposal_guard();

create table single_source_objection (
  id text primary key,
  street text not null,
  proposal_id text not null,
  filed_by text not null,
  text text not null check (length(text) between 1 and 4000),
  filed_at timestamptz(3) not null,
  answer_due_at timestamptz(3) not null,
  upheld boolean,
  answer text check (length(answer) between 1 and 4000),
  answered_by text,
  answered_at timestamptz(3),
  version int not null,
  constraint "an answer is whole" check ((upheld is null) = (answer is null)
    and (upheld is null) = (answered_by is null) and (upheld is null) = (answered_at is null)),
  foreign key (proposal_id, street) references single_source_proposal (id, street)
);
create index on single_source_objection (proposal_id, id);

alter table tender add column invited_organisation_id text,
  add constraint "a single source has one supplier" check
    ((method = 'singleSource' and state not in ('draft', 'cancelled')) = (invited_organisation_id is not null));
create function invited_guard() returns trigger language plpgsql as $$
begin
  if exists (select from tender where id = new.tender_id and invited_organisation_id <> new.organisation_id) then
    raise exception '% was not invited', new.organisation_id
      using errcode = '23514', constraint = 'of a single source only the supplier that was noticed bids';
  end if;
  return new;
end $$;
create trigger invited_guard before insert on bid for each row execute function invited_guard();
-- Not by the code alone: no tender for one supplier before its notice is over and every objection answered.
create function notice_guard() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  if new.invited_organisation_id is not null and not exists (
      select from single_source_proposal proposal where proposal.plan_id = new.plan_id
        and proposal.organisation_id = new.invited_organisation_id and proposal.state = 'published'
        and coalesce(proposal.notice_until, '-infinity') < (mulin.now() at time zone 'Asia/Shanghai')::date
        and not exists (select from single_source_objection
          where proposal_id = proposal.id and answered_at is null)) then
    raise exception 'the notice for % is not over', new.id
      using errcode = '23514', constraint = 'one supplier is asked only when the notice is over';
  end if;
  return new;
end $$;
create trigger notice_guard before update of invited_organisation_id on tender
  for each row when (new.invited_organisation_id is distinct from old.invited_organisation_id)
  execute function notice_guard();

${rlsPolicies(
  'single_source_proposal',
  "mulin.sees_street(street) and (state <> 'draft' or current_setting('app.staff', true) = 'on')",
)}
${rlsPolicies(
  'single_source_objection',
  `mulin.sees_street(street) and (filed_by = current_setting('app.actor', true)
  or current_setting('app.staff', true) = 'on')`,
)}
`,
};
