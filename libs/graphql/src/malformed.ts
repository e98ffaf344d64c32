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
] as const;
export type InputProblem = (typeof INPUT_PROBLEMS)[number];

/** Longest free text that a client may send in one field, in characters. */
export const MAX_TEXT = 4_000;

/** The first thing in an input that cannot be right whatever the rules say, with its path. */
export function findMalformed(value: unknown, path = 'input'): [string, Malformed] | undefined {
  if (value instanceof Malformed) return [path, value];
  if (typeof value === 'string') return checkText(value, path);
  if (value instanceof Date || typeof value !== 'object' || value === null) return undefined;
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

function checkText(text: string, path: string): [string, Malformed] | undefined {
  const isId = /(^|\.)id$|Ids?(\[\d+\])?$/.test(path);
  if (isId && !ID.test(text)) return [path, new Malformed('NOT_AN_ID', text.slice(0, 80))];
  if (text.length > MAX_TEXT) return [path, new Malformed('TOO_LONG', text.slice(0, 80))];
  return undefined;
}
