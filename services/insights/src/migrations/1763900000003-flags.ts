import type { Migration } from '@mulin/database';

/** The indicators as Cardinal defines them, over what our own events tell; failed tenders are seen too. */
export const flags: Migration = {
  name: '1763900000003-flags',
  up: /* sql */ `
-- Version 2 of each: what is measured has changed, or what it is measured by. The days of R003 are the lawful ones of each
-- open method, and a method that is not named is not looked at (Cardinal leaves out what is not open). Where Cardinal
-- offers a fence over all tenders or a number of one's own, ours is the number: a street buys too little for a fence.
insert into indicator (code, version, title_zh, title_en, params, in_force_from)
  select code, 2, title_zh, title_en, case code
    when 'R003' then '{"openTendering": 20, "belowThreshold": 7}'
    when 'R035' then '{"least": 1}'
    when 'R038' then '{"leastBids": 4, "leastTenders": 2, "share": 5000}'
    when 'R048' then '{"categories": 4}'
    when 'R058' then '{"share": 5000}'
    else params end::jsonb, '2020-01-01'
  from indicator where version = 1;

drop view red_flag, price_fact, winner_fact, bid_fact, tender_fact;

create view tender_fact with (security_invoker = true) as
  select published.tender_id, published.street, published.payload ->> 'method' as method,
    published.payload ->> 'procurementPlanId' as plan_id,
    -- A price that weighs nothing was set by the buyer: comparing prices says nothing then.
    coalesce((published.payload ->> 'priceWeight')::int, 1) > 0 as prices_compete,
    (published.payload ->> 'publishedAt')::timestamptz as published_at,
    (coalesce(amended.payload, published.payload) ->> 'deadline')::timestamptz as deadline,
    coalesce(amended.occurred_at, published.occurred_at) as told_at,
    exists (select from fact failed where failed.tender_id = published.tender_id
      and failed.type = 'mulin.tender.failed.v1') as failed
  from fact published left join lateral (select payload, occurred_at from fact change
    where change.tender_id = published.tender_id and change.type = 'mulin.tender.amended.v1'
    order by place desc limit 1) amended on true
  where published.type = 'mulin.tender.published.v1';

-- What each bid came to: by the last announcement, which alone has prices; of a tender without one, by what was told when
-- it failed; before that, by what the opening told.
create view bid_fact with (security_invoker = true) as
  select last.tender_id, last.street, last.occurred_at as told_at, bid ->> 'bidId' as bid_id,
    bid ->> 'lotId' as lot_id, bid ->> 'organisationId' as organisation_id, each.state,
    each.state in ('compliant', 'ranked', 'won', 'lost') as valid,
    each.state in ('invalid', 'disqualified') as fell,
    -- Nothing is held against it, whether or not it was judged to the end.
    each.state in ('qualified', 'priced', 'compliant', 'ranked', 'won', 'lost') as stands,
    (bid ->> 'priceFen')::numeric as price, (bid ->> 'receivedAt')::timestamptz as received_at
  from (select distinct on (tender_id) tender_id, street, payload, occurred_at from fact
      where type in ('mulin.tender.resultAnnounced.v1', 'mulin.tender.failed.v1', 'mulin.tender.opened.v1')
        and payload ? 'bids'
      order by tender_id, type = 'mulin.tender.resultAnnounced.v1' desc, type = 'mulin.tender.failed.v1' desc,
        place desc) last,
    jsonb_array_elements(last.payload -> 'bids') bid,
    lateral (select coalesce(bid ->> 'state', bid ->> 'result') as state) each;

-- Who was announced last for a lot, unless the tender failed after that or a later announcement tells that this bid lost:
-- who refused is not the winner.
create view winner_fact with (security_invoker = true) as
  select winner.* from (
    select distinct on (lot_id) tender_id, street, place, told_at, lot_id, award_id, bid_id, organisation_id, price
    from (
      select tender_id, street, place, occurred_at as told_at, award ->> 'lotId' as lot_id,
        award ->> 'awardId' as award_id,
        award ->> 'bidId' as bid_id, award ->> 'organisationId' as organisation_id,
        (award ->> 'amountFen')::numeric as price
      from fact, jsonb_array_elements(payload -> 'awards') award
      where type = 'mulin.tender.resultAnnounced.v1') each
    order by lot_id, place desc) winner
  where not exists (select from fact failed where failed.tender_id = winner.tender_id
      and failed.type = 'mulin.tender.failed.v1' and failed.place > winner.place)
    and not exists (select from bid_fact bid where bid.bid_id = winner.bid_id and bid.state = 'lost')
    and not exists (select from fact decided, jsonb_array_elements(decided.payload -> 'overturned') fallen
      where decided.type = 'mulin.challenge.decided.v1' and decided.tender_id = winner.tender_id
        and fallen ->> 'awardId' = winner.award_id);

-- Of each lot with a winner: the lowest price among the others that were valid.
create view price_fact with (security_invoker = true) as
  select winner.tender_id, winner.street, winner.told_at, winner.lot_id, winner.organisation_id, winner.price,
    min(other.price) filter (where other.valid) as next_price
  from winner_fact winner join tender_fact tender on tender.tender_id = winner.tender_id and tender.prices_compete
    join bid_fact other on other.lot_id = winner.lot_id and other.bid_id <> winner.bid_id
  group by winner.tender_id, winner.street, winner.told_at, winner.lot_id, winner.organisation_id, winner.price;

create view red_flag with (security_invoker = true) as
  with rule as (select code, version, params from indicator_in_force),
  tender as (select * from tender_fact),
  bid as (select bid_fact.*, method, prices_compete, failed from bid_fact join tender using (tender_id)),
  winner as (select * from winner_fact),
  price as (select * from price_fact),
  -- How many took part: in the tender, and in each lot.
  bidder as (
    select street, tender_id, null::text as lot_id, min(organisation_id) as organisation_id,
      count(distinct organisation_id) as bidders, max(told_at) as told_at, null::bigint as of_tender
      from bid where method <> 'singleSource' group by street, tender_id
    union all
    select street, tender_id, lot_id, min(organisation_id), count(distinct organisation_id), max(told_at),
      (select count(distinct all_of.organisation_id) from bid all_of where all_of.tender_id = bid.tender_id)
      from bid where method <> 'singleSource' group by street, tender_id, lot_id),
  lot as (
    select street, tender_id, lot_id, max(told_at) as told_at, bool_and(failed) as failed,
      count(distinct organisation_id) filter (where stands) as standing,
      min(organisation_id) filter (where stands) as who_stands,
      count(distinct organisation_id) filter (where fell) as fallen
    from bid group by street, tender_id, lot_id),
  same_price as (
    select street, tender_id, lot_id, price, max(told_at) as told_at, array_agg(distinct organisation_id) as who
    from bid where price is not null and prices_compete group by street, tender_id, lot_id, price
    having count(distinct organisation_id) > 1),
  found as (
    select 'R003' as indicator, street, tender_id, null::text as lot_id, null::text as organisation_id,
      days::bigint as value, told_at
      from tender, rule, lateral (select (deadline at time zone 'Asia/Shanghai')::date
        - (published_at at time zone 'Asia/Shanghai')::date as days) term
      where rule.code = 'R003' and days < (params ->> method)::int
    union all
    select 'R018', street, tender_id, lot_id, organisation_id, 1, told_at
      from bidder where bidders = 1 and coalesce(of_tender > 1, true)
    union all
    select 'R024', street, tender_id, lot_id, organisation_id, floor((next_price - price) * 10000 / price)::bigint, told_at
      from price, rule
      where rule.code = 'R024' and next_price >= price and (next_price - price) * 10000 <= (params ->> 'share')::int * price
    union all
    select 'R025', bid.street, null, null, bid.organisation_id, count(*), max(bid.told_at)
      from bid left join winner using (bid_id), rule
      where rule.code = 'R025' and bid.valid group by bid.street, bid.organisation_id, params
      having count(*) >= (params ->> 'leastBids')::int
        and count(winner.bid_id) * 10000 <= (params ->> 'share')::int * count(*)
    union all
    select 'R028', street, tender_id, lot_id, null, sum(cardinality(who))::bigint, max(told_at)
      from same_price group by street, tender_id, lot_id
    union all
    select 'R028', street, tender_id, lot_id, unnest(who), cardinality(who), told_at from same_price
    union all
    select 'R030', winner.street, winner.tender_id, winner.lot_id, winner.organisation_id,
        floor(extract(epoch from bid.received_at - tender.deadline))::bigint, winner.told_at
      from winner join bid using (bid_id) join tender on tender.tender_id = winner.tender_id
      where bid.received_at >= tender.deadline
    union all
    -- Our procedures award nothing to the last bid that is left: then the lot fails, and is flagged as if it had won.
    select 'R035', lot.street, lot.tender_id, lot.lot_id, who_stands, fallen, lot.told_at
      from lot left join winner on winner.lot_id = lot.lot_id, rule
      where rule.code = 'R035' and standing = 1 and fallen >= (params ->> 'least')::int
        and coalesce(winner.organisation_id = who_stands, lot.failed)
    union all
    (select distinct on (low.tender_id) 'R036', low.street, low.tender_id, null, low.organisation_id,
        low.price::bigint, low.told_at
      from bid low join winner on winner.lot_id = low.lot_id
      where low.fell and low.prices_compete
        and low.price < (select min(price) from bid other where other.lot_id = low.lot_id and not other.fell)
      order by low.tender_id, low.price)
    union all
    select 'R038', bid.street, null, null, bid.organisation_id,
        count(*) filter (where fell) * 10000 / count(*), max(bid.told_at)
      from bid, rule
      where rule.code = 'R038' group by bid.street, bid.organisation_id, params
      having count(*) >= (params ->> 'leastBids')::int
        and count(*) filter (where fell) * 10000 >= (params ->> 'share')::int * count(*)
    union all
    -- The street, which is buyer and procuring entity in one: no organisation is named.
    select 'R038', bid.street, null, null, null, count(*) filter (where fell) * 10000 / count(*), max(bid.told_at)
      from bid, rule
      where rule.code = 'R038' group by bid.street, params
      having count(distinct tender_id) >= (params ->> 'leastTenders')::int
        and count(*) filter (where fell) * 10000 >= (params ->> 'share')::int * count(*)
    union all
    select 'R048', winner.street, null, null, winner.organisation_id, count(distinct plan.payload ->> 'categoryCode'),
        max(winner.told_at)
      from winner join tender using (tender_id)
        join fact plan on plan.subject = tender.plan_id and plan.type = 'mulin.procurementPlan.approved.v1', rule
      where rule.code = 'R048' group by winner.street, winner.organisation_id, params
      having count(distinct plan.payload ->> 'categoryCode') >= (params ->> 'categories')::int
    union all
    select 'R058', street, tender_id, lot_id, organisation_id, floor((next_price - price) * 10000 / price)::bigint, told_at
      from price, rule
      where rule.code = 'R058' and (next_price - price) * 10000 >= (params ->> 'share')::int * price
  )
  select md5(concat_ws(' ', indicator, found.street, tender_id, coalesce(lot_id, '-'), organisation_id)) as id,
    found.*, rule.version as indicator_version
  from found join rule on rule.code = found.indicator;
grant select on tender_fact, bid_fact, winner_fact, price_fact, red_flag to :app;
`,
};
