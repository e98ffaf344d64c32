export { boot, type RunningGateway } from './boot.js';
export { configFromEnv, type Environment, type GatewayConfig } from './config.js';
export { DEFAULT_LIMITS, type Limits } from './limits.js';
