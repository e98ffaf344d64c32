import { type CalendarRow, publishedRows, yearOf } from '@mulin/clock';
import type { DatabaseUrls } from '@mulin/database';
import pg from 'pg';

/** A calendar to load: rows of the yearly notice, and where they are from. */
export interface LoadableCalendar {
  rows: readonly CalendarRow[];
  source: string;
}

/**
 * Loads the published holiday calendar, or an operator's own, into the service's database. The years
 * it names are replaced as a whole, others stay; loading it again changes nothing. Deadlines that were
 * provisional because a year was missing are counted again by the running service.
 *
 * @returns the years that are in the calendar
 */
export async function loadCalendar(
  { migrate }: Pick<DatabaseUrls, 'migrate'>,
  { rows, source }: LoadableCalendar = { rows: publishedRows(), source: 'chinese-days' },
): Promise<number[]> {
  const years = [...new Set(rows.map(({ day }) => yearOf(day)))].sort((a, b) => a - b);
  const client = new pg.Client({ connectionString: migrate, application_name: 'mulin-calendar' });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(
      'delete from mulin.calendar_day where extract(year from day)::int = any($1::int[])',
      [years],
    );
    await client.query(
      `insert into mulin.calendar_day (day, kind)
       select day, kind from jsonb_to_recordset($1::jsonb) as each (day date, kind text)`,
      [JSON.stringify(rows)],
    );
    await client.query(
      `insert into mulin.calendar_year (year, source) select unnest($1::int[]), $2
       on conflict (year) do update set source = excluded.source, loaded_at = now()`,
      [years, source],
    );
    await client.query('commit');
  } finally {
    await client.end();
  }
  return years;
}
