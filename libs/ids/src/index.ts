export { PREFIXES, type Prefix } from './prefixes.js';
export {
  InvalidId,
  isId,
  newEventId,
  newId,
  parseId,
  prefixOf,
  type EventId,
  type Id,
} from './id.js';
