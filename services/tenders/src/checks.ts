import { auditChecks, RECORD } from '@mulin/database';

export { proofs } from './receipt/receipt-proofs.js';

/** What must always hold in this database: a sentence, and the query that returns what breaks it. */
export const checks: readonly { name: string; sql: string }[] = [
  {
    name: 'the plans of a budget line take no more than was planned for it',
    sql: `select line.id from budget_line line join procurement_plan plan on plan.budget_line_id = line.id
          where plan.state in ('filed', 'approved', 'used')
          group by line.id having sum(plan.amount_fen) > line.planned_fen`,
  },
  {
    name: 'every approved plan was written by one person and approved by another',
    sql: `select id from procurement_plan where state in ('approved', 'used')
            and (approved_by is null or approved_by = written_by)`,
  },
  {
    name: 'every item of the catalogue was written by one person and listed by another',
    sql: `select id from service_item where state = 'listed' and (listed_by is null or listed_by = written_by)`,
  },
  {
    name: 'every public tender was written by some and published by somebody else',
    sql: `select id from tender where published_at is not null
            and (published_by is null or published_by = any (written_by))`,
  },
  {
    name: 'no bid was taken at or after its deadline',
    sql: `select bid_id from bid_content join tender on tender.id = tender_id
          where received_at >= deadline`,
  },
  {
    name: 'every version of every bid has its receipt',
    sql: `select bid.id from bid where content_version <> (select count(*) from bid_content
            where bid_id = bid.id) or content_version <> (select count(*) from receipt
            where bid_id = bid.id and receipt ->> 'action' in ('submitted', 'replaced'))`,
  },
  {
    name: 'the receipts of every tender are one chain, and the hash of each is the hash of what it says',
    sql: `select tender_id, id from (
            select receipt.*, lag(hash) over (partition by tender_id order by place) as before, 'sha256:' || encode(
              sha256(convert_to((select '{' || string_agg(to_json(key) || ':' || value, ',' order by key collate "C") || '}'
                from json_each(receipt)), 'UTF8')), 'hex') as computed,
              'sha256:' || encode(sha256(convert_to('mulin-seal-1 receipts of ' || tender_id, 'UTF8')), 'hex') as first
            from receipt
          ) chained
          where hash <> computed or previous_hash <> coalesce(before, first)
            or receipt ->> 'previousHash' <> previous_hash or receipt ->> 'tenderId' <> tender_id
          order by tender_id, place`,
  },
  {
    name: 'no bid was opened before its deadline, nor by fewer than two officers',
    sql: `select record.id from opening_record record join tender on tender.id = tender_id
          where opened_at < deadline + interval '10 seconds' or cardinality(officers) < 2`,
  },
  {
    name: 'every bid that stood at an opening is in its minutes',
    sql: `select bid.id from bid join opening_record record on record.tender_id = bid.tender_id
          left join opened_bid line on line.bid_id = bid.id and line.opening_id = record.id
          where record.envelope = 'qualification' and bid.state <> 'withdrawn'
            and (line.result is null or (line.result <> 'opened' and line.result <> bid.state))`,
  },
  {
    name: 'every price was opened after two people found that its bidder qualifies',
    sql: `select bid.id from bid left join qualification_review review on review.bid_id = bid.id
          where price_fen is not null and (not review.qualified or review.confirmed_by is null
            or review.confirmed_by = review.reviewed_by or review.bid_id is null)`,
  },
  {
    name: 'no bidder qualified whose record falls short of the tender file, and none was kept out by what it meets',
    sql: `select bid_id from qualification_review where confirmed_by is not null
            and ((qualified and unmet_conditions(bid_id) > 0)
              or (reason_code = 'tender-condition' and unmet_conditions(bid_id) = 0))`,
  },
  {
    name: 'final offers were taken in time, opened when they were due, and are the prices that go on',
    sql: `select bid_id from final_offer join final_offer_call call using (tender_id) where received_at >= due_at
          union all
          select tender_id from final_offer_call where opened_at < due_at + interval '10 seconds'
          union all
          select bid.id from bid join opening_record record on record.tender_id = bid.tender_id
              and record.envelope = 'finalOffer'
            left join opened_bid line on line.opening_id = record.id and line.bid_id = bid.id
            where bid.state in ('compliant', 'ranked', 'won', 'lost') and line.result is distinct from 'opened'`,
  },
  {
    name: 'one supplier alone was asked only after two people stood for it and every objection was answered',
    sql: `select tender.id from tender where invited_organisation_id is not null and published_at is not null and not exists (
            select from single_source_proposal proposal where proposal.plan_id = tender.plan_id
              and proposal.organisation_id = invited_organisation_id and noticed_by <> written_by
              and coalesce(notice_until, '-infinity') < (published_at at time zone 'Asia/Shanghai')::date
              and not exists (select from single_source_objection
                where proposal_id = proposal.id and answered_at is null))
          union all
          select bid.id from bid join tender on tender.id = bid.tender_id
            where invited_organisation_id <> bid.organisation_id`,
  },
  {
    name: 'nothing that was filed is turned away by one person alone',
    sql: `select id from challenge where state = 'rejected' and rejected_by = rejection_proposed_by`,
  },
  {
    name: 'every report says what its hash says, and every ranked bid has a sheet of every member it counts',
    sql: `select lot_id from score_report where hash <> 'sha256:' || encode(sha256(convert_to(text, 'UTF8')), 'hex')
          union all
          select report.lot_id from score_report report,
            jsonb_array_elements(ranking) place, jsonb_array_elements_text(text::jsonb #> '{input,members}') member
          where not exists (select from score_sheet where member_id = member and bid_id = place ->> 'bidId')`,
  },
  {
    name: 'every committee has the size, the parity and the share of experts of its procedure, and reports with every seat taken',
    sql: `select committee.id from committee join tender on tender.id = tender_id
            join procedure on procedure.method = tender.method and procedure.version = procedure_version
              and procedure.scope = tender.procedure_scope
            cross join lateral (select count(*) filter (where role = 'expert') as drawn,
              count(*) filter (where role = 'buyer') as sent from committee_member
              where committee_id = committee.id and committee_member.state = 'confirmed') seated
          where drawn > experts or sent > buyers
            or experts + buyers < (terms #>> '{committee,least}')::int
            or ((terms #>> '{committee,odd}')::boolean and (experts + buyers) % 2 = 0)
            or experts * (terms #>> '{committee,experts,1}')::int
              < (experts + buyers) * (terms #>> '{committee,experts,0}')::int
            or (committee.state in ('rechecking', 'signing', 'reported') and drawn + sent <> experts + buyers)`,
  },
  {
    name: 'nobody sits on a committee who takes part in the opening of its bids',
    sql: `select member.id from committee_member member join tender on tender.id = member.tender_id
          join opening_key key on key.id = any (opening_key_ids) and key.person_id = member.person_id
          where member.state = 'confirmed'`,
  },
  {
    name: 'every award is of a ranked bid at its price, chosen by one person and announced by another',
    sql: `select award.id from award join bid on bid.id = bid_id
          where award.price_fen <> bid.price_fen or award.announced_by = award.chosen_by
            or not exists (select from score_report, jsonb_array_elements(ranking) place
              where score_report.lot_id = award.lot_id and place ->> 'bidId' = award.bid_id
                and (place ->> 'rank')::int = award.rank)`,
  },
  {
    name: 'no award passed over a better candidate who had not refused',
    sql: `select award.id from award join score_report report on report.lot_id = award.lot_id,
            jsonb_array_elements(ranking) place
          where (place ->> 'rank')::int < award.rank and not exists (select from award before
            where before.bid_id = place ->> 'bidId' and before.state in ('refused', 'invalid'))`,
  },
  {
    name: 'no lot that failed has a bid that goes on, nor an award',
    sql: `select bid.id from bid join lot on lot.id = lot_id join tender on tender.id = bid.tender_id
          where lot.failed_because is not null and tender.state not in ('failed', 'cancelled')
            and bid.state in ('opened', 'qualified', 'priced', 'compliant', 'ranked', 'won')
          union all select award.id from award join lot on lot.id = lot_id where lot.failed_because is not null
            and award.state not in ('refused', 'invalid')`,
  },
  {
    name: 'no failed tender has an accepted award',
    sql: `select award.id from award join tender on tender.id = tender_id
          where tender.state = 'failed' and award.state = 'accepted'`,
  },
  {
    name: 'every answer that changed a result was given by two people, and none was dismissed',
    sql: `select id from challenge where effect <> 'none' and (outcome <> 'upheld' or proposed_by = answered_by)`,
  },
  {
    name: 'no version of a procedure has a state that a tender cannot leave before its end',
    sql: `select method || ' ' || scope || ' ' || version || ': ' || problem from procedure,
            version_problems(method, scope, version) problem`,
  },
  ...auditChecks('tenders', RECORD),
];
