import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { EventType } from './event-type.js';
import { closed } from './json-schema.js';

/** What a validation found: the payload, now typed, or the problems as sentences with JSON paths. */
export type Validation<P> = { ok: true; payload: P } | { ok: false; problems: string[] };

const ajv = new Ajv2020({
  strict: true,
  // `then: { required }` names fields of the schema around it.
  strictRequired: false,
  allowUnionTypes: true,
  allErrors: true,
});
formats.default(ajv);

// Compiled at the first use of each type: a service that handles three types does not pay for thirty.
const lenient = new Map<EventType, ValidateFunction>();
const strict = new Map<EventType, ValidateFunction>();

/** For consumers. Unknown fields pass: a newer producer may have added optional ones within this version. */
export function validate<P>(type: EventType<P>, payload: unknown): Validation<P> {
  return check(
    compiled(lenient, type, () => ajv.compile(type.schema)),
    payload,
  );
}

/** For producers. Unknown fields are refused, so that nothing is published that the schema does not name. */
export function validateStrict<P>(type: EventType<P>, payload: unknown): Validation<P> {
  return check(
    compiled(strict, type, () => ajv.compile(closed(type.schema))),
    payload,
  );
}

function compiled(
  cache: Map<EventType, ValidateFunction>,
  type: EventType,
  compile: () => ValidateFunction,
): ValidateFunction {
  const known = cache.get(type);
  if (known) return known;
  const fresh = compile();
  cache.set(type, fresh);
  return fresh;
}

function check<P>(run: ValidateFunction, payload: unknown): Validation<P> {
  // The schema says P's shape (ObjectSchema<P> ties the two), so a payload that passes it is a P.
  if (run(payload)) return { ok: true, payload: payload as P };
  const problems = (run.errors ?? []).map((error) => {
    const facts =
      'additionalProperty' in error.params ? ` (${String(error.params.additionalProperty)})` : '';
    return `${error.instancePath || '/'} ${error.message ?? error.keyword}${facts}`;
  });
  return { ok: false, problems };
}
