import { auditChecks } from '@mulin/database';
import { sealed } from './sealed.js';

/**
 * What must always hold in this database: a sentence, and the query that returns what breaks it. They
 * run nightly, after every test run and after every fault: entity and constraint say it first, these
 * say it once more over everything that ever happened.
 */
export const checks: { name: string; sql: string }[] = [
  {
    name: 'debits equal credits',
    sql: `select sum(debits) as debits, sum(credits) as credits from account
          having sum(debits) <> sum(credits)`,
  },
  {
    name: 'every balance is the sum of its transfers',
    sql: `select account.id, debits, credits, moved.debit, moved.credit
          from account full join (
            select side.account, sum(side.out)::bigint as debit, sum(side.came)::bigint as credit
            from transfer
              cross join lateral (values (debit, fen, 0), (credit, 0, fen)) as side (account, out, came)
            group by side.account
          ) moved on moved.account = account.id
          where debits is distinct from coalesce(moved.debit, 0)
             or credits is distinct from coalesce(moved.credit, 0)`,
  },
  {
    name: 'no payment is released twice',
    sql: `select kind, cause_id, instalment_id, count(*) from decision
          group by kind, cause_id, instalment_id having count(*) > 1
          union all
          select kind, instalment_id, attempt::text, count(*) from decision where kind = 'evaluation'
          group by kind, instalment_id, attempt having count(*) > 1`,
  },
  {
    name: 'released, reduced, rectification and retained make up the instalment',
    sql: `select decision.id from decision join instalment on instalment.id = decision.instalment_id
          where decision.amount_fen <> instalment.amount_fen
             or released_fen + reduced_fen + rectification_fen + retained_fen <> decision.amount_fen`,
  },
  {
    name: 'the decisions of an instalment follow one another without a gap',
    sql: `select id from (
            select id, no, previous_id,
              row_number() over w as place, lag(id) over w as before
            from decision window w as (partition by instalment_id order by no)
          ) chain where no <> place or previous_id is distinct from before`,
  },
  {
    name: 'the differences that decisions posted add up to their last figures',
    sql: `select instalment_id from (
            select instalment_id,
              sum(posted_released_fen) - (array_agg(released_fen order by no desc))[1] as released,
              sum(posted_reduced_fen) - (array_agg(reduced_fen order by no desc))[1] as reduced,
              sum(posted_rectification_fen) - (array_agg(rectification_fen order by no desc))[1] as waiting,
              sum(posted_retained_fen) - (array_agg(retained_fen order by no desc))[1] as retained
            from decision group by instalment_id
          ) sums where released <> 0 or reduced <> 0 or waiting <> 0 or retained <> 0`,
  },
  {
    name: 'the ledger moved exactly what the decisions say',
    sql: `select decision.id from decision left join (
            select decision_id,
              sum(case when account like 'payable:%' then side.fen else 0 end) as released,
              sum(case when account like 'rectification:%' then side.fen else 0 end) as waiting,
              sum(case when account like 'retained:%' then side.fen else 0 end) as retained,
              sum(case when account like 'available:%' or account like 'lapsed:%' then side.fen else 0 end)
                as reduced
            from transfer
              cross join lateral (values (credit, fen), (debit, -fen)) as side (account, fen)
            where decision_id is not null group by decision_id
          ) moved on moved.decision_id = decision.id
          where coalesce(released, 0) <> posted_released_fen or coalesce(waiting, 0) <> posted_rectification_fen
             or coalesce(retained, 0) <> posted_retained_fen or coalesce(reduced, 0) <> posted_reduced_fen`,
  },
  {
    name: 'no money moves without its cause',
    sql: `select transfer.id from transfer
          left join decision on decision.id = transfer.decision_id
          left join appropriation on appropriation.id = transfer.cause_id and appropriation.state = 'APPROVED'
          left join commitment on commitment.id = transfer.cause_id
          left join payment_order on payment_order.id = transfer.cause_id
          where case cause_type
            when 'appropriation' then appropriation.id is null
            when 'reservation' then commitment.id is null
            when 'cancellation' then commitment.id is null or commitment.state <> 'RELEASED'
            when 'settlement' then payment_order.state not in ('SETTLED', 'RETURNED')
            when 'return' then payment_order.state <> 'RETURNED'
            else decision.id is null or decision.kind <> cause_type or decision.cause_id <> transfer.cause_id
          end is not false`,
  },
  {
    name: 'committed money covers the undecided instalments',
    sql: `select account.id, credits - debits as committed, undecided from account left join (
            select contract_id, fund_id, sum(amount_fen) as undecided from reserved_instalment reserved
            where not released
              and not exists (select from decision where decision.instalment_id = reserved.instalment_id)
            group by contract_id, fund_id
          ) open on open.contract_id = account.contract_id and open.fund_id = account.fund_id
          where kind = 'committed' and credits - debits <> coalesce(undecided, 0)`,
  },
  {
    name: 'what waits for rectification or acceptance is what the last decisions say',
    sql: `select account.id from account left join (
            select distinct on (decision.instalment_id) decision.contract_id, fund_id, rectification_fen,
              retained_fen
            from decision join instalment on instalment.id = decision.instalment_id
            order by decision.instalment_id, decision.no desc
          ) last on last.contract_id = account.contract_id and last.fund_id = account.fund_id
          where kind in ('rectification', 'retained')
          group by account.id
          having credits - debits <> coalesce(sum(case kind when 'retained' then retained_fen
            else rectification_fen end), 0)`,
  },
  {
    name: 'what is payable was released and not settled',
    sql: `select account.id from account left join (
            select decision.organisation_id, fund_id, sum(posted_released_fen) as released
            from decision join instalment on instalment.id = decision.instalment_id
            group by decision.organisation_id, fund_id
          ) released on released.organisation_id = account.organisation_id
            and released.fund_id = account.fund_id
          left join (
            select organisation_id, fund_id, sum(amount_fen) as settled from payment_order
            where state = 'SETTLED' group by organisation_id, fund_id
          ) settled on settled.organisation_id = account.organisation_id
            and settled.fund_id = account.fund_id
          where case kind
            when 'payable' then credits - debits <> coalesce(released, 0) - coalesce(settled, 0)
            when 'paid' then credits - debits <> coalesce(settled, 0)
          end`,
  },
  {
    name: 'no order is alive for what was taken back',
    sql: `select id from payment_order
          where state in ('DRAFTED', 'APPROVED', 'SETTLED') and was_taken_back(decision_id)`,
  },
  {
    name: 'open claims are what the ledger claims',
    sql: `select account.id from account left join (
            select contract_id, fund_id, sum(amount_fen) as open from claim where consumed_by is null
            group by contract_id, fund_id
          ) claims on claims.contract_id = account.contract_id and claims.fund_id = account.fund_id
          where kind = 'claims' and credits - debits <> coalesce(open, 0)`,
  },
  {
    name: 'the hash of every decision is the hash of its inputs',
    sql: `select id from decision
          where inputs_hash <> 'sha256:' || encode(sha256(convert_to(inputs, 'UTF8')), 'hex')`,
  },
  {
    name: 'every decision was told, once',
    sql: `select decision.id from decision left join mulin.outbox
            on outbox.aggregatetype = 'decision' and outbox.aggregateid = decision.id
          group by decision.id having count(outbox.id) <> 1`,
  },
  {
    name: 'nobody took two steps of one payment',
    sql: `select id from payment_order where drafted_by in (approved_by, second_approved_by, cashier)
             or approved_by = second_approved_by or cashier in (approved_by, second_approved_by)`,
  },
  ...auditChecks('payments', sealed),
];
