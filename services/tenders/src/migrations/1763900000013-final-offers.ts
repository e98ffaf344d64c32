import { type Migration, rlsPolicies } from '@mulin/database';

/** Competitive consultation (竞争性磋商) to its end: sealed final offers, and how many must be left. */
export const finalOffers: Migration = {
  name: '1763900000013-final-offers',
  up: /* sql */ `
-- How long bidders have for it at the least is ours; the decree says "within the time set".
update procedure set terms = terms || '{"finalOffers": {"least": 3, "leastMinutes": 60,
  "article": "财库〔2014〕214号 第二十一条"}}' where method = 'competitiveConsultation';
-- Of purchased services two may go on, one may not.
insert into procedure (method, version, in_force_from, terms)
  select method, 2, '2015-06-30', terms || '{"minimumRemaining": 2, "finalOffers": {"least": 2, "leastMinutes": 60,
    "article": "财库〔2014〕214号 第二十一条；财库〔2015〕124号"}}'
  from procedure where method = 'competitiveConsultation' and version = 1;

insert into committee_step values ('conformity', 'consulting'), ('consulting', 'scoring');
alter table committee drop constraint committee_state_check,
  add constraint "a committee is in a state of the table" check (state in
    ('conformity', 'consulting', 'scoring', 'rechecking', 'signing', 'reported'));
insert into bid_step values ('compliant', 'withdrawn'), ('compliant', 'revoked');
alter table bid add column final_offer_version int not null default 0 check (final_offer_version >= 0);

create table final_offer_call (
  tender_id text primary key,
  street text not null,
  committee_id text not null,
  changes text check (length(changes) between 1 and 4000),
  called_by text not null,
  called_at timestamptz(3) not null,
  due_at timestamptz(3) not null,
  least int not null check (least > 0),
  opened_at timestamptz(3),
  constraint "there is time for a final offer" check (due_at > called_at),
  constraint "final offers are opened when they were due" check (opened_at >= due_at + interval '10 seconds'),
  foreign key (committee_id, tender_id, street) references committee (id, tender_id, street)
);
create function call_guard() returns trigger language plpgsql as $$
begin
  if old.opened_at is not null
      or to_jsonb(new) - 'opened_at' is distinct from to_jsonb(old) - 'opened_at' then
    raise exception 'the call for final offers of % is out', old.tender_id
      using errcode = '23514', constraint = 'a call for final offers never changes';
  end if;
  return new;
end $$;
create trigger call_guard before update on final_offer_call for each row execute function call_guard();

create table final_offer (
  bid_id text not null,
  version int not null check (version > 0),
  street text not null,
  tender_id text not null references final_offer_call (tender_id),
  organisation_id text not null,
  envelope jsonb not null,
  hash text not null check (hash ~ '^sha256:[0-9a-f]{64}$'),
  submitted_by text not null,
  received_at timestamptz(3) not null,
  primary key (bid_id, version),
  foreign key (bid_id, tender_id, street, organisation_id)
    references bid (id, tender_id, street, organisation_id)
);
create index on final_offer (tender_id);
revoke update on final_offer from :app, :consumer;

create function offer_in_time() returns trigger language plpgsql as $$
begin
  if not exists (select from final_offer_call where tender_id = new.tender_id and opened_at is null
      and new.received_at < due_at)
      or not exists (select from bid where id = new.bid_id and state = 'compliant') then
    raise exception 'the final offer of % came too late', new.bid_id
      using errcode = '23514', constraint = 'a final offer is taken while it is called for';
  end if;
  return new;
end $$;
create trigger offer_in_time before insert on final_offer for each row execute function offer_in_time();

-- While final offers are awaited nobody sees the receipts of others: they would tell how many were made.
create function offers_awaited_since(tender text) returns timestamptz
  language sql stable security definer set search_path = public, pg_temp as $$
  select called_at from final_offer_call where tender_id = tender and opened_at is null
$$;
revoke execute on function offers_awaited_since(text) from public;
grant execute on function offers_awaited_since(text) to :app;
alter policy "an actor sees the rows of its street and organisation" on receipt
  using (mulin.sees_street(street) and (organisation_id = current_setting('app.organisation', true)
    or (exists (select from opening_record where opening_record.tender_id = receipt.tender_id)
      and received_at < coalesce(offers_awaited_since(receipt.tender_id), 'infinity'))));

alter table handed_share drop constraint handed_share_envelope_check,
  add constraint "halves are of an envelope" check (envelope in ('qualification', 'price', 'finalOffer'));
alter table opening_record drop constraint opening_record_envelope_check,
  add constraint "an opening is of an envelope" check (envelope in ('qualification', 'price', 'finalOffer'));
alter table opened_bid drop constraint "a line says what came of a bid",
  add constraint "a line says what came of a bid" check (result in
    ('opened', 'unconfirmed', 'revoked', 'returned', 'excluded', 'invalid', 'absent'));
create function final_opening_guard() returns trigger language plpgsql as $$
begin
  if new.envelope = 'finalOffer' and not exists (select from final_offer_call
      where tender_id = new.tender_id and new.opened_at >= due_at + interval '10 seconds') then
    raise exception 'the final offers for % are not opened yet', new.tender_id
      using errcode = '23514', constraint = 'final offers are opened when they were due';
  end if;
  return new;
end $$;
create trigger final_opening_guard before insert on opening_record
  for each row execute function final_opening_guard();

${rlsPolicies(
  'final_offer_call',
  `mulin.sees_street(street) and (current_setting('app.staff', true) = 'on' or sits_on(committee_id)
  or is_announced(committee_id) or exists (select from bid where bid.tender_id = final_offer_call.tender_id
    and bid.organisation_id = current_setting('app.organisation', true)))`,
)}
-- Sealed to the bidder alone until the officers may open it.
${rlsPolicies(
  'final_offer',
  `mulin.sees_street(street) and (organisation_id = current_setting('app.organisation', true)
  or (current_setting('app.staff', true) = 'on' and exists (select from final_offer_call
    where final_offer_call.tender_id = final_offer.tender_id
      and final_offer_call.due_at + interval '10 seconds' <= mulin.now())))`,
)}
`,
};
