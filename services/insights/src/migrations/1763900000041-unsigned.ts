import type { Migration } from '@mulin/database';

/** An award falls with its contract: for everyone who reads that it was made, and for the flags. */
export const unsigned: Migration = {
  name: '1763900000041-unsigned',
  up: /* sql */ `
-- Whoever reads that a lot was awarded reads that nobody signed, and that the next candidate may follow.
insert into published_kind values
  ('mulin.contract.cancelled.v1', '政府采购法实施条例 第四十九条'),
  ('mulin.contract.fundsReleased.v1', '政府采购法实施条例 第四十九条');

-- A contract by hand that was given up was never told to anyone.
create function is_awarded(contract text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from fact where contract_id = contract and type = 'mulin.tender.awarded.v1')
$$;
revoke execute on function is_awarded(text) from public;
grant execute on function is_awarded(text) to :app;

drop policy "what was published is public" on fact;
create policy "what was published is public" on fact for select to :app
  using (coalesce(current_setting('app.staff', true), '') <> 'on'
    and type in (select type from published_kind)
    and case
      when type = 'mulin.tender.opened.v1' then is_decided(tender_id)
      when type = 'mulin.challenge.decided.v1' then payload ->> 'kind' = 'complaint' or payload ? 'remedy'
      when type in ('mulin.contract.cancelled.v1', 'mulin.contract.fundsReleased.v1') then is_awarded(contract_id)
      when type in ('mulin.evaluation.finalised.v1', 'mulin.acceptance.signed.v1', 'mulin.payment.decided.v1',
        'mulin.payment.settled.v1', 'mulin.payment.reversed.v1') then is_signed(contract_id)
      else true end);

-- As before; but whose contract was given up before both sides had signed has won nothing any more.
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
        and fallen ->> 'awardId' = winner.award_id)
    and not exists (select from fact accepted join fact given_up on given_up.contract_id = accepted.contract_id
        and given_up.type in ('mulin.contract.cancelled.v1', 'mulin.contract.fundsReleased.v1')
      where accepted.tender_id = winner.tender_id and accepted.type = 'mulin.tender.awarded.v1'
        and accepted.payload ->> 'awardId' = winner.award_id);
`,
};
