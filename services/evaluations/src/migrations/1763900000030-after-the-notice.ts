import { type Migration, rlsPolicies } from '@mulin/database';

/** What may follow a notice: appeals, rectification, and at the contract's end its acceptance. */
export const afterTheNotice: Migration = {
  name: '1763900000030-after-the-notice',
  up: /* sql */ `
create table appeal (
  id text primary key,
  evaluation_id text not null references evaluation (id),
  street text not null,
  organisation_id text not null,
  notice_no int not null,
  reason_code text not null,
  text text not null,
  state text not null check (state in ('open', 'upheld', 'dismissed')),
  filed_by text not null,
  filed_at timestamptz(3) not null,
  decided_by text,
  decided_at timestamptz(3),
  answer text,
  constraint "who appeals does not decide" check (decided_by <> filed_by),
  constraint "a decided appeal has an answer"
    check ((state = 'open') = (decided_by is null and answer is null))
);
create unique index "one appeal at a time" on appeal (evaluation_id) where state = 'open';
create index on appeal (evaluation_id);

create table rectification (
  id text primary key,
  evaluation_id text not null constraint "a failure is rectified once" unique references evaluation (id),
  instalment_id text not null references term_instalment (id),
  contract_id text not null,
  street text not null,
  organisation_id text not null,
  state text not null constraint "a rectification is in one of its states"
    check (state in ('open', 'submitted', 'reEvaluated', 'lapsed')),
  opened_at timestamptz(3) not null,
  working_days int not null check (working_days > 0),
  due_on date not null,
  due_at timestamptz(3) not null,
  provisional boolean not null,
  report text,
  submitted_by text,
  submitted_at timestamptz(3),
  lapsed_at timestamptz(3),
  version int not null,
  events int not null,
  constraint "a report in time stops the clock" check (submitted_at < due_at),
  constraint "a lapse is the end of the last day" check (lapsed_at = due_at),
  constraint "a report or a lapse, never both" check (submitted_at is null or lapsed_at is null),
  constraint "a submitted rectification has a report" check
    ((state in ('submitted', 'reEvaluated')) = (submitted_at is not null and report is not null))
);
create index on rectification (due_at) where state = 'open';
create index on rectification (contract_id);
revoke insert, update on appeal, rectification from :consumer;
grant update (state, lapsed_at, due_on, due_at, provisional, version, events) on rectification to :consumer;

create table acceptance (
  id text primary key,
  contract_id text not null constraint "a contract is accepted once" unique references term (contract_id),
  street text not null,
  organisation_id text not null,
  state text not null constraint "an acceptance is in one of its states"
    check (state in ('drafted', 'residentsHeard', 'signed')),
  outcome text not null check (outcome in ('accepted', 'failed')),
  standards jsonb not null,
  drafted_by text not null,
  heard_on date,
  heard int,
  satisfied int,
  signed_by text,
  signed_at timestamptz(3),
  version int not null,
  events int not null,
  constraint "who drafts an acceptance does not sign it" check (signed_by <> drafted_by),
  constraint "residents are heard before anyone signs"
    check (state = 'drafted' or (heard_on is not null and heard > 0 and satisfied between 0 and heard)),
  constraint "a signed acceptance has a signer" check ((state = 'signed') = (signed_by is not null))
);
revoke insert, update on acceptance from :consumer;

${rlsPolicies('appeal')}
${rlsPolicies('rectification')}
${rlsPolicies(
  'acceptance',
  `mulin.sees(street, organisation_id)
   and (current_setting('app.staff', true) = 'on' or state = 'signed')`,
)}
create trigger "nobody related takes part" before update on appeal
  for each row execute function refuse_related('decided_by');
create trigger "nobody related takes part" before insert or update on acceptance
  for each row execute function refuse_related('drafted_by', 'signed_by');

-- The work list; as a view it obeys the row-level security of whoever reads it.
create view evaluation_due with (security_invoker = true) as
  select instalment.id, instalment.contract_id, instalment.no, instalment.period_to,
    case when first.id is null then 1 else 2 end as attempt, first.id as previous_id
  from term_instalment instalment
  join term using (contract_id)
  left join evaluation first on first.instalment_id = instalment.id and first.attempt = 1
  left join evaluation second on second.instalment_id = instalment.id and second.attempt = 2
  left join rectification on rectification.evaluation_id = first.id
  where instalment.kind = 'evaluated' and instalment.closed_at is null and second.id is null
    and (instalment.period_to + 1)::timestamp at time zone 'Asia/Shanghai' <= mulin.now()
    and (term.terminated_on is null or term.terminated_on >= instalment.period_to)
    and (first.id is null or rectification.state = 'submitted');

create function refuse_change_of_final() returns trigger language plpgsql as $$
begin
  if old.state in ('signed', 'lapsed', 'reEvaluated') then
    raise check_violation using constraint = 'what is final never changes';
  end if;
  return new;
end $$;
create trigger "what is final never changes" before update on acceptance
  for each row execute function refuse_change_of_final();
create trigger "what is final never changes" before update on rectification
  for each row execute function refuse_change_of_final();
`,
};
