import type { Migration } from '@mulin/database';

/** What is told of a tender that failed: what its bids had come to, once they were opened. */
export const told: Migration = {
  name: '1763900000021-told',
  up: /* sql */ `
-- A tender may fail by a winner's refusal, and a winner may not see the other bids: this reads them for the event. Before
-- the opening there is nothing to tell: who bids is nobody's business until then.
create function bids_told(target text) returns jsonb
  language sql stable security definer set search_path = public, pg_temp as $$
  select jsonb_agg(jsonb_build_object('bidId', bid.id, 'lotId', lot_id, 'organisationId', organisation_id,
      'state', state, 'reasonCode', coalesce(invalid_because, (select reason_code from qualification_review review
        where review.bid_id = bid.id and bid.state = 'disqualified'))) order by bid.id)
  from bid where tender_id = target and state not in ('sealed', 'withdrawn')
    and exists (select from opening_record where opening_record.tender_id = target)
$$;
revoke execute on function bids_told(text) from public;
grant execute on function bids_told(text) to :app, :consumer;
`,
};
