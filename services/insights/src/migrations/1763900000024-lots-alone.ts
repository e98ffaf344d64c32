import type { Migration } from '@mulin/database';

/** A lot that failed beside others is looked at like a tender that failed. */
export const lotsAlone: Migration = {
  name: '1763900000024-lots-alone',
  up: /* sql */ `
-- As before, but R035 sees the lots that failed alone: what still stood for such a lot was given back, and had nothing held
-- against it.
create or replace view red_flag with (security_invoker = true) as
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
      count(distinct organisation_id) filter (where stands or given_back) as standing,
      min(organisation_id) filter (where stands or given_back) as who_stands,
      count(distinct organisation_id) filter (where fell) as fallen
    from (select bid.tender_id, bid.street, bid.lot_id, bid.organisation_id, bid.told_at, stands, fell,
        failed or ended.fact is not null as failed, ended.fact is not null and state = 'returned' as given_back
      from bid left join lateral (select event_id as fact from fact where fact.tender_id = bid.tender_id
        and type = 'mulin.tender.lotFailed.v1' and payload ->> 'lotId' = bid.lot_id limit 1) ended on true) each
    group by street, tender_id, lot_id),
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
`,
};
