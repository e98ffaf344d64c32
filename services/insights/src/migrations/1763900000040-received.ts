import type { Migration } from '@mulin/database';

/** Bids are those that were received by the deadline: who left a consultation after that had bid all the same. */
export const received: Migration = {
  name: '1763900000040-received',
  up: /* sql */ `
-- What each bid came to: by the last announcement, which alone has prices; of a tender without one, by what was told when
-- it failed; before that, by what the opening told. A bid that was opened and of which nothing is told after that was
-- withdrawn in between, as by who hands in no final offer: it was received by the deadline, and counts as a bid.
create or replace view bid_fact with (security_invoker = true) as
  with last as (
    select distinct on (tender_id) tender_id, street, payload, occurred_at from fact
    where type in ('mulin.tender.resultAnnounced.v1', 'mulin.tender.failed.v1', 'mulin.tender.opened.v1')
      and payload ? 'bids'
    order by tender_id, type = 'mulin.tender.resultAnnounced.v1' desc, type = 'mulin.tender.failed.v1' desc, place desc),
  told as (
    select tender_id, street, occurred_at, bid, coalesce(bid ->> 'state', bid ->> 'result') as state
    from last, jsonb_array_elements(last.payload -> 'bids') bid
    union all
    select last.tender_id, last.street, last.occurred_at, bid, 'withdrawn'
    from last join fact opened on opened.tender_id = last.tender_id and opened.type = 'mulin.tender.opened.v1',
      jsonb_array_elements(opened.payload -> 'bids') bid
    where not exists (select from jsonb_array_elements(last.payload -> 'bids') each
      where each ->> 'bidId' = bid ->> 'bidId'))
  select tender_id, street, occurred_at as told_at, bid ->> 'bidId' as bid_id, bid ->> 'lotId' as lot_id,
    bid ->> 'organisationId' as organisation_id, state,
    state in ('compliant', 'ranked', 'won', 'lost') as valid,
    state in ('invalid', 'disqualified') as fell,
    -- Nothing is held against it, whether or not it was judged to the end.
    state in ('qualified', 'priced', 'compliant', 'ranked', 'won', 'lost') as stands,
    (bid ->> 'priceFen')::numeric as price, (bid ->> 'receivedAt')::timestamptz as received_at
  from told;
`,
};
