import type { DataSource } from 'typeorm';

/**
 * How PostgreSQL answers a statement when a table is too large to read whole or to sort: the lines of its plan, for any
 * values. So a test with ten rows can say that a list stays quick with a million.
 *
 * @param sql as `countStatements` heard it, with its $1, $2 …
 */
export async function queryPlan(dataSource: DataSource, sql: string): Promise<string> {
  const places = [...sql.matchAll(/\$(\d+)/g)].map(([, place]) => Number(place));
  const values = Array.from({ length: Math.max(0, ...places) }, () => 'null').join(', ');
  const runner = dataSource.createQueryRunner();
  try {
    await runner.startTransaction();
    await runner.query(`set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off;
      set local enable_sort = off; set local enable_incremental_sort = off`);
    await runner.query(`prepare plan_of as ${sql}`);
    // The answer of `explain` has one column of this name.
    const lines = (await runner.query(`explain execute plan_of${values && `(${values})`}`)) as {
      'QUERY PLAN': string;
    }[];
    await runner.query('deallocate plan_of');
    return lines.map((line) => line['QUERY PLAN']).join('\n');
  } finally {
    await runner.rollbackTransaction();
    await runner.release();
  }
}
