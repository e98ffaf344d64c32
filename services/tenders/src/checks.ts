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
];
