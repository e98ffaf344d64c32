export { boot, sdl, serviceName } from './boot.js';
export { checks } from './checks.js';
export { migrations } from './migrations/index.js';
