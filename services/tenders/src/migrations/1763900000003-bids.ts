import { type Migration, rlsPolicies } from '@mulin/database';

/**
 * Who may know that there is a bid: its bidder always; the street once the deadline is over and every
 * submission has ended (87号令 第二十八条: until then neither names nor number).
 */
const A_BIDDER_OR_AFTER_THE_DEADLINE = `mulin.sees_street(street) and (
  organisation_id = current_setting('app.organisation', true)
  or (current_setting('app.staff', true) = 'on' and exists (select from tender
    where tender.id = tender_id and tender.deadline + interval '10 seconds' <= mulin.now())))`;

/** Sealed bids, their receipts, and the ceremony that opens them. */
export const bids: Migration = {
  name: '1763900000003-bids',
  up: /* sql */ `
create table bid_step (from_state text, to_state text, primary key (from_state, to_state));
insert into bid_step values ('sealed', 'withdrawn'), ('sealed', 'opened'), ('sealed', 'unconfirmed'),
  ('sealed', 'revoked'), ('sealed', 'returned'), ('withdrawn', 'sealed');
revoke insert, update on bid_step from :app, :consumer;

alter table lot add constraint "a lot is of one tender" unique (id, tender_id, street);

create table bid (
  id text primary key,
  street text not null,
  tender_id text not null,
  lot_id text not null,
  organisation_id text not null,
  state text not null constraint "a bid is in a state of the table" check (state in
    ('sealed', 'withdrawn', 'opened', 'unconfirmed', 'revoked', 'returned')),
  content_version int not null check (content_version > 0),
  confirmed_round int not null check (confirmed_round > 0),
  received_at timestamptz(3) not null,
  version int not null,
  constraint "an organisation has one bid for a lot" unique (lot_id, organisation_id),
  foreign key (lot_id, tender_id, street) references lot (id, tender_id, street),
  unique (id, tender_id, street, organisation_id)
);
create index on bid (street, id);
create index on bid (organisation_id, id);
create index on bid (tender_id, id);
create trigger step_guard before update on bid for each row execute function step_guard();

create table bid_content (
  bid_id text not null,
  version int not null,
  street text not null,
  tender_id text not null,
  organisation_id text not null,
  qualification jsonb not null,
  price jsonb not null,
  qualification_hash text not null check (qualification_hash ~ '^sha256:[0-9a-f]{64}$'),
  price_hash text not null check (price_hash ~ '^sha256:[0-9a-f]{64}$'),
  submitted_by text not null,
  received_at timestamptz(3) not null,
  primary key (bid_id, version),
  foreign key (bid_id, tender_id, street, organisation_id)
    references bid (id, tender_id, street, organisation_id)
);
revoke update on bid_content from :app, :consumer;

-- In time is decided again by the database, when the content is written: against the deadline as it is then,
-- under the share lock that the submission holds on the tender.
create function in_time() returns trigger language plpgsql as $$
begin
  if not exists (select from tender where id = new.tender_id and state = 'published'
      and new.received_at < deadline) then
    raise exception 'the bid % came too late', new.bid_id
      using errcode = '23514', constraint = 'a bid is taken before the deadline only';
  end if;
  return new;
end $$;
create trigger in_time before insert on bid_content for each row execute function in_time();

create table receipt (
  id text primary key,
  place bigint generated always as identity,
  street text not null,
  tender_id text not null,
  organisation_id text not null,
  bid_id text,
  -- json, not jsonb: it is handed out again as it was signed.
  receipt json not null,
  hash text not null unique check (hash ~ '^sha256:[0-9a-f]{64}$'),
  previous_hash text not null,
  public_key text not null,
  received_at timestamptz(3) not null,
  constraint "a receipt follows one other" unique (tender_id, previous_hash),
  foreign key (tender_id, street) references tender (id, street)
);
create index on receipt (tender_id, place);
create index on receipt (bid_id);
revoke update on receipt from :app, :consumer;

-- The end of each tender's chain. The app role may neither read nor move it but by these two functions: who
-- hands in a bid must not learn how many did before.
create table receipt_chain (tender_id text primary key references tender (id), head text);
revoke all on receipt_chain from :app, :consumer;
create function lock_receipt_chain(tender text) returns text
  language plpgsql security definer set search_path = public, pg_temp as $$
declare
  found text;
begin
  insert into receipt_chain (tender_id) values (tender) on conflict do nothing;
  select head into found from receipt_chain where tender_id = tender for no key update;
  return found;
end $$;
create function chain_guard() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$
begin
  update receipt_chain set head = new.hash
    where tender_id = new.tender_id and (head is null or head = new.previous_hash);
  if not found then
    raise exception 'the receipt does not follow the last one of %', new.tender_id
      using errcode = '23514', constraint = 'receipts are one chain';
  end if;
  return new;
end $$;
create trigger chain_guard before insert on receipt for each row execute function chain_guard();
revoke execute on function lock_receipt_chain(text) from public;
grant execute on function lock_receipt_chain(text) to :app;

-- What an officer handed over, and what came of it. Halves are worthless before the deadline: none is taken.
create table handed_share (
  tender_id text not null,
  street text not null,
  envelope text not null check (envelope in ('qualification', 'price')),
  person_id text not null,
  shares jsonb not null,
  handed_at timestamptz(3) not null,
  primary key (tender_id, envelope, person_id),
  foreign key (tender_id, street) references tender (id, street)
);

create table opening_record (
  id text primary key,
  street text not null,
  tender_id text not null,
  envelope text not null check (envelope in ('qualification', 'price')),
  opened_at timestamptz(3) not null,
  opened_by text not null,
  officers text[] not null constraint "two officers open together" check (cardinality(officers) >= 2),
  outcome text not null check (outcome in ('opened', 'tooFewBids', 'tooFewReadable')),
  minimum_bidders int not null,
  constraint "an envelope is opened once" unique (tender_id, envelope),
  foreign key (tender_id, street) references tender (id, street)
);
create table opened_bid (
  opening_id text not null references opening_record (id),
  bid_id text not null,
  street text not null,
  tender_id text not null,
  organisation_id text not null,
  result text not null check (result in ('opened', 'unconfirmed', 'revoked', 'returned')),
  code text,
  pair int[],
  failed_pairs jsonb not null,
  content bytea,
  receipt_hash text,
  primary key (opening_id, bid_id),
  constraint "what was opened has its content" check ((result = 'opened') = (content is not null)),
  foreign key (bid_id, tender_id, street, organisation_id)
    references bid (id, tender_id, street, organisation_id)
);
revoke update on opening_record, opened_bid from :app, :consumer;

create function opening_guard() returns trigger language plpgsql as $$
begin
  if exists (select from tender where id = new.tender_id and new.opened_at < deadline + interval '10 seconds') then
    raise exception 'the bids for % are not opened yet', new.tender_id
      using errcode = '23514', constraint = 'bids are opened after the deadline';
  end if;
  return new;
end $$;
create trigger opening_guard before insert on opening_record
  for each row execute function opening_guard();

${rlsPolicies('bid', A_BIDDER_OR_AFTER_THE_DEADLINE)}
${rlsPolicies('bid_content', A_BIDDER_OR_AFTER_THE_DEADLINE)}
${rlsPolicies(
  'receipt',
  `mulin.sees_street(street) and (organisation_id = current_setting('app.organisation', true)
  or exists (select from opening_record where opening_record.tender_id = receipt.tender_id))`,
)}
${rlsPolicies('handed_share', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}
${rlsPolicies('opening_record', 'mulin.sees_street(street)')}
${rlsPolicies(
  'opened_bid',
  `mulin.sees_street(street) and (current_setting('app.staff', true) = 'on'
  or organisation_id = current_setting('app.organisation', true))`,
)}
`,
};
