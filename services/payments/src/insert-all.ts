import { kept, type Tx } from '@mulin/database';

/** Amounts are digits: JSON numbers would be floats, and JSON.stringify throws where somebody forgot it. */
type Row = Record<string, string | number | boolean | object | null>;

/**
 * Inserts any number of rows in one statement. All rows have the same columns; a column that is left out
 * takes its default. Table, columns, `onConflict` and `timeColumn` are written in code, never by a client.
 *
 * @param timeColumn gets the time of the statement: asked once, where a default would ask for each row
 */
export async function insertAll(
  tx: Tx,
  table: string,
  rows: readonly Row[],
  { onConflict = '', timeColumn }: { onConflict?: string; timeColumn?: string } = {},
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first).join(', ');
  const [timed, time] = timeColumn ? [`, ${timeColumn}`, ', (select mulin.now())'] : ['', ''];
  await tx.query(
    kept(`insert into ${table} (${columns}${timed})
     select ${columns}${time} from json_populate_recordset(null::${table}, $1::json)
     ${onConflict}`),
    [JSON.stringify(rows)],
  );
}
