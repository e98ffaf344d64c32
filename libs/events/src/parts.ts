import type { JsonSchema, ObjectSchema } from './json-schema.js';

/**
 * The words event schemas are written in. Every text here is an id, a code, a number in digits or a date:
 * a field that holds prose cannot be spelled with these parts, except `publishedText`, which the
 * personal-data guard lets pass only for the fields it lists.
 */

/** An object whose fields are all required, except those named in `optional`. */
export function object<P>(
  properties: ObjectSchema<P>['properties'],
  options: { optional?: readonly (keyof P & string)[]; description?: string } = {},
): ObjectSchema<P> {
  const optional = new Set<string>(options.optional);
  const names = Object.keys(properties) as (keyof P & string)[];
  return {
    type: 'object',
    ...(options.description ? { description: options.description } : {}),
    properties,
    required: names.filter((name) => !optional.has(name)),
  };
}

export function list(
  items: JsonSchema,
  description: string,
  options: { minItems?: number; uniqueItems?: boolean } = {},
): JsonSchema {
  return { type: 'array', description, items, ...options };
}

/** `<prefix>_` and 32 hexadecimal digits (a UUIDv7 without dashes; sorting by it sorts by time of making). */
export function id(prefix: string, description: string): JsonSchema {
  return { type: 'string', pattern: `^${prefix}_[0-9a-f]{32}$`, description };
}

/** An id of any kind: where the kind follows from another field. */
export function anyId(description: string): JsonSchema {
  return { type: 'string', pattern: '^[a-z]{3,5}_[0-9a-f]{32}$', description };
}

/** The same schema, or null. Null is written out; a missing field is never the way to say "none". */
export function nullable(schema: JsonSchema): JsonSchema {
  const { type, enum: values, ...rest } = schema;
  if (typeof type !== 'string') throw new TypeError('nullable() takes a schema with one type');
  return { ...rest, type: [type, 'null'], ...(values ? { enum: [...values, null] } : {}) };
}

const AT_MOST_10_TO_14 = '[1-9][0-9]{0,13}|100000000000000';

/** Money: whole fen (1/100 CNY) as decimal digits in a string, 0 … 10^14. Never a JSON number. */
export function fen(description: string): JsonSchema {
  return {
    type: 'string',
    pattern: `^(0|${AT_MOST_10_TO_14})$`,
    description: `${description} Fen.`,
  };
}

/** Money that may be negative: a difference to what was posted before. */
export function signedFen(description: string): JsonSchema {
  return {
    type: 'string',
    pattern: `^(0|-?(${AT_MOST_10_TO_14}))$`,
    description: `${description} Fen, may be negative.`,
  };
}

/** A share or a score: 0–10000, where 10000 is 100 % or 100.00 points. */
export function basisPoints(description: string): JsonSchema {
  return {
    type: 'integer',
    minimum: 0,
    maximum: 10_000,
    description: `${description} Basis points, 0–10000.`,
  };
}

export function count(description: string, minimum = 1): JsonSchema {
  return { type: 'integer', minimum, maximum: 1_000_000, description };
}

export function flag(description: string): JsonSchema {
  return { type: 'boolean', description };
}

/** An instant: RFC 3339 with offset. */
export function instant(description: string): JsonSchema {
  return { type: 'string', format: 'date-time', description: `${description} RFC 3339.` };
}

/** A civil date in Shanghai, `YYYY-MM-DD`. */
export function civilDate(description: string): JsonSchema {
  return { type: 'string', format: 'date', description: `${description} Date in Asia/Shanghai.` };
}

/** One of a closed set: no value is ever added to it within a version. */
export function oneOf(values: readonly string[], description: string): JsonSchema {
  return { type: 'string', enum: [...values], description };
}

/** A word from an open vocabulary: readers must expect values that are not among the examples. */
export function word(examples: readonly string[], description: string): JsonSchema {
  return {
    type: 'string',
    pattern: '^[a-z][A-Za-z0-9]{0,39}$',
    description: `${description} Open vocabulary: expect further words.`,
    examples: [...examples],
  };
}

/** A code that a contract or a catalogue gives to its own parts, such as `hotline-response`. */
export function code(description: string): JsonSchema {
  return { type: 'string', pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', maxLength: 64, description };
}

/** 统一社会信用代码: 18 digits and capital letters without I O S V Z (GB 32100-2015). */
export function creditCode(description: string): JsonSchema {
  return { type: 'string', pattern: '^[0-9A-HJ-NPQRTUWXY]{18}$', description };
}

/** sha256 over RFC 8785 canonical JSON, in lower-case hexadecimal. */
export function sha256(description: string): JsonSchema {
  return { type: 'string', pattern: '^sha256:[0-9a-f]{64}$', description };
}

/** A text that the office itself publishes: the public name of an organisation, a contract's title, a grade's label. */
export function publishedText(description: string, maxLength = 200): JsonSchema {
  return { type: 'string', minLength: 1, maxLength, description };
}
