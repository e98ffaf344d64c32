import type { Migration } from '@mulin/database';

const sees = (table: string, visible: string): string => /* sql */ `
alter policy "an actor sees the rows of its street and organisation" on ${table}
  using (mulin.sees_street(street) and (${visible}))
  with check (mulin.sees_street(street) and (${visible}));
`;

const OWN = "organisation_id = current_setting('app.organisation', true)";
/** Those who judge; the office when they have reported, and not while they work. */
const MEMBERS_THEN_THE_OFFICE =
  'sits_on(committee_id) or (mulin.is_office() and has_reported(committee_id))';
const whenOpen = (open: string): string =>
  `own_seat(member_id) or (sits_on(committee_id) and ${open}(committee_id))
  or (mulin.is_office() and has_reported(committee_id))`;

/**
 * Not everybody who works for the street reads its files: drafts are the office's, bids the office's and those who judge
 * them, and what judges gave is theirs until they have reported (87号令 第六十六条).
 */
export const office: Migration = {
  name: '1763900000016-office',
  up: /* sql */ `
create function judges(tender text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from committee_member where tender_id = tender and state = 'confirmed'
    and person_id = current_setting('app.actor', true))
$$;
create function has_reported(target text) returns boolean
  language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from committee where id = target and state = 'reported')
$$;
revoke execute on function judges(text), has_reported(text) from public;
grant execute on function judges(text), has_reported(text) to :app;

${sees('service_item', "state <> 'draft' or mulin.is_office()")}
${sees('procurement_plan', "state in ('approved', 'used') or mulin.is_office()")}
${sees('single_source_proposal', "state <> 'draft' or mulin.is_office()")}
${sees('tender', "state not in ('draft', 'cancelled') or published_at is not null or mulin.is_office()")}
${sees('expert', 'mulin.is_office()')}

${sees(
  'bid',
  `${OWN} or ((mulin.is_office() or judges(tender_id)) and exists (select from tender
    where tender.id = tender_id and tender.deadline + interval '10 seconds' <= mulin.now()))`,
)}
${sees(
  'bid_content',
  `${OWN} or (mulin.is_office() and exists (select from tender
    where tender.id = tender_id and tender.deadline + interval '10 seconds' <= mulin.now()))`,
)}
${sees(
  'final_offer',
  `${OWN} or (mulin.is_office() and exists (select from final_offer_call
    where final_offer_call.tender_id = final_offer.tender_id
      and final_offer_call.due_at + interval '10 seconds' <= mulin.now()))`,
)}
${sees('handed_share', 'mulin.is_office()')}
${sees('opened_bid', `${OWN} or mulin.is_office() or judges(tender_id)`)}
${sees('qualification_review', `(${OWN} and confirmed_by is not null) or mulin.is_office() or judges(tender_id)`)}
${sees(
  'final_offer_call',
  `mulin.is_office() or sits_on(committee_id) or is_announced(committee_id) or exists (select from bid
    where bid.tender_id = final_offer_call.tender_id and bid.${OWN})`,
)}

${sees('price_explanation', `${OWN} or mulin.is_office() or sits_on(committee_id)`)}
${sees('conformity_finding', whenOpen('findings_open'))}
${sees('score_sheet', whenOpen('scores_open'))}
${sees('score_sheet_history', whenOpen('scores_open'))}
${sees('price_judgement', MEMBERS_THEN_THE_OFFICE)}
${sees('score_recheck', MEMBERS_THEN_THE_OFFICE)}
${sees('score_report', MEMBERS_THEN_THE_OFFICE)}
${sees('report_signature', MEMBERS_THEN_THE_OFFICE)}
${sees('seat_replacement', 'mulin.is_office() or sits_on(committee_id) or is_announced(committee_id)')}
${sees('award', "state <> 'proposed' or mulin.is_office()")}
${sees('bid_rank', `${OWN} or mulin.is_office()`)}
`,
};
