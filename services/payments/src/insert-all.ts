import type { Tx } from '@mulin/database';

type Row = Record<string, string | number | boolean | bigint | object | null>;

/**
 * Inserts any number of rows in one statement. All rows have the same columns; a column that is left out
 * takes its default. Table, columns and
 * `onConflict` are written in code, never by a client.
 */
export async function insertAll(
  tx: Tx,
  table: string,
  rows: readonly Row[],
  onConflict = '',
): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = Object.keys(first).join(', ');
  await tx.query(
    `insert into ${table} (${columns})
     select ${columns} from json_populate_recordset(null::${table}, $1::json)
     ${onConflict}`,
    [JSON.stringify(rows, bigintAsText)],
  );
}

/** PostgreSQL reads an amount from digits in a string as well, and JSON numbers would be floats. */
function bigintAsText(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
