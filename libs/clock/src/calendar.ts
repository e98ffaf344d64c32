import { createRequire } from 'node:module';
import { isWeekend, yearOf, type CivilDate } from './civil-date.js';

/**
 * One day on which the State Council's yearly notice (部分节假日安排的通知) departs from the plain
 * week: a public holiday (放假), or a weekend day that is worked instead (调休上班). The shape of a row
 * of `mulin.calendar_day`.
 */
export interface CalendarRow {
  day: CivilDate;
  kind: 'holiday' | 'workday';
}

/** Which days are worked. Days come from the published notices; a year without one is only guessed. */
export interface Calendar {
  /** Whether the day is a working day (工作日); in a year that is not known, every day from Monday to Friday. */
  isWorkingDay(date: CivilDate): boolean;
  /** Whether the notice for that year has been published and loaded. */
  knows(year: number): boolean;
}

/**
 * A calendar from published rows. A year counts as known when its National Day is among the rows: every
 * notice names 1 October, whereas a single day of December may come from the notice of the next year
 * (2011-12-31 was worked by the notice for 2012).
 */
export function calendarFromRows(rows: Iterable<CalendarRow>): Calendar {
  const kinds = new Map<CivilDate, CalendarRow['kind']>();
  for (const { day, kind } of rows) kinds.set(day, kind);
  return {
    isWorkingDay: (date) => {
      const kind = kinds.get(date);
      return kind === undefined ? !isWeekend(date) : kind === 'workday';
    },
    knows: (year) => kinds.get(`${year}-10-01`) === 'holiday',
  };
}

let published: { rows: readonly CalendarRow[]; calendar: Calendar } | undefined;

/**
 * Every published departure from the plain week that chinese-days knows (2004 and later), in order of
 * days. This is data to load into `mulin.calendar_day` at installation; a service reads its calendar
 * from there, where an operator may add the next year without a new release.
 */
export function publishedRows(): readonly CalendarRow[] {
  return loadPublished().rows;
}

/** A calendar made from {@link publishedRows}, for tools and tests that have no database. */
export function publishedCalendar(): Calendar {
  return loadPublished().calendar;
}

/** The years whose notices are among {@link publishedRows}, in order. */
export function publishedYears(): number[] {
  const { rows, calendar } = loadPublished();
  const years = new Set(rows.map(({ day }) => yearOf(day)));
  return [...years].filter((year) => calendar.knows(year)).sort((a, b) => a - b);
}

interface ChineseDays {
  holidays: Record<CivilDate, string>;
  workdays: Record<CivilDate, string>;
}

function loadPublished(): { rows: readonly CalendarRow[]; calendar: Calendar } {
  if (published === undefined) {
    // The package's functions answer for one day and know no list of years; its data file has them all.
    const days = createRequire(import.meta.url)(
      'chinese-days/dist/chinese-days.json',
    ) as ChineseDays;
    const rows: CalendarRow[] = [
      ...Object.keys(days.holidays).map((day): CalendarRow => ({ day, kind: 'holiday' })),
      ...Object.keys(days.workdays).map((day): CalendarRow => ({ day, kind: 'workday' })),
    ].sort((a, b) => (a.day < b.day ? -1 : 1));
    published = { rows, calendar: calendarFromRows(rows) };
  }
  return published;
}
