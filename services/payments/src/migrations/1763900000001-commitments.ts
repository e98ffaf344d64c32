import { type Migration, rlsPolicies } from '@mulin/database';

/** What contracts asked for and got, and the terms they were signed on: read models of contracts' events. */
export const commitments: Migration = {
  name: '1763900000001-commitments',
  up: /* sql */ `
-- A contract asks for money under a number of its own; each number is answered once.
create table funds_request (
  contract_id text not null,
  request_no integer not null,
  street text not null,
  organisation_id text not null,
  outcome text not null
    constraint "a request is reserved or refused" check (outcome in ('reserved', 'refused')),
  because jsonb,
  -- Which of the contract's commitment events told the answer, and which told that it was freed.
  answered_as integer not null,
  released_as integer,
  at timestamptz(3) not null default mulin.now(),
  primary key (contract_id, request_no),
  constraint "only what was reserved can be freed" check (released_as is null or outcome = 'reserved')
);

create table commitment (
  id text primary key,
  street text not null,
  organisation_id text not null,
  contract_id text not null,
  fund_id text not null references fund,
  request_no integer not null,
  amount_fen bigint not null
    constraint "a commitment is not negative" check (amount_fen >= 0),
  state text not null
    constraint "a commitment is reserved or released" check (state in ('RESERVED', 'RELEASED')),
  reserved_at timestamptz(3) not null default mulin.now(),
  foreign key (contract_id, request_no) references funds_request,
  constraint "a request commits once from a fund" unique (contract_id, request_no, fund_id)
);

create table reserved_instalment (
  instalment_id text not null,
  commitment_id text not null references commitment,
  street text not null,
  organisation_id text not null,
  contract_id text not null,
  fund_id text not null,
  amount_fen bigint not null
    constraint "a reservation is not negative" check (amount_fen >= 0),
  released boolean not null default false,
  primary key (instalment_id, commitment_id)
);
create unique index "an instalment is reserved once at a time"
  on reserved_instalment (instalment_id) where not released;
create index reserved_by_contract on reserved_instalment (contract_id);

create table term (
  contract_id text primary key,
  street text not null,
  organisation_id text not null,
  title text not null,
  amount_fen bigint not null,
  rule jsonb not null,
  rule_version integer not null,
  signed_at timestamptz(3) not null,
  terminated_on date
);

create table instalment (
  id text primary key,
  street text not null,
  organisation_id text not null,
  contract_id text not null references term,
  no integer not null,
  kind text not null
    constraint "an instalment is an advance or evaluated" check (kind in ('advance', 'evaluated')),
  amount_fen bigint not null,
  fund_id text not null,
  constraint "a contract numbers its instalments" unique (contract_id, no)
);

${['funds_request', 'commitment', 'reserved_instalment', 'term', 'instalment'].map((table) => rlsPolicies(table)).join('')}
revoke insert, update on funds_request, commitment, reserved_instalment, term, instalment from :app;
`,
};
