/**
 * What a scalar makes of text it cannot read. It is handed on as a value, so that the mutation can
 * answer with the typed refusal `InvalidInput` that names the field, instead of a bare syntax error.
 */
export class Malformed {
  constructor(
    readonly problem: InputProblem,
    readonly given: string,
  ) {}
}

export const INPUT_PROBLEMS = [
  'NOT_AN_ID',
  'NOT_AN_AMOUNT',
  'FRACTION_OF_A_FEN',
  'NEGATIVE_AMOUNT',
  'AMOUNT_TOO_LARGE',
  'NOT_A_DATE',
  'NOT_AN_INSTANT',
  'OUT_OF_RANGE',
  'EMPTY',
  'TOO_LONG',
  'NOT_PLAIN_TEXT',
  'NOT_ONE_LINE',
  'NOT_JSON',
  'REPEATED',
  'MISSING',
  'NOT_EXPECTED',
  'UNKNOWN',
  'IN_THE_FUTURE',
  'IN_THE_PAST',
  'ZERO',
  'WRONG_ORDER',
] as const;
export type InputProblem = (typeof INPUT_PROBLEMS)[number];

/** Longest free text that a client may send in one field, in characters. */
export const MAX_TEXT = 4_000;

/**
 * A text that only its own parser reads, such as a sealed envelope: a scalar hands it on in this wrapping, and
 * the rules for what people type (length, plain text) are not asked.
 */
export class OpaqueText {
  constructor(readonly text: string) {}

  /** As it counts for idempotency: the whole text. */
  toJSON(): string {
    return this.text;
  }
}

/** The first thing in an input that cannot be right whatever the rules say, with its path. */
export function findMalformed(value: unknown, path = 'input'): [string, Malformed] | undefined {
  if (value instanceof Malformed) return [path, value];
  if (typeof value === 'string') return checkText(value, path);
  if (value instanceof Date || value instanceof OpaqueText) return undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, inner] of Object.entries(value)) {
    const found = findMalformed(
      inner,
      Array.isArray(value) ? `${path}[${name}]` : `${path}.${name}`,
    );
    if (found) return found;
  }
  return undefined;
}

const ID = /^[a-z]{3}_[0-9a-f]{32}$/;
/** Control characters (a NUL breaks PostgreSQL) and halves of surrogate pairs, turned writing; tab and line ends are text. */
const NOT_TEXT = /[^\P{Cc}\t\n\r]|\p{Cs}|[\u202A-\u202E\u2066-\u2069]/u;
/** Nothing of it is to be seen: spaces, and signs without width. */
const INVISIBLE = /^[\s\p{Z}\p{Cf}\u115F\u1160\u2800\u3164\uFFA0]+$/u;
/** What stands in lists and headings: the published title of something, the name of someone. */
const ONE_LINE = /(^|\.|[a-z])([tT]itle|[nN]ame)$/;
const MAX_KEY = 200;

function checkText(text: string, path: string): [string, Malformed] | undefined {
  const because = (problem: InputProblem): [string, Malformed] => [
    path,
    new Malformed(problem, problem === 'NOT_PLAIN_TEXT' ? '' : text.slice(0, 80)),
  ];
  if (NOT_TEXT.test(text)) return because('NOT_PLAIN_TEXT');
  if (INVISIBLE.test(text)) return because('EMPTY');
  if (ONE_LINE.test(path) && /[\t\n\r\u2028\u2029]/.test(text)) return because('NOT_ONE_LINE');
  if (/(^|\.)id$|Ids?(\[\d+\])?$/.test(path) && !ID.test(text)) return because('NOT_AN_ID');
  const isKey = path.endsWith('.idempotencyKey');
  if (isKey && text === '') return because('EMPTY');
  return text.length > (isKey ? MAX_KEY : MAX_TEXT) ? because('TOO_LONG') : undefined;
}
