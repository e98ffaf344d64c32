import { describe, expect, it } from '@jest/globals';
import { parseCalendarFile } from './calendar-file.js';
import { publishedRows, publishedYears } from './calendar.js';
import { yearOf } from './civil-date.js';

const NATIONAL_DAY = { day: '2028-10-01', kind: 'holiday' };
const YEAR = [
  ...['01-01', '01-25', '01-26', '01-27', '01-28', '04-04', '05-01', '05-02', '05-28'],
  ...['10-02', '10-03'],
].map((day) => ({ day: `2028-${day}`, kind: 'holiday' }));
const read =
  (...entries: object[]) =>
  () =>
    parseCalendarFile(JSON.stringify(entries));

describe('a calendar file of an operator', () => {
  it('lists the days that depart from the plain week', () => {
    const worked = { day: '2028-10-08', kind: 'workday' };
    const entries = [...YEAR, NATIONAL_DAY, worked];
    expect(read(...entries)()).toEqual(entries);
  });

  it('has the statutory holidays of each year, and says which are missing', () => {
    expect(read(NATIONAL_DAY, ...YEAR.slice(1).filter(({ day }) => day !== '2028-05-02'))).toThrow(
      /2028 年缺少法定节假日：元旦、劳动节（.*）。 2028 lacks statutory holidays: New Year, Labour Day$/,
    );
    expect(read(NATIONAL_DAY, { day: '2028-10-02', kind: 'holiday' })).toThrow(/春节.*国庆节/);
  });

  it('would take every year that was published since these holidays are as they are', () => {
    const years = publishedYears().filter((year) => year >= 2008);
    expect(years.length).toBeGreaterThan(17);
    for (const year of years) read(...publishedRows().filter(({ day }) => yearOf(day) === year))();
  });

  it.each([
    ['a day that there is not', read({ day: '2028-02-30', kind: 'holiday' }), /entry 1: "day"/],
    [
      'a kind that there is not',
      read(NATIONAL_DAY, { day: '2028-10-02', kind: 'rest' }),
      /entry 2: "kind"/,
    ],
    ['a day twice', read(NATIONAL_DAY, NATIONAL_DAY), /twice/],
    ['half a year', read({ day: '2028-01-01', kind: 'holiday' }), /no year is whole/],
    ['something else', () => parseCalendarFile('{}'), /JSON list/],
    ['no JSON', () => parseCalendarFile('day,kind'), /JSON list/],
  ])('is refused with %s', (_, reading, because) => {
    expect(reading).toThrow(because);
  });
});
