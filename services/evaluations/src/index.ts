export { boot, sdl, serviceName } from './boot.js';
export { loadCalendar } from './calendar.js';
export { checks } from './checks.js';
export { migrations } from './migrations/index.js';
