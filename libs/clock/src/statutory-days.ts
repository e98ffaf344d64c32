import { yearOf, type CivilDate } from './civil-date.js';
import type { CalendarRow } from './calendar.js';

/** Some days of a holiday, each between the first and the last day on which it can be (it may follow the moon). */
interface Holiday {
  zh: string;
  en: string;
  from: string;
  to: string;
  days: number;
}

const holiday = (zh: string, en: string, [from, to]: [string, string], days: number): Holiday => ({
  ...{ zh, en, from, to, days },
});

/** 全国年节及纪念日放假办法, as revised in 2024 and in 2007: every year has these days, whatever else is arranged. */
const IN_FORCE: readonly { since: number; holidays: readonly Holiday[] }[] = [
  { since: 2025, holidays: holidays({ spring: 4, labour: 2 }) },
  { since: 2008, holidays: holidays({ spring: 3, labour: 1 }) },
];

function holidays({ spring, labour }: { spring: number; labour: number }): Holiday[] {
  return [
    holiday('元旦', 'New Year', ['01-01', '01-01'], 1),
    holiday('春节', 'Spring Festival', ['01-20', '02-25'], spring),
    holiday('清明节', 'Qingming', ['04-04', '04-06'], 1),
    holiday('劳动节', 'Labour Day', ['05-01', labour === 1 ? '05-01' : '05-02'], labour),
    holiday('端午节', 'Dragon Boat Festival', ['05-25', '06-26'], 1),
    holiday('中秋节', 'Mid-Autumn', ['09-07', '10-09'], 1),
    holiday('国庆节', 'National Day', ['10-01', '10-03'], 3),
  ];
}

/** What a published year must hold and the rows lack, each as it is said in Chinese and in English. */
export function missingStatutoryDays(
  year: number,
  rows: readonly CalendarRow[],
): { zh: string; en: string }[] {
  const free = new Set<CivilDate>(
    rows.flatMap(({ day, kind }) => (kind === 'holiday' && yearOf(day) === year ? [day] : [])),
  );
  const wanted = IN_FORCE.find(({ since }) => year >= since)?.holidays ?? [];
  return wanted.filter(({ from, to, days }) => {
    const found = [...free].filter((day) => day.slice(5) >= from && day.slice(5) <= to);
    return found.length < days;
  });
}
