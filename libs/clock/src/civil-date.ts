import { DateTime } from 'luxon';

/** Where days begin and end: all deadlines are days in Shanghai. */
export const ZONE = 'Asia/Shanghai';

/** A day of the civil calendar, `YYYY-MM-DD`, without time and zone. Such texts sort as the days do. */
export type CivilDate = string;

/** Not a day of the calendar, for example 2026-02-30. */
export class InvalidCivilDate extends Error {
  override readonly name = 'InvalidCivilDate';

  constructor() {
    super('a civil date is a day of the calendar, written YYYY-MM-DD');
  }
}

/** Whether the value is a day of the calendar in the form `YYYY-MM-DD`. */
export function isCivilDate(value: unknown): value is CivilDate {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return false;
  // A day that there is not comes back as another one, or as none. Whole calendars are read on the way
  // to a deadline, so this is asked a thousand times where others are asked once: no parser of dates.
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

/** The text as a civil date. Throws {@link InvalidCivilDate}. */
export function parseCivilDate(text: string): CivilDate {
  if (!isCivilDate(text)) throw new InvalidCivilDate();
  return text;
}

/** The day that it is in Shanghai at that instant. */
export function civilDateInShanghai(instant: Date): CivilDate {
  return isoDate(DateTime.fromJSDate(instant, { zone: ZONE }));
}

/** 00:00 in Shanghai at the beginning of that day. Throws {@link InvalidCivilDate}. */
export function startOfCivilDay(date: CivilDate): Date {
  return DateTime.fromISO(parseCivilDate(date), { zone: ZONE }).startOf('day').toJSDate();
}

/**
 * 24:00 in Shanghai at the end of that day, which is 00:00 of the next (民法典 第二百零三条: the last
 * day ends at 24:00). In time is what happened *before* this instant.
 */
export function endOfCivilDay(date: CivilDate): Date {
  return startOfCivilDay(addDays(date, 1));
}

/** The day so many days later, or earlier when negative. Throws {@link InvalidCivilDate}. */
export function addDays(date: CivilDate, days: number): CivilDate {
  return isoDate(DateTime.fromISO(parseCivilDate(date), { zone: 'utc' }).plus({ days }));
}

/**
 * The day of so many months later with the same number, or the last of its month where there is none. Throws
 * {@link InvalidCivilDate}.
 */
export function addMonths(date: CivilDate, months: number): CivilDate {
  return isoDate(DateTime.fromISO(parseCivilDate(date), { zone: 'utc' }).plus({ months }));
}

/** The calendar year of a civil date; also the fiscal year (预算法 第十八条). */
export function yearOf(date: CivilDate): number {
  return Number(parseCivilDate(date).slice(0, 4));
}

/** Whether the day is a Saturday or a Sunday. */
export function isWeekend(date: CivilDate): boolean {
  return DateTime.fromISO(parseCivilDate(date), { zone: 'utc' }).weekday >= 6;
}

function isoDate(day: DateTime): CivilDate {
  const text = day.toISODate();
  if (text === null) throw new InvalidCivilDate();
  return text;
}
