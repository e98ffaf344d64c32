import { type Migration, rlsPolicies } from '@mulin/database';

const reportColumns = /* sql */ `
  id text primary key,
  contract_id text not null,
  street text not null,
  organisation_id text not null,
  code text not null,
  occurred_at timestamptz(3) not null,
  evidence text not null constraint "a report names its evidence" check (length(evidence) between 1 and 200),
  state text not null check (state in ('recorded', 'confirmed', 'withdrawn')),
  recorded_by text not null,
  recorded_at timestamptz(3) not null,
  decided_by text,
  decided_at timestamptz(3),
  version int not null,
  events int not null default 0,
  constraint "who records does not confirm" check (state <> 'confirmed' or decided_by <> recorded_by),
  constraint "a decided report has a decider" check ((state = 'recorded') = (decided_by is null)),
  constraint "a report is about an obligation of its contract"
    foreign key (contract_id, code) references obligation (contract_id, code),
  foreign key (contract_id, street, organisation_id) references contract (id, street, organisation_id)`;

/** What was reported about obligations: recorded by one person with evidence, confirmed by another. */
export const reports: Migration = {
  name: '1763900000002-reports',
  up: /* sql */ `
create table fulfilment (${reportColumns},
  status text not null check (status in ('fulfilled', 'waived', 'atRisk'))
);
create index on fulfilment (contract_id, code, occurred_at desc) where state = 'confirmed';
create index on fulfilment (contract_id, id);

create table breach (${reportColumns});
create index on breach (contract_id, code) where state = 'confirmed';
create index on breach (contract_id, id);

-- What was confirmed has been told to others: it stays as it is.
create function report_guard() returns trigger language plpgsql as $$
begin
  if old.state <> 'recorded' or to_jsonb(new) - '{state,decided_by,decided_at,version,events}'::text[]
    <> to_jsonb(old) - '{state,decided_by,decided_at,version,events}'::text[] then
    raise exception 'the report % is fixed', old.id
      using errcode = '23514', constraint = 'a report is decided once and never rewritten';
  end if;
  return new;
end $$;
create trigger report_guard before update on fulfilment for each row execute function report_guard();
create trigger report_guard before update on breach for each row execute function report_guard();

create function report_id_taken(wanted text) returns boolean
  language sql stable security definer set search_path = public, pg_temp
  as $$ select exists (select from fulfilment where id = wanted union all select from breach where id = wanted) $$;
revoke execute on function report_id_taken(text) from public;
grant execute on function report_id_taken(text) to :app;

${rlsPolicies('fulfilment')}
${rlsPolicies('breach')}
`,
};
