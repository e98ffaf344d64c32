import { PREFIXES, type Prefix } from './prefixes.js';
import { uuidV7Hex } from './uuid-v7.js';

/**
 * `<prefix>_<UUIDv7 as 32 hex digits>`, for example `con_01942f7c9c8e7b3da1c2d3e4f5a6b7c8`. The type
 * carries the prefix, so that a contract's id cannot be passed for a payment order's.
 */
export type Id<P extends Prefix = Prefix> = string & { readonly __id: P };

/** An event's id: a plain UUIDv7 with dashes, because CloudEvents readers expect one. */
export type EventId = string & { readonly __id: 'event' };

/**
 * The text is not an id of the expected kind. The text itself stays out of the message: a client may
 * have put anything there, and messages are logged.
 */
export class InvalidId extends Error {
  override readonly name = 'InvalidId';

  constructor(
    readonly expected: Prefix,
    /** The prefix that was found when the text begins with a known one, else null. */
    readonly found: Prefix | null,
  ) {
    super(
      found === null || found === expected
        ? `expected an id of a ${PREFIXES[expected]}: ${expected}_ and a UUIDv7 as 32 hex digits`
        : `expected an id of a ${PREFIXES[expected]} (${expected}_…), got one of a ${PREFIXES[found]} (${found}_…)`,
    );
  }
}

const UUID_V7_HEX = /^[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/;

/** A new id of that kind, greater than every id made before in this process. */
export function newId<P extends Prefix>(prefix: P): Id<P> {
  // The brand exists in the type system only; this and the two guards below are where it is given.
  return `${prefix}_${uuidV7Hex()}` as Id<P>;
}

/** A new event id, greater than every one made before in this process. */
export function newEventId(): EventId {
  const hex = uuidV7Hex();
  const dashed = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  // The brand exists in the type system only.
  return dashed as EventId;
}

/** Whether the value is an id of that kind: right prefix, 32 lower-case hex digits, version 7. */
export function isId<P extends Prefix>(prefix: P, value: unknown): value is Id<P> {
  return (
    typeof value === 'string' &&
    value.startsWith(`${prefix}_`) &&
    UUID_V7_HEX.test(value.slice(prefix.length + 1))
  );
}

/** The text as an id of that kind. Throws {@link InvalidId}. */
export function parseId<P extends Prefix>(prefix: P, text: string): Id<P> {
  if (isId(prefix, text)) return text;
  throw new InvalidId(prefix, prefixOf(text));
}

/** The known prefix that a text begins with, or null; says nothing about the rest of the text. */
export function prefixOf(text: string): Prefix | null {
  const prefix = text.slice(0, 3);
  return text.charAt(3) === '_' && isPrefix(prefix) ? prefix : null;
}

function isPrefix(text: string): text is Prefix {
  return Object.hasOwn(PREFIXES, text);
}
