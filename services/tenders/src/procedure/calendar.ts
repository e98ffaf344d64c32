export { loadedCalendar } from '@mulin/database';
