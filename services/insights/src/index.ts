export { boot, sdl, serviceName } from './boot.js';
export { checks } from './checks.js';
export { migrations } from './migrations/index.js';
export type { Fact } from './fact/fact.entity.js';
export {
  printPackage,
  type Publisher,
  recordsOf,
  type Release,
  releasesOf,
} from './ocds/releases.js';
