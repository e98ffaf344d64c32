import type { Migration } from '@mulin/database';

/** The committee begins when the prices were opened, not when the first envelopes were. */
export const priceOpening: Migration = {
  name: '1763900000025-price-opening',
  up: /* sql */ `
-- As before, but of the two openings each step asks for its own (87号令 第四十四条: first who qualifies, then the price).
create or replace function condition_holds(target text, condition text, reached text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select case condition
    when 'twoPeople' then (select published_by <> all (written_by) from tender where id = target)
      and not exists (select from award where tender_id = target and announced_by = chosen_by)
    when 'objectionsAnswered' then not exists (select from single_source_objection objection
      join single_source_proposal proposal on proposal.id = proposal_id join tender using (plan_id)
      where tender.id = target and proposal.state = 'published' and answered_at is null)
    when 'twoOfficers' then exists (select from opening_record where tender_id = target
        and envelope = case reached when 'opened' then 'qualification' else 'price' end)
      and not exists (select from opening_record where tender_id = target and cardinality(officers) < 2)
    when 'minimumBidders' then exists (select from lot join tender on tender.id = lot.tender_id
        join procedure on procedure.method = tender.method and procedure.scope = tender.procedure_scope
          and procedure.version = tender.procedure_version
      where tender.id = target and lot.failed_because is null
        and (select count(*) from bid where bid.lot_id = lot.id
            and bid.state in ('opened', 'qualified', 'priced', 'compliant', 'ranked', 'won', 'lost'))
          >= coalesce(case when reached <> 'opened' then (terms ->> 'minimumRemaining')::int end,
            (terms ->> 'minimumBidders')::int))
    when 'qualificationConfirmed' then not exists (select from bid
      left join qualification_review review on review.bid_id = bid.id
      where bid.tender_id = target and (bid.state = 'opened'
        or (bid.state = 'qualified' and (review.qualified and review.confirmed_by is not null) is not true)))
    when 'finalOffersOpened' then exists (select from final_offer_call
      where tender_id = target and opened_at is not null)
    when 'reportSigned' then exists (select from committee where tender_id = target and state = 'reported')
    when 'notSuspended' then not (is_frozen(target) and awarded_now(target))
    when 'nothingUndecided' then not (has_undecided(target) and awarded_now(target))
    when 'winnersAccepted' then awards_standing(target) + candidates_left(target) = 0
      and exists (select from award where tender_id = target and state = 'accepted')
    when 'candidateLeft' then candidates_left(target) > 0
    when 'nothingAwarded' then not exists (select from award where tender_id = target and state = 'accepted')
  end
$$;
`,
};
