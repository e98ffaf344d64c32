export * from './actor.js';
export * from './bearer.js';
export * from './call.js';
export * from './errors.js';
export * from './permission.guard.js';
export * from './policy.js';
export * from './signed-calls-only.js';
