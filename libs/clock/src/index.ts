export {
  InvalidCivilDate,
  ZONE,
  addDays,
  addMonths,
  civilDateInShanghai,
  endOfCivilDay,
  isCivilDate,
  isWeekend,
  parseCivilDate,
  startOfCivilDay,
  yearOf,
  type CivilDate,
} from './civil-date.js';
export {
  calendarFromRows,
  publishedCalendar,
  publishedRows,
  publishedYears,
  type Calendar,
  type CalendarRow,
} from './calendar.js';
export { InvalidCalendarFile, parseCalendarFile } from './calendar-file.js';
export { localTime } from './local-time.js';
export {
  InvalidTerm,
  addWorkingDays,
  dayDeadline,
  workingDayDeadline,
  type Deadline,
} from './deadline.js';
