import { type Calendar, calendarFromRows, type CalendarRow, publishedCalendar } from '@mulin/clock';
import type { Tx } from '@mulin/database';

/** An operator's holiday calendar from this year on where there is one, else the published one. */
export async function loadedCalendar(tx: Tx): Promise<Calendar> {
  const rows = await tx.query<CalendarRow[]>(
    `select day::text, kind from mulin.calendar_day where day >= date_trunc('year', mulin.now())::date`,
  );
  return rows.length > 0 ? calendarFromRows(rows) : publishedCalendar();
}
