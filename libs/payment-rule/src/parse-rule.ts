import { problem, type RuleProblem } from './problems.js';
import type { Band, BreachDeduction, Charge, Gate, PaymentRule } from './rule.js';

/** The rule, or everything that keeps the JSON from being one. */
export type ParsedRule = { ok: true; rule: PaymentRule } | { ok: false; problems: RuleProblem[] };

/**
 * A rule from JSON: every field of the right type, none missing, none unknown (a misspelt `carryexcess`
 * must not become a rule that carries nothing). Whether the rule may be signed is for `validateRule`.
 */
export function parseRule(json: unknown): ParsedRule {
  const reader = new Reader();
  const rule = readRule(reader, json);
  return reader.problems.length === 0
    ? { ok: true, rule }
    : { ok: false, problems: reader.problems };
}

function readRule(reader: Reader, json: unknown): PaymentRule {
  const fields = reader.object('', json, [
    'version',
    'bands',
    'failBelow',
    'gates',
    'breachDeductions',
    'retention',
    'rectificationDays',
    'carryExcess',
  ]);
  return {
    version: reader.integer('version', fields['version']),
    bands: reader.list('bands', fields['bands'], (path, item) => readBand(reader, path, item)),
    failBelow: reader.integer('failBelow', fields['failBelow']),
    gates: reader.list('gates', fields['gates'], (path, item) => readGate(reader, path, item)),
    breachDeductions: reader.list('breachDeductions', fields['breachDeductions'], (path, item) =>
      readDeduction(reader, path, item),
    ),
    retention: reader.integer('retention', fields['retention']),
    rectificationDays: reader.integer('rectificationDays', fields['rectificationDays']),
    carryExcess: reader.boolean('carryExcess', fields['carryExcess']),
  };
}

function readBand(reader: Reader, path: string, json: unknown): Band {
  const fields = reader.object(path, json, ['fromScore', 'payShare', 'grade'], ['interpolate']);
  const band: Band = {
    fromScore: reader.integer(`${path}.fromScore`, fields['fromScore']),
    payShare: reader.integer(`${path}.payShare`, fields['payShare']),
    grade: reader.text(`${path}.grade`, fields['grade']),
  };
  if (fields['interpolate'] !== undefined) {
    band.interpolate = reader.boolean(`${path}.interpolate`, fields['interpolate']);
  }
  return band;
}

function readGate(reader: Reader, path: string, json: unknown): Gate {
  const fields = reader.object(path, json, ['obligation', 'capShare', 'appliesTo']);
  return {
    obligation: reader.text(`${path}.obligation`, fields['obligation']),
    capShare: reader.integer(`${path}.capShare`, fields['capShare']),
    appliesTo: reader.list(`${path}.appliesTo`, fields['appliesTo'], (at, item) =>
      reader.integer(at, item),
    ),
  };
}

function readDeduction(reader: Reader, path: string, json: unknown): BreachDeduction {
  const fields = reader.object(path, json, ['obligation', 'per'], ['cap']);
  const deduction: BreachDeduction = {
    obligation: reader.text(`${path}.obligation`, fields['obligation']),
    per: readCharge(reader, `${path}.per`, fields['per']),
  };
  if (fields['cap'] !== undefined) deduction.cap = readCharge(reader, `${path}.cap`, fields['cap']);
  return deduction;
}

/** Exactly one of `fen` and `share`. */
function readCharge(reader: Reader, path: string, json: unknown): Charge {
  if (typeof json === 'object' && json !== null && 'share' in json) {
    return {
      share: reader.integer(`${path}.share`, reader.object(path, json, ['share'])['share']),
    };
  }
  return { fen: reader.fen(`${path}.fen`, reader.object(path, json, ['fen'])['fen']) };
}

type Fields = Record<string, unknown>;

/** Reads values of a type at a path; what does not fit is noted and replaced by something harmless. */
class Reader {
  readonly problems: RuleProblem[] = [];

  object(path: string, json: unknown, required: string[], optional: string[] = []): Fields {
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      // Its fields are not reported one by one: they are missing because the whole is not there.
      this.note(path, json, 'object');
      return new Proxy({}, { get: () => SKIPPED });
    }
    const given = { ...json } as Fields;
    const known = new Set([...required, ...optional]);
    for (const field of Object.keys(given)) {
      if (!known.has(field)) this.problems.push(problem('unknownField', join(path, field)));
    }
    return given;
  }

  list<T>(path: string, json: unknown, read: (path: string, item: unknown) => T): T[] {
    if (Array.isArray(json)) return json.map((item: unknown, at) => read(`${path}[${at}]`, item));
    this.note(path, json, 'array');
    return [];
  }

  integer(path: string, json: unknown): number {
    if (typeof json === 'number' && Number.isSafeInteger(json)) return json;
    this.note(path, json, 'integer');
    return 0;
  }

  boolean(path: string, json: unknown): boolean {
    if (typeof json === 'boolean') return json;
    this.note(path, json, 'boolean');
    return false;
  }

  /** Not blank, and nothing that JSON can spell but a database or a hash cannot take. */
  text(path: string, json: unknown): string {
    const odd = /[\p{Cc}\p{Cs}]/u;
    if (typeof json === 'string' && json.trim() !== '' && !odd.test(json)) return json;
    this.note(path, json, 'text');
    return '';
  }

  /** One spelling per amount, since rules are hashed; the range is for `validateRule`. */
  fen(path: string, json: unknown): string {
    if (typeof json === 'string' && /^(0|-?[1-9][0-9]{0,29})$/.test(json)) return json;
    this.note(path, json, 'decimal string of fen');
    return '0';
  }

  private note(path: string, json: unknown, expected: string): void {
    if (json === SKIPPED) return;
    const code = json === undefined ? 'missing' : 'wrongType';
    this.problems.push(problem(code, path, { expected }));
  }
}

/** Stands for the fields of something that is itself missing or wrong. */
const SKIPPED = Symbol('skipped');

function join(path: string, field: string): string {
  return path === '' ? field : `${path}.${field}`;
}
