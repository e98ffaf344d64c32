import type { Tx } from '@mulin/database';

/** A number of the procedure, with the article it rests on, as it holds on a day. */
export interface ProcedureRule {
  code: string;
  value: number;
  article: string;
}

/** The rule of this code in force now. */
export async function procedureRule(tx: Tx, code: string): Promise<ProcedureRule> {
  const [rule] = await tx.query<ProcedureRule[]>(
    `select code, value, article from procedure_rule
     where code = $1 and in_force_from <= (mulin.now() at time zone 'Asia/Shanghai')::date
     order by in_force_from desc limit 1`,
    [code],
  );
  if (!rule) throw new Error(`No rule ${code} is in force.`);
  return rule;
}
