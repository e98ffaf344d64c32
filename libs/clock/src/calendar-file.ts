import { calendarFromRows, type CalendarRow } from './calendar.js';
import { isCivilDate, yearOf } from './civil-date.js';
import { missingStatutoryDays } from './statutory-days.js';

/** A calendar file that cannot be loaded; the message says which entry and why. */
export class InvalidCalendarFile extends Error {
  override readonly name = 'InvalidCalendarFile';
}

/**
 * Reads an operator's calendar: a list of `{ day, kind }`. Every year but single days before or after it
 * must be whole, which its National Day shows, and have its statutory holidays: half a year would turn the
 * other holidays into working days. Throws {@link InvalidCalendarFile}.
 */
export function parseCalendarFile(json: string): CalendarRow[] {
  const entries = parsed(json);
  const days = new Set<string>();
  const rows = entries.map((entry, index): CalendarRow => {
    const { day, kind } = Object(entry) as Partial<Record<keyof CalendarRow, unknown>>;
    if (typeof day !== 'string' || !isCivilDate(day)) {
      throw new InvalidCalendarFile(`entry ${index + 1}: "day" must be a date such as 2028-10-01`);
    }
    if (kind !== 'holiday' && kind !== 'workday') {
      throw new InvalidCalendarFile(`entry ${index + 1}: "kind" must be holiday or workday`);
    }
    if (days.has(day)) throw new InvalidCalendarFile(`entry ${index + 1}: ${day} is there twice`);
    days.add(day);
    return { day, kind };
  });
  const { knows } = calendarFromRows(rows);
  const years = [...new Set(rows.map(({ day }) => yearOf(day)))].filter(knows);
  if (years.length === 0) {
    throw new InvalidCalendarFile('no year is whole: its 1 October must be among the holidays');
  }
  for (const year of years) {
    const missing = missingStatutoryDays(year, rows);
    if (missing.length === 0) continue;
    const [zh, en] = [missing.map((each) => each.zh), missing.map((each) => each.en)];
    throw new InvalidCalendarFile(
      `${year} 年缺少法定节假日：${zh.join('、')}（全国年节及纪念日放假办法）。 ` +
        `${year} lacks statutory holidays: ${en.join(', ')}`,
    );
  }
  return rows;
}

function parsed(json: string): unknown[] {
  try {
    const value: unknown = JSON.parse(json);
    if (Array.isArray(value)) return value;
  } catch {
    // Said below.
  }
  throw new InvalidCalendarFile('the file must be a JSON list of { "day", "kind" }');
}
