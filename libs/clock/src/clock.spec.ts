import { describe, expect, it } from '@jest/globals';
import chineseDays from 'chinese-days';
import fc from 'fast-check';
import {
  InvalidCivilDate,
  InvalidTerm,
  addDays,
  addMonths,
  addWorkingDays,
  calendarFromRows,
  civilDateInShanghai,
  dayDeadline,
  endOfCivilDay,
  isCivilDate,
  parseCivilDate,
  publishedCalendar,
  publishedRows,
  publishedYears,
  startOfCivilDay,
  workingDayDeadline,
  yearOf,
} from './index.js';

const calendar = publishedCalendar();
const at = (text: string) => new Date(text);

describe('a day in Shanghai', () => {
  it('begins at 16:00 UTC of the day before, to the millisecond', () => {
    expect(civilDateInShanghai(at('2026-11-22T15:59:59.999Z'))).toBe('2026-11-22');
    expect(civilDateInShanghai(at('2026-11-22T16:00:00.000Z'))).toBe('2026-11-23');
    expect(startOfCivilDay('2026-11-23').toISOString()).toBe('2026-11-22T16:00:00.000Z');
  });

  it('ends at 24:00, which is 16:00 UTC', () => {
    expect(endOfCivilDay('2026-11-23').toISOString()).toBe('2026-11-23T16:00:00.000Z');
    expect(endOfCivilDay('2026-12-31').toISOString()).toBe('2026-12-31T16:00:00.000Z');
  });

  it('had 23 hours when summer time began in 1988', () => {
    const hours = endOfCivilDay('1988-04-17').getTime() - startOfCivilDay('1988-04-17').getTime();
    expect(hours).toBe(23 * 3_600_000);
  });

  it('ends where the next begins, in every year', () => {
    const days = fc.integer({ min: 0, max: 40_000 }).map((days) => addDays('1960-01-01', days));
    fc.assert(
      fc.property(days, (date) => {
        expect(endOfCivilDay(date)).toEqual(startOfCivilDay(addDays(date, 1)));
        expect(civilDateInShanghai(new Date(endOfCivilDay(date).getTime() - 1))).toBe(date);
      }),
    );
  });

  it('is written YYYY-MM-DD and exists in the calendar', () => {
    expect(parseCivilDate('2028-02-29')).toBe('2028-02-29');
    for (const text of [
      '2026-02-29',
      '2026-13-01',
      '2026-1-1',
      '20260101',
      '2026-01-01T00:00',
      '',
    ]) {
      expect(() => parseCivilDate(text)).toThrow(InvalidCivilDate);
    }
    expect(isCivilDate(20260101)).toBe(false);
  });

  it('belongs to the fiscal year of its calendar year', () => {
    expect([yearOf('2026-12-31'), yearOf('2027-01-01')]).toEqual([2026, 2027]);
  });

  it('may be moved over month, year and leap day', () => {
    expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
    expect(addDays('2027-01-01', -1)).toBe('2026-12-31');
  });

  it('counts months to the same day, or to the last of a shorter month', () => {
    expect(addMonths('2026-01-01', 12)).toBe('2027-01-01');
    expect(addMonths('2026-12-31', 2)).toBe('2027-02-28');
  });
});

describe('a working day', () => {
  it('is a plain Monday to Friday', () => {
    expect(calendar.isWorkingDay('2026-11-23')).toBe(true);
    expect(calendar.isWorkingDay('2026-11-28')).toBe(false);
    expect(calendar.isWorkingDay('2026-11-29')).toBe(false);
  });

  it('is not a Tuesday of the Spring Festival', () => {
    expect(calendar.isWorkingDay('2026-02-17')).toBe(false);
  });

  it('is a Saturday that makes up for the Spring Festival', () => {
    expect(calendar.isWorkingDay('2026-02-14')).toBe(true);
    expect(calendar.isWorkingDay('2026-02-28')).toBe(true);
  });
});

describe('the published calendar', () => {
  it('covers every year of its source, without a hole', () => {
    const years = publishedYears();
    expect(years[0]).toBe(2004);
    expect(years.at(-1)).toBeGreaterThanOrEqual(2026);
    expect(years).toEqual(years.map((_, index) => 2004 + index));
  });

  it('lists each day once, in order', () => {
    const days = publishedRows().map(({ day }) => day);
    expect(days).toEqual([...new Set(days)].sort());
    expect(days.every(isCivilDate)).toBe(true);
  });

  it('answers for every day of its years as its source itself does', () => {
    const differs: string[] = [];
    for (let day = '2004-01-01'; calendar.knows(yearOf(day)); day = addDays(day, 1)) {
      if (calendar.isWorkingDay(day) !== chineseDays.isWorkday(day)) differs.push(day);
    }
    expect(differs).toEqual([]);
  });

  it('does not know a year of which only a stray December day was announced', () => {
    const notice2012 = publishedRows().filter(
      ({ day }) => day > '2011-12-30' && day < '2013-01-01',
    );
    const only2012 = calendarFromRows(notice2012);
    expect(only2012.isWorkingDay('2011-12-31')).toBe(true);
    expect(only2012.knows(2011)).toBe(false);
    expect(only2012.knows(2012)).toBe(true);
  });

  it('does not know a year that nobody has announced', () => {
    expect(calendar.knows(2099)).toBe(false);
  });
});

describe('a term in working days', () => {
  const due = (from: string, workingDays: number) =>
    workingDayDeadline({ from: at(from), workingDays, calendar });

  it('does not count the day on which it began', () => {
    expect(due('2026-11-23T02:00:00Z', 1).date).toBe('2026-11-24');
  });

  it('began on the day it was in Shanghai, not in London', () => {
    expect(due('2026-11-23T15:59:59.999Z', 1).date).toBe('2026-11-24');
    expect(due('2026-11-23T16:00:00.000Z', 1).date).toBe('2026-11-25');
  });

  it('ends at 24:00 of its last day', () => {
    expect(due('2026-11-23T02:00:00Z', 5)).toEqual({
      date: '2026-11-30',
      endsAt: at('2026-11-30T16:00:00.000Z'),
      provisional: false,
    });
  });

  it('passes over the Spring Festival and counts the Saturday that makes up for it', () => {
    // Fri 13 February; Sat 14 is worked; 15 to 23 are free; 24 to 27 and Sat 28 are worked.
    expect(due('2026-02-13T02:00:00Z', 1).date).toBe('2026-02-14');
    expect(due('2026-02-13T02:00:00Z', 2).date).toBe('2026-02-24');
    expect(due('2026-02-13T02:00:00Z', 6).date).toBe('2026-02-28');
    expect(due('2026-02-13T02:00:00Z', 7).date).toBe('2026-03-02');
  });

  it('of 20 days to hand in a rectification report over National Day ends on 19 October', () => {
    // 15 September begins; worked are 16-18, 20 (Sun), 21-24, 28-30, 8-9 and 10 (Sat), 12-16, 19.
    expect(due('2026-09-15T01:00:00Z', 20).date).toBe('2026-10-19');
  });

  it('that began on a holiday counts from the first working day after it', () => {
    expect(due('2026-10-03T02:00:00Z', 1).date).toBe('2026-10-08');
  });

  it('that reaches a year without a published calendar is provisional and leaves out weekends only', () => {
    const year = (publishedYears().at(-1) ?? 0) + 1;
    const deadline = due(`${year - 1}-12-31T02:00:00Z`, 1);
    expect(deadline.provisional).toBe(true);
    expect(calendar.isWorkingDay(deadline.date)).toBe(true);
    expect(yearOf(deadline.date)).toBe(year);
  });

  it('that ends on 31 December of the last published year is not provisional', () => {
    const known = calendarFromRows([{ day: '2026-10-01', kind: 'holiday' }]);
    const term = (workingDays: number) =>
      workingDayDeadline({ from: at('2026-12-30T02:00:00Z'), workingDays, calendar: known });
    expect(term(1)).toMatchObject({ date: '2026-12-31', provisional: false });
    expect(term(2)).toMatchObject({ date: '2027-01-01', provisional: true });
  });

  it('that passes through an unpublished year is provisional even where its last year is known', () => {
    const hole = calendarFromRows([
      { day: '2026-10-01', kind: 'holiday' },
      { day: '2028-10-01', kind: 'holiday' },
    ]);
    const deadline = workingDayDeadline({
      from: at('2026-12-30T02:00:00Z'),
      workingDays: 270,
      calendar: hole,
    });
    expect(deadline.date > '2028-01-01').toBe(true);
    expect(deadline.provisional).toBe(true);
  });

  it('ends on a working day, so many working days later, whenever it began', () => {
    const starts = fc.integer({ min: 0, max: 700 }).map((days) => addDays('2025-01-01', days));
    fc.assert(
      fc.property(starts, fc.integer({ min: 1, max: 30 }), (start, workingDays) => {
        const end = addWorkingDays(calendar, start, workingDays);
        let counted = 0;
        for (let day = addDays(start, 1); day <= end; day = addDays(day, 1)) {
          if (calendar.isWorkingDay(day)) counted += 1;
        }
        expect([counted, calendar.isWorkingDay(end)]).toEqual([workingDays, true]);
      }),
      { numRuns: 40 },
    );
  });

  it.each([0, -1, 1.5, Number.NaN, 10_001])('of %p days is refused', (workingDays) => {
    expect(() => due('2026-11-23T02:00:00Z', workingDays)).toThrow(InvalidTerm);
  });
});

describe('a term in civil days', () => {
  const due = (from: string, days: number) => dayDeadline({ from: at(from), days, calendar });

  it('does not count the day on which it began, and counts weekends', () => {
    expect(due('2026-11-23T02:00:00Z', 9)).toEqual({
      date: '2026-12-02',
      endsAt: at('2026-12-02T16:00:00.000Z'),
      provisional: false,
    });
  });

  it('whose last day is a holiday moves to the working day after the holiday', () => {
    expect(due('2026-09-21T02:00:00Z', 10).date).toBe('2026-10-08');
  });

  it('whose last day is a Saturday moves to Monday', () => {
    expect(due('2026-11-23T02:00:00Z', 5).date).toBe('2026-11-30');
  });

  it('whose last day is a worked Saturday ends on that Saturday', () => {
    expect(due('2026-10-03T02:00:00Z', 7).date).toBe('2026-10-10');
  });

  it('that ends beyond the published calendar is provisional', () => {
    const known = calendarFromRows([{ day: '2026-10-01', kind: 'holiday' }]);
    const term = (days: number) =>
      dayDeadline({ from: at('2026-12-01T02:00:00Z'), days, calendar: known }).provisional;
    expect([term(30), term(31)]).toEqual([false, true]);
  });

  it('of no days is refused', () => {
    expect(() => due('2026-11-23T02:00:00Z', 0)).toThrow(InvalidTerm);
  });
});
