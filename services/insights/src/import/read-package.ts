import { type Check, RELEASE, type Shape, TAGS } from './release-shape.js';
import type { RowProblem, RowProblemCode } from './row-problem.js';

export interface ReadRelease {
  /** Where in the package it stands. */
  path: string;
  ocid: string;
  releaseId: string;
  tags: string[];
  releasedAt: Date;
  release: Record<string, unknown>;
}

export interface ReadPackage {
  publisher: string;
  releases: ReadRelease[];
}

type Say = (path: string, code: RowProblemCode) => void;
interface Row {
  path: string;
  row: unknown;
  /** What the record it stands in says; null in a release package. */
  ocid: unknown;
}

const MOST_PROBLEMS = 100;
const LONGEST_ID = 200;
const LONGEST_NAME = 500;
const DEEPEST = 50;
/** The prefix may be written in capitals, as some offices do. */
const OCID = /^ocds-[a-z0-9]{6}-?.+/i;
const INSTANT =
  /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-4]):[0-5]\d)$/;
/** A null character, or half of a pair. */
const NO_TEXT = /\0|\p{Surrogate}/u;
const EARLIEST_YEAR = 1900;
const CURRENCIES: ReadonlySet<unknown> = new Set(Intl.supportedValuesOf('currency'));
/** What names people, at any depth: history is about processes. */
const OF_PEOPLE: ReadonlySet<string> = new Set([
  ...['contactPoint', 'additionalContactPoints', 'signatories', 'persones', 'beneficialOwners'],
  '__proto__',
]);

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '';
const isId = (value: unknown): boolean => isText(value) || Number.isSafeInteger(value);

/**
 * Reads a release package or a record package of OCDS 1.1: all releases, or everything that is wrong, row by row (at
 * most 100). What names people is left out. Pure.
 */
export function readPackage(
  text: string,
  ownPrefix: string,
): { read: ReadPackage } | { problems: RowProblem[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { problems: [{ path: '', code: 'notJson' }] };
  }
  if (!isObject(value)) return { problems: [{ path: '', code: 'notJson' }] };
  const problems: RowProblem[] = [];
  const say: Say = (path, code) => {
    if (problems.length < MOST_PROBLEMS) problems.push({ path, code });
  };
  scan(value, '', 0, say);
  if (problems.length > 0) return { problems };
  const publisher = checkPackage(value, say);
  const rows = rowsOf(value, say);
  const seen = new Set<string>();
  const releases = rows.map((each) => {
    const { path, row } = each;
    checkRelease(each, ownPrefix, say);
    const key = isObject(row) ? `${String(row.ocid)} ${String(row.id)}` : path;
    if (seen.has(key)) say(`${path}.id`, 'repeated');
    seen.add(key);
    return each;
  });
  if (problems.length > 0) return { problems };
  return { read: { publisher, releases: releases.map(readRelease) } };
}

/** Text that no database holds (a null character, half of a pair), and what is nested beyond reason. */
function scan(value: unknown, path: string, depth: number, say: Say): void {
  if (typeof value === 'string') {
    if (NO_TEXT.test(value)) say(path, 'notText');
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (depth > DEEPEST) return say(path, 'tooDeep');
  if (Array.isArray(value))
    return value.forEach((each: unknown, at) => {
      scan(each, `${path}[${at}]`, depth + 1, say);
    });
  for (const [name, each] of Object.entries(value)) {
    const below = path ? `${path}.${name}` : name;
    // A name that is no text cannot be said either.
    if (NO_TEXT.test(name)) say(path, 'notText');
    else scan(each, below, depth + 1, say);
  }
}

/** What stands about the package itself; answers who published it. */
function checkPackage(value: Record<string, unknown>, say: Say): string {
  const { uri, version, publishedDate } = value;
  if (!isText(uri)) say('uri', 'missing');
  if (version === undefined) say('version', 'missing');
  else if (version !== '1.1') say('version', 'notAVersion');
  if (publishedDate === undefined) say('publishedDate', 'missing');
  else if (!isInstant(publishedDate)) say('publishedDate', 'notADate');
  const publisher = isObject(value.publisher) ? value.publisher.name : undefined;
  if (!isText(publisher)) say('publisher.name', 'missing');
  else if (publisher.length > LONGEST_NAME) say('publisher.name', 'tooLong');
  return isText(publisher) ? publisher : '';
}

/** The releases of a release package, or of every record of a record package. */
function rowsOf(value: Record<string, unknown>, say: Say): Row[] {
  const list = (each: unknown, path: string, ocid: unknown): Row[] => {
    if (!Array.isArray(each) || each.length === 0) {
      say(path, 'empty');
      return [];
    }
    return each.map((row: unknown, at) => ({ path: `${path}[${at}]`, row, ocid }));
  };
  if (value.records === undefined) return list(value.releases, 'releases', null);
  return list(value.records, 'records', null).flatMap(({ path, row }) =>
    isObject(row) ? list(row.releases, `${path}.releases`, row.ocid) : list(null, path, null),
  );
}

function checkRelease({ path, row, ocid }: Row, ownPrefix: string, say: Say): void {
  if (!isObject(row)) return say(path, 'missing');
  if (row.ocid === undefined && isText(row.url)) return say(path, 'linked');
  if (!isText(row.ocid) || !OCID.test(row.ocid)) say(`${path}.ocid`, 'notAnOcid');
  else if (row.ocid.length > LONGEST_ID) say(`${path}.ocid`, 'tooLong');
  else if (row.ocid.toLowerCase().startsWith(`ocds-${ownPrefix}-`)) say(`${path}.ocid`, 'ours');
  else if (ocid !== null && ocid !== row.ocid) say(`${path}.ocid`, 'otherOcid');
  checkValue(row.id, 'id', `${path}.id`, say);
  if (!isInstant(row.date)) say(`${path}.date`, 'notADate');
  const tags = row.tag;
  if (!Array.isArray(tags) || tags.length === 0) say(`${path}.tag`, 'missing');
  else if (!tags.every((each) => TAGS.has(each))) say(`${path}.tag`, 'notACode');
  if (row.initiationType !== 'tender') say(`${path}.initiationType`, 'notACode');
  checkObject(row, RELEASE, path, say);
}

/** Every field that the shape names; what it does not name is not looked at. */
function checkObject(value: Record<string, unknown>, shape: Shape, path: string, say: Say): void {
  for (const [name, wanted] of Object.entries(shape))
    checkField(value[name], wanted, `${path}.${name}`, say);
}

function checkField(value: unknown, wanted: Shape[string], path: string, say: Say): void {
  if (typeof wanted === 'string' || wanted instanceof Set)
    return checkValue(value, wanted as Check, path, say);
  if (value === undefined || value === null) return;
  if (!Array.isArray(wanted)) {
    if (!isObject(value)) return say(path, 'notAnObject');
    return checkObject(value, wanted as Shape, path, say);
  }
  if (!Array.isArray(value)) return say(path, 'notAList');
  value.forEach((each: unknown, at) => {
    if (isObject(each)) checkObject(each, (wanted as readonly [Shape])[0], `${path}[${at}]`, say);
    else say(`${path}[${at}]`, 'notAnObject');
  });
}

function checkValue(value: unknown, wanted: Check, path: string, say: Say): void {
  if (wanted === 'id') {
    if (!isId(value)) say(path, 'missing');
    else if (String(value).length > LONGEST_ID) say(path, 'tooLong');
    return;
  }
  // Null is "nothing" in OCDS, like a field that is not there.
  if (value === undefined || value === null) return;
  if (wanted === 'date') {
    if (!isInstant(value)) say(path, 'notADate');
  } else if (wanted === 'number') {
    if (!Number.isFinite(value)) say(path, 'notANumber');
  } else if (!(wanted === 'currency' ? CURRENCIES : wanted).has(value)) say(path, 'notACode');
}

/** An instant with its offset, on a day that there is, of an office that can have been there. */
function isInstant(value: unknown): boolean {
  const found = typeof value === 'string' ? INSTANT.exec(value) : null;
  if (!found) return false;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  if (year < EARLIEST_YEAR) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function readRelease({ path, row }: Row): ReadRelease {
  // checkRelease has looked at all of it.
  const release = row as Record<string, unknown>;
  return {
    path,
    ocid: String(release.ocid),
    releaseId: String(release.id),
    tags: (release.tag as unknown[]).map(String),
    releasedAt: new Date(String(release.date)),
    release: withoutPeople(release) as Record<string, unknown>,
  };
}

function withoutPeople(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPeople);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !OF_PEOPLE.has(name))
      .map(([name, each]) => [name, withoutPeople(each)]),
  );
}
