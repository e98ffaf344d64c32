import { describe, expect, it } from '@jest/globals';
import { parseCalendarFile } from './calendar-file.js';

const NATIONAL_DAY = { day: '2028-10-01', kind: 'holiday' };
const read =
  (...entries: object[]) =>
  () =>
    parseCalendarFile(JSON.stringify(entries));

describe('a calendar file of an operator', () => {
  it('lists the days that depart from the plain week', () => {
    const worked = { day: '2028-10-08', kind: 'workday' };
    expect(read(NATIONAL_DAY, worked)()).toEqual([NATIONAL_DAY, worked]);
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
