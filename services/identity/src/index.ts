export { boot, sdl, serviceName, type RunningIdentity } from './boot.js';
export { checks } from './checks.js';
export { configFromEnv, type IdentityConfig } from './config.js';
export { readDemoAccounts, seedDemoAccounts, type DemoAccount } from './demo.js';
export { migrations } from './migrations/index.js';
