import type { Migration } from '@mulin/database';

/** A lot that fell while its tender lives on has no winner. */
export const lotFailed: Migration = {
  name: '1763900000022-lot-failed',
  up: /* sql */ `
-- Who was announced last for a lot, unless the tender or the lot failed after that, or a later announcement tells that this
-- bid lost: who refused is not the winner.
create or replace view winner_fact with (security_invoker = true) as
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
    and not exists (select from fact ended where ended.tender_id = winner.tender_id and ended.place > winner.place
      and ended.type = 'mulin.tender.lotFailed.v1' and ended.payload ->> 'lotId' = winner.lot_id)
    and not exists (select from bid_fact bid where bid.bid_id = winner.bid_id and bid.state = 'lost')
    and not exists (select from fact decided, jsonb_array_elements(decided.payload -> 'overturned') fallen
      where decided.type = 'mulin.challenge.decided.v1' and decided.tender_id = winner.tender_id
        and fallen ->> 'awardId' = winner.award_id);
`,
};
