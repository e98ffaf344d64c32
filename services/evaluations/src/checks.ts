import { auditChecks, RECORD } from '@mulin/database';

/** What must always hold in this database: a sentence, and the query that returns what breaks it. */
export const checks = [
  {
    name: 'every final evaluation was finalised by somebody who neither planned nor scored it',
    sql: `select id from evaluation where state = 'finalised'
          and (finalised_by is null or finalised_by in (planned_by, scored_by)
            or exists (select from sheet where evaluation_id = evaluation.id and author = finalised_by))`,
  },
  {
    name: 'the weights of every plan sum to 10,000 basis points',
    sql: `select evaluation.id from evaluation left join indicator on evaluation_id = evaluation.id
          group by 1 having coalesce(sum(weight), 0) <> 10000`,
  },
  {
    name: 'every instalment has one deciding evaluation per attempt',
    sql: `select instalment_id, attempt from evaluation group by 1, 2 having count(*) > 1`,
  },
  {
    name: 'a second attempt follows a first that failed and was rectified in time',
    sql: `select evaluation.id from evaluation
          left join rectification on rectification.evaluation_id = previous_id
          where attempt = 2 and (rectification.submitted_at is null
            or rectification.instalment_id <> evaluation.instalment_id)`,
  },
  {
    name: 'no evaluation was scored while a sheet was missing, unless late counts as nothing',
    sql: `select evaluation.id, planned.source from evaluation
          join planned_source planned on planned.evaluation_id = evaluation.id
          where evaluation.state in ('scored', 'notified', 'finalised') and not planned.late_counts_zero
            and planned.sheets > (select count(*) from sheet where sheet.evaluation_id = evaluation.id
              and sheet.source = planned.source and superseded_at is null and opened_at is not null)`,
  },
  {
    name: 'what a final evaluation charges is what the organisation was told',
    sql: `select evaluation.id from evaluation join result on evaluation_id = evaluation.id,
            jsonb_array_elements(result.breaches) as told
          where state = 'finalised' and not exists (select from charge
            where breach_id = told ->> 'id' and charge.instalment_id = evaluation.instalment_id)`,
  },
  {
    name: 'the breaches of a second attempt contain those of the first',
    sql: `select second.id from evaluation second
          join result told_first on told_first.evaluation_id = second.previous_id
          join result told_second on told_second.evaluation_id = second.id
          where second.state = 'finalised' and not told_second.breaches @> told_first.breaches`,
  },
  {
    name: 'every final failure on a first attempt has its rectification, where the rule gives time',
    sql: `select evaluation.id from evaluation join result on result.evaluation_id = evaluation.id
          join term using (contract_id)
          left join rectification on rectification.evaluation_id = evaluation.id
          where evaluation.state = 'finalised' and attempt = 1
            and (result.failed and (rule ->> 'rectificationDays')::int > 0) <> (rectification.id is not null)`,
  },
  {
    name: 'an instalment is closed exactly when nothing here can decide it any more',
    sql: `select instalment.id from term_instalment instalment
          left join evaluation last on last.instalment_id = instalment.id and last.state = 'finalised'
            and last.attempt = (select max(attempt) from evaluation every
              where every.instalment_id = instalment.id and every.state = 'finalised')
          left join rectification on rectification.evaluation_id = last.id
          where (closed_at is not null)
            <> (last.id is not null and (rectification.id is null or rectification.state = 'lapsed'))`,
  },
  {
    name: 'a rectification lapses once, and never after its report came in',
    sql: `select rectification.id from rectification
          left join mulin.outbox on aggregatetype = 'rectification' and aggregateid = rectification.id
          group by rectification.id
          having count(outbox.id) <> case when state in ('submitted', 'reEvaluated', 'lapsed') then 1 else 0 end`,
  },
  {
    name: 'every signed acceptance was drafted by somebody else, after residents were heard',
    sql: `select id from acceptance where state = 'signed' and (signed_by = drafted_by or heard is null)`,
  },
  {
    name: 'every evaluation sent as many events as it counts',
    sql: `select evaluation.id from evaluation
          left join mulin.outbox on aggregatetype = 'evaluation' and aggregateid = evaluation.id
          group by evaluation.id having count(outbox.id) <> evaluation.events`,
  },
  ...auditChecks('evaluations', RECORD),
];
