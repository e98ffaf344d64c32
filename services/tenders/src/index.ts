export { boot, sdl, serviceName } from './boot.js';
export { checks } from './checks.js';
export { configFromEnv, type ReceiptKey, type TendersConfig } from './config.js';
export { migrations } from './migrations/index.js';
