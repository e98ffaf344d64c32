import { type Migration, rlsPolicies } from '@mulin/database';

/** What keeps one person, be it an officer, a bidder or whoever keeps the database, from deciding what opens. */
export const openingGuards: Migration = {
  name: '1763900000017-opening-guards',
  up: /* sql */ `
-- Two officers stand for it that the third key is lost.
create table lost_key (
  tender_id text primary key,
  street text not null,
  opening_key_id text not null references opening_key (id),
  because text not null check (length(because) between 1 and 1000),
  recorded_by text not null,
  recorded_at timestamptz(3) not null,
  confirmed_by text constraint "who records a lost key does not confirm it" check (confirmed_by <> recorded_by),
  confirmed_at timestamptz(3),
  constraint "a lost key is confirmed by somebody at some time"
    check ((confirmed_by is null) = (confirmed_at is null)),
  foreign key (tender_id, street) references tender (id, street)
);
create function lost_key_guard() returns trigger language plpgsql as $$
begin
  if old.confirmed_by is not null then
    raise exception 'the lost key of % is confirmed', old.tender_id
      using errcode = '23514', constraint = 'a lost key that two stand for stays recorded';
  end if;
  return new;
end $$;
create trigger lost_key_guard before update on lost_key for each row execute function lost_key_guard();
${rlsPolicies('lost_key', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}

-- Whether a bid opens must not depend on which two attend: none is given up before all three were heard.
create function third_officer_guard() returns trigger language plpgsql as $$
begin
  if new.result in ('returned', 'revoked') and new.code is not null and new.code <> 'receiptMismatch'
      and (select cardinality(officers) from opening_record where id = new.opening_id) < 3
      and not exists (select from lost_key where tender_id = new.tender_id and confirmed_by is not null) then
    raise exception 'the third officer was not heard on the bid %', new.bid_id
      using errcode = '23514', constraint = 'a bid is given up when all three officers were heard';
  end if;
  return new;
end $$;
create trigger third_officer_guard before insert on opened_bid
  for each row execute function third_officer_guard();

-- The receipts, for the one who opens; before that nobody sees those of others. known: whether there is such a bid.
create function receipts_at_opening(tender text) returns table (bid text, known boolean, receipt json)
  language sql stable security definer set search_path = public, pg_temp as $$
  select given.bid_id, bid.id is not null, given.receipt
  from receipt given
    join tender bought on bought.id = given.tender_id
    left join bid on bid.id = given.bid_id and bid.tender_id = given.tender_id
      and bid.organisation_id = given.organisation_id
  where given.tender_id = receipts_at_opening.tender
    and current_setting('app.staff', true) = 'on' and mulin.sees_street(given.street)
    and bought.deadline + interval '10 seconds' <= mulin.now()
    and not exists (select from final_offer_call call where call.tender_id = given.tender_id
      and call.opened_at is null and call.due_at + interval '10 seconds' > mulin.now())
  order by given.place
$$;
revoke execute on function receipts_at_opening(text) from public;
grant execute on function receipts_at_opening(text) to :app;

-- A late bid that comes again is found by who sent it.
create index on receipt (tender_id, organisation_id);

-- What an opening finds out of prices, told apart; what only it finds out nobody declares.
alter table failing_reason add column declared boolean not null default true,
  add column takes_prices boolean not null default false;
update failing_reason set takes_prices = true where code = 'allAboveBudget';
insert into failing_reason (code, article, title_zh, title_en, in_force_from, declared, takes_prices) values
  ('tooFewBids', '政府采购法 第三十六条第一项', '投标人不足规定数量', 'Too few bids', '2003-01-01', false, false),
  ('tooFewReadable', '政府采购法 第三十六条第一项', '能够开启的投标不足规定数量', 'Too few bids could be opened', '2003-01-01', false, false),
  ('tooFewValid', '政府采购法 第三十六条第一项', '报价有效的投标不足规定数量', 'Too few bids have a valid price', '2003-01-01', false, true),
  ('allAboveCeiling', '政府采购法 第三十六条第三项', '投标人的报价均超过最高限价', 'All prices are above the ceiling', '2003-01-01', false, true);
alter table opening_record drop constraint "an opening has an outcome",
  add constraint "an opening has an outcome" check (outcome in
    ('opened', 'tooFewBids', 'tooFewReadable', 'tooFewValid', 'allAboveCeiling'));

-- Each version of a bid is kept for ever and may be 400 kB: so many are taken, by the street's own rule.
update procedure set terms = terms || '{"versions": {"most": 20, "article": "平台规则 platform policy"}}';

-- Findings are confirmed while they are being made: not of a tender that has failed or gone on.
create function review_guard() returns trigger language plpgsql as $$
begin
  if new.state in ('qualified', 'disqualified') and old.state = 'opened'
      and not exists (select from tender where id = new.tender_id and state = 'opened') then
    raise exception 'the tender % is not being reviewed', new.tender_id
      using errcode = '23514', constraint = 'a bid qualifies while its tender is reviewed';
  end if;
  return new;
end $$;
create trigger review_guard before update on bid for each row execute function review_guard();

-- Under a ceiling of nothing no bid is valid. One of before may still be written down as failed.
alter table lot add constraint "a ceiling is above zero"
  check (ceiling_fen > 0 or failed_because is not null) not valid;
`,
};
