import { type Migration, rlsPolicies } from '@mulin/database';

/** Events as they were told, and the red flags as queries over them. */
export const facts: Migration = {
  name: '1763900000001-facts',
  up: /* sql */ `
create table fact (
  event_id text primary key,
  place bigint generated always as identity,
  type text not null,
  street text not null,
  subject text not null,
  tender_id text,
  contract_id text,
  organisation_id text,
  occurred_at timestamptz(3) not null,
  payload jsonb not null
);
create index on fact (tender_id, place) where tender_id is not null;
create index on fact (contract_id, place) where contract_id is not null;
create index on fact (street, type, place);
create index on fact (subject);
revoke insert, update on fact from :app;
revoke update on fact from :consumer;
${rlsPolicies('fact', "mulin.sees_street(street) and current_setting('app.staff', true) = 'on'")}

-- The thresholds are the office's to set: a new version of a row. Shares in basis points.
create table indicator (
  code text not null,
  version int not null check (version > 0),
  title_zh text not null,
  title_en text not null,
  params jsonb not null,
  in_force_from date not null,
  primary key (code, version)
);
insert into indicator (code, version, title_zh, title_en, params, in_force_from) values
  ('R003', 1, '投标期限过短', 'Submission period too short', '{"days": 15}', '2020-01-01'),
  ('R018', 1, '只有一家投标', 'Single bid', '{}', '2020-01-01'),
  ('R024', 1, '次低报价与中标价过于接近', 'Second price too close to the winner', '{"share": 100}', '2020-01-01'),
  ('R025', 1, '屡投不中', 'Serial loser', '{"leastBids": 5, "share": 0}', '2020-01-01'),
  ('R028', 1, '报价相同', 'Identical prices', '{}', '2020-01-01'),
  ('R030', 1, '逾期投标中标', 'Late bid won', '{}', '2020-01-01'),
  ('R035', 1, '除中标人外全部无效', 'All but the winner disqualified', '{}', '2020-01-01'),
  ('R036', 1, '最低报价被判无效', 'Lowest bid disqualified', '{}', '2020-01-01'),
  ('R038', 1, '无效投标过多', 'Excessive disqualification', '{"leastBids": 4, "share": 5000}', '2020-01-01'),
  ('R048', 1, '供应商中标领域过于分散', 'Heterogeneous supplier', '{"items": 4}', '2020-01-01'),
  ('R058', 1, '中标价大幅低于次低报价', 'Heavily discounted', '{"share": 3000}', '2020-01-01');
grant select on indicator to :app, :checks;
revoke insert, update on indicator from :app, :consumer;

create view indicator_in_force with (security_invoker = true) as
  select distinct on (code) code, version, params from indicator
  where in_force_from <= (mulin.now() at time zone 'Asia/Shanghai')::date order by code, version desc;

create view tender_fact with (security_invoker = true) as
  select published.tender_id, published.street, published.payload ->> 'method' as method,
    published.payload ->> 'procurementPlanId' as plan_id,
    (published.payload ->> 'publishedAt')::timestamptz as published_at,
    coalesce((select (payload ->> 'deadline')::timestamptz from fact amended
      where amended.tender_id = published.tender_id and type = 'mulin.tender.amended.v1'
      order by place desc limit 1), (published.payload ->> 'deadline')::timestamptz) as deadline
  from fact published where type = 'mulin.tender.published.v1';

-- What each bid came to by the last announcement; of tenders without one, what the opening told.
create view bid_fact with (security_invoker = true) as
  select last.tender_id, last.street, bid ->> 'bidId' as bid_id, bid ->> 'lotId' as lot_id,
    bid ->> 'organisationId' as organisation_id, bid ->> 'state' as state,
    (bid ->> 'priceFen')::numeric as price, (bid ->> 'receivedAt')::timestamptz as received_at
  from (select distinct on (tender_id) tender_id, street, payload from fact
      where type = 'mulin.tender.resultAnnounced.v1' order by tender_id, place desc) last,
    jsonb_array_elements(last.payload -> 'bids') bid
  union all
  select opened.tender_id, opened.street, bid ->> 'bidId', bid ->> 'lotId', bid ->> 'organisationId',
    bid ->> 'result', null, null
  from fact opened, jsonb_array_elements(opened.payload -> 'bids') bid
  where type = 'mulin.tender.opened.v1' and not exists (select from fact result
    where result.tender_id = opened.tender_id and result.type = 'mulin.tender.resultAnnounced.v1');

-- Who was announced last for a lot.
create view winner_fact with (security_invoker = true) as
  select distinct on (lot_id) tender_id, street, lot_id, bid_id, organisation_id, price from (
    select tender_id, street, place, award ->> 'lotId' as lot_id, award ->> 'bidId' as bid_id,
      award ->> 'organisationId' as organisation_id, (award ->> 'amountFen')::numeric as price
    from fact, jsonb_array_elements(payload -> 'awards') award
    where type = 'mulin.tender.resultAnnounced.v1') each
  order by lot_id, place desc;

-- Of each lot with a winner: the next price among the others that were valid.
create view price_fact with (security_invoker = true) as
  select winner.tender_id, winner.street, winner.lot_id, winner.organisation_id, winner.price,
    min(other.price) filter (where other.state in ('ranked', 'won', 'lost')) as next_price
  from winner_fact winner join bid_fact other on other.lot_id = winner.lot_id and other.bid_id <> winner.bid_id
  group by winner.tender_id, winner.street, winner.lot_id, winner.organisation_id, winner.price;

create view red_flag with (security_invoker = true) as
  with found as (
    select 'R003' as indicator, street, tender_id, null::text as lot_id, null::text as organisation_id,
      floor(extract(epoch from deadline - published_at) / 86400)::bigint as value from tender_fact, indicator_in_force rule
      where rule.code = 'R003' and deadline - published_at < make_interval(days => (params ->> 'days')::int)
    union all
    select 'R018', bid.street, bid.tender_id, null, min(bid.organisation_id), 1
      from bid_fact bid join tender_fact tender using (tender_id)
      where tender.method <> 'singleSource'
      group by bid.street, bid.tender_id having count(distinct bid.organisation_id) = 1
    union all
    select 'R024', street, tender_id, lot_id, organisation_id, floor((next_price - price) * 10000 / price)::bigint
      from price_fact, indicator_in_force rule
      where rule.code = 'R024' and next_price >= price and (next_price - price) * 10000 <= (params ->> 'share')::int * price
    union all
    select 'R025', bid.street, null, null, bid.organisation_id, count(*)
      from bid_fact bid left join winner_fact winner using (bid_id), indicator_in_force rule
      where rule.code = 'R025' group by bid.street, bid.organisation_id, params
      having count(*) >= (params ->> 'leastBids')::int
        and count(winner.bid_id) * 10000 <= (params ->> 'share')::int * count(*)
    union all
    select 'R028', street, tender_id, lot_id, null, count(distinct organisation_id)
      from bid_fact where price is not null group by street, tender_id, lot_id, price
      having count(distinct organisation_id) > 1
    union all
    select 'R030', winner.street, winner.tender_id, winner.lot_id, winner.organisation_id,
        floor(extract(epoch from bid.received_at - tender.deadline))::bigint
      from winner_fact winner join bid_fact bid using (bid_id)
        join tender_fact tender on tender.tender_id = winner.tender_id
      where bid.received_at >= tender.deadline
    union all
    select 'R035', winner.street, winner.tender_id, winner.lot_id, winner.organisation_id, count(*)
      from winner_fact winner join bid_fact other on other.lot_id = winner.lot_id and other.bid_id <> winner.bid_id
      group by winner.street, winner.tender_id, winner.lot_id, winner.organisation_id
      having bool_and(other.state in ('invalid', 'disqualified'))
    union all
    select 'R036', low.street, low.tender_id, low.lot_id, low.organisation_id, low.price::bigint
      from bid_fact low where low.state in ('invalid', 'disqualified') and low.price is not null
        and low.price < (select min(price) from bid_fact valid where valid.lot_id = low.lot_id
          and valid.state in ('ranked', 'won', 'lost'))
    union all
    select 'R038', bid.street, null, null, bid.organisation_id,
        count(*) filter (where state in ('invalid', 'disqualified')) * 10000 / count(*)
      from bid_fact bid, indicator_in_force rule
      where rule.code = 'R038' group by bid.street, bid.organisation_id, params
      having count(*) >= (params ->> 'leastBids')::int
        and count(*) filter (where state in ('invalid', 'disqualified')) * 10000 >= (params ->> 'share')::int * count(*)
    union all
    select 'R048', winner.street, null, null, winner.organisation_id, count(distinct plan.payload ->> 'serviceItemId')
      from winner_fact winner join tender_fact tender using (tender_id)
        join fact plan on plan.subject = tender.plan_id and plan.type = 'mulin.procurementPlan.approved.v1',
        indicator_in_force rule
      where rule.code = 'R048' group by winner.street, winner.organisation_id, params
      having count(distinct plan.payload ->> 'serviceItemId') >= (params ->> 'items')::int
    union all
    select 'R058', street, tender_id, lot_id, organisation_id, floor((next_price - price) * 10000 / next_price)::bigint
      from price_fact, indicator_in_force rule
      where rule.code = 'R058' and (next_price - price) * 10000 >= (params ->> 'share')::int * next_price
  )
  select md5(concat_ws(' ', indicator, tender_id, lot_id, organisation_id)) as id, found.*, rule.version as indicator_version
  from found join indicator_in_force rule on rule.code = found.indicator;
grant select on indicator_in_force, tender_fact, bid_fact, winner_fact, price_fact, red_flag to :app;
`,
};
