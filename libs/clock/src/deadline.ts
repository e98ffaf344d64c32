import type { Calendar } from './calendar.js';
import {
  addDays,
  civilDateInShanghai,
  endOfCivilDay,
  yearOf,
  type CivilDate,
} from './civil-date.js';

/** The last day of a term and the instant at which it is over. */
export interface Deadline {
  /** The last day, in Shanghai; shown to people. */
  date: CivilDate;
  /** 24:00 Shanghai of that day. In time is what came before this instant; compare against this. */
  endsAt: Date;
  /**
   * True when counting touched a year whose calendar is not published: only weekends were left out
   * there, and the deadline must be computed again when that year is loaded.
   */
  provisional: boolean;
}

/** A longer term is a mistake, and counting it day by day would take too long. */
const LONGEST_TERM = 10_000;

/** A term that is no whole number of days from 1 to 10,000. A programmer's mistake. */
export class InvalidTerm extends RangeError {
  override readonly name = 'InvalidTerm';
}

/**
 * The n-th working day after a day; the day itself is not counted (民法典 第二百零一条). Make-up days
 * (调休上班) count, holidays and plain weekends do not. Throws {@link InvalidTerm}.
 */
export function addWorkingDays(
  calendar: Calendar,
  date: CivilDate,
  workingDays: number,
): CivilDate {
  assertTerm(workingDays);
  let day = date;
  for (let counted = 0; counted < workingDays;) {
    day = addDays(day, 1);
    if (calendar.isWorkingDay(day)) counted += 1;
  }
  return day;
}

/**
 * The deadline of a term in working days that began at an instant. The day on which it began, in
 * Shanghai, is not counted (民法典 第二百零一条; 财政部令第87号 第八十五条); the last day ends at 24:00
 * (民法典 第二百零三条). Throws {@link InvalidTerm}.
 */
export function workingDayDeadline(term: {
  from: Date;
  workingDays: number;
  calendar: Calendar;
}): Deadline {
  const begun = civilDateInShanghai(term.from);
  const date = addWorkingDays(term.calendar, begun, term.workingDays);
  return {
    date,
    endsAt: endOfCivilDay(date),
    provisional: touchesUnknown(term.calendar, begun, date),
  };
}

/**
 * The deadline of a term in civil days that began at an instant. The first day is not counted
 * (民法典 第二百零一条); every later day is, whether worked or not; a last day that falls on a holiday or
 * weekend moves to the next working day and ends at 24:00 (民法典 第二百零三条; 财政部令第87号 第八十五条).
 * Throws {@link InvalidTerm}.
 */
export function dayDeadline(term: { from: Date; days: number; calendar: Calendar }): Deadline {
  assertTerm(term.days);
  const nominal = addDays(civilDateInShanghai(term.from), term.days);
  const date = term.calendar.isWorkingDay(nominal)
    ? nominal
    : addWorkingDays(term.calendar, nominal, 1);
  return {
    date,
    endsAt: endOfCivilDay(date),
    provisional: touchesUnknown(term.calendar, addDays(nominal, -1), date),
  };
}

/** Whether a day from the one after `after` to `last` lies in a year that is not published. */
function touchesUnknown(calendar: Calendar, after: CivilDate, last: CivilDate): boolean {
  for (let year = yearOf(addDays(after, 1)); year <= yearOf(last); year += 1) {
    if (!calendar.knows(year)) return true;
  }
  return false;
}

function assertTerm(days: number): void {
  if (!Number.isInteger(days) || days < 1 || days > LONGEST_TERM) {
    throw new InvalidTerm(
      `a term is a whole number of days from 1 to ${LONGEST_TERM}, not ${days}`,
    );
  }
}
