import {
  type Calendar,
  calendarFromRows,
  type CalendarRow,
  publishedRows,
  yearOf,
} from '@mulin/clock';
import pg from 'pg';
import type { Tx } from './database.js';
import type { DatabaseUrls } from './urls.js';

/**
 * The holiday calendar by which every service counts: an operator's years where there are some, else the
 * published ones that come with the platform. Earlier years than the last are as they were published.
 */
export async function loadedCalendar(tx: Tx): Promise<Calendar> {
  const rows = await tx.query<CalendarRow[]>(
    `select day::text, kind from mulin.calendar_day
     where day >= date_trunc('year', mulin.now() - interval '1 year')::date`,
  );
  const loaded = calendarFromRows(rows);
  const others = publishedRows().filter(({ day }) => !loaded.knows(yearOf(day)));
  return calendarFromRows([...others, ...rows]);
}

/** A calendar to load: rows of one or more yearly notices, and where they are from. */
export interface LoadableCalendar {
  rows: readonly CalendarRow[];
  source: string;
}

/**
 * Loads an operator's calendar into a service's database. The years whose notice it holds are replaced as a
 * whole; a single day of another year (a December day in the next year's notice) is added. Loading it
 * again changes nothing. Deadlines that were provisional because a year was missing are counted again by
 * the running service.
 *
 * @returns the years that it replaced
 */
export function loadCalendar(
  urls: Pick<DatabaseUrls, 'migrate'>,
  calendar: LoadableCalendar,
): Promise<number[]> {
  return write(urls, ({ years }) => ({ ...calendar, years }), calendar.rows);
}

/**
 * Loads the published years that a database has not: at installation all of them, later those that a
 * release brought. A year that is there stays as it is, so that an operator's correction is not undone.
 *
 * @returns the years that it added
 */
export function loadPublishedYears(urls: Pick<DatabaseUrls, 'migrate'>): Promise<number[]> {
  return write(
    urls,
    ({ years, there }) => {
      const missing = years.filter((year) => !there.has(year));
      const rows = publishedRows().filter(({ day }) => missing.includes(yearOf(day)));
      return { rows, source: 'chinese-days', years: missing };
    },
    publishedRows(),
  );
}

/** The years whose notice is among the rows. */
export function wholeYears(rows: readonly CalendarRow[]): number[] {
  const { knows } = calendarFromRows(rows);
  const years = new Set(rows.map(({ day }) => yearOf(day)));
  return [...years].filter(knows).sort((a, b) => a - b);
}

async function write(
  { migrate }: Pick<DatabaseUrls, 'migrate'>,
  choose: (facts: {
    years: number[];
    there: Set<number>;
  }) => LoadableCalendar & { years: number[] },
  candidates: readonly CalendarRow[],
): Promise<number[]> {
  const client = new pg.Client({ connectionString: migrate, application_name: 'mulin-calendar' });
  await client.connect();
  try {
    await client.query('begin');
    await client.query('lock table mulin.calendar_year in share row exclusive mode');
    const { rows: known } = await client.query<{ year: number }>(
      'select year from mulin.calendar_year',
    );
    const there = new Set(known.map(({ year }) => year));
    const { rows, source, years } = choose({ years: wholeYears(candidates), there });
    await client.query(
      'delete from mulin.calendar_day where extract(year from day)::int = any($1::int[])',
      [years],
    );
    await client.query(
      `insert into mulin.calendar_day (day, kind)
       select day, kind from jsonb_to_recordset($1::jsonb) as each (day date, kind text)
       on conflict (day) do update set kind = excluded.kind`,
      [JSON.stringify(rows)],
    );
    await client.query(
      `insert into mulin.calendar_year (year, source) select unnest($1::int[]), $2
       on conflict (year) do update set source = excluded.source, loaded_at = now()`,
      [years, source],
    );
    await client.query('commit');
    return years;
  } finally {
    await client.end();
  }
}
