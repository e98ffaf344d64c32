import { auditChecks, RECORD } from '@mulin/database';

/** What must always hold in this database: a sentence, and the query that returns what breaks it. */
export const checks = [
  {
    name: 'the instalments of every contract sum to its amount',
    sql: `select contract.id, contract.amount_fen, coalesce(sum(instalment.amount_fen), 0) as sum
          from contract left join instalment on instalment.contract_id = contract.id
          group by contract.id having contract.amount_fen is distinct from sum(instalment.amount_fen)`,
  },
  {
    name: 'nothing is signed before the money of its fiscal year is reserved',
    sql: `select contract.id, instalment.no from contract
          join instalment on instalment.contract_id = contract.id
          where contract.signed_at is not null and instalment.fiscal_year <= contract.fiscal_year
            and (not instalment.reserved or contract.funded_at is null or contract.funded_at > contract.signed_at)`,
  },
  {
    name: 'every signed contract was signed by two people, one for each side, who read the same text',
    sql: `select contract.id from contract left join signature on signature.contract_id = contract.id
          where contract.signed_at is not null group by contract.id
          having count(signature.id) <> 2 or count(distinct side) <> 2
            or count(distinct signed_by) <> 2 or count(distinct text_hash) <> 1`,
  },
  {
    name: 'who wrote the terms never signed them for the buyer',
    sql: `select signature.id from signature join contract on contract.id = signature.contract_id
          where side = 'buyer' and signed_by = any (contract.written_by)`,
  },
  {
    name: 'every confirmed breach was recorded by one person and confirmed by another',
    sql: `select id from breach
          where state = 'confirmed' and (decided_by is null or decided_by = recorded_by)`,
  },
  {
    name: 'every confirmed fulfilment was recorded by one person and confirmed by another',
    sql: `select id from fulfilment
          where state = 'confirmed' and (decided_by is null or decided_by = recorded_by)`,
  },
  {
    name: 'every confirmed report was told once, and nothing unconfirmed was',
    sql: `select report.id from (select id, state, events from breach
            union all select id, state, events from fulfilment) report
          where events <> case state when 'confirmed' then 1 else 0 end`,
  },
  {
    name: 'every contract that ended early was ended by two people for a reason of the law',
    sql: `select id from contract where state = 'terminated' and (termination_reason is null
            or terminated_by is null or terminated_by = termination_proposed_by)`,
  },
  {
    name: 'evaluated periods lie within the term and do not overlap',
    sql: `select one.id from instalment one join contract on contract.id = one.contract_id
          left join instalment other on other.contract_id = one.contract_id and other.id <> one.id
            and daterange(other.period_from, other.period_to, '[]') && daterange(one.period_from, one.period_to, '[]')
            and other.kind = 'evaluated'
          where one.kind = 'evaluated' and (other.id is not null
            or one.period_from < contract.starts_on or one.period_to > contract.ends_on)`,
  },
  {
    name: 'every contract was written by someone or awarded by a tender',
    sql: `select id from contract where (cardinality(written_by) = 0) <> (tender_id is not null)`,
  },
  ...auditChecks('contracts', RECORD),
];
