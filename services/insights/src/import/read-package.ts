/** One thing that is wrong with a package, and where. */
export interface RowProblem {
  /** JSON path: releases[3].contracts[0].awardID */
  path: string;
  /** Stable code: missing, notADate, notACode, notAnOcid, repeated, ours, notJson, empty. */
  code: string;
}

export interface ReadRelease {
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

const MOST_PROBLEMS = 100;
const OCID = /^ocds-[a-z0-9]{6}-?.+/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
/** The closed codelist releaseTag of OCDS 1.1.5. */
const TAGS: ReadonlySet<unknown> = new Set([
  ...['planning', 'planningUpdate', 'tender', 'tenderAmendment', 'tenderUpdate'],
  ...['tenderCancellation', 'award', 'awardUpdate', 'awardCancellation', 'contract'],
  ...['contractUpdate', 'contractAmendment', 'implementation', 'implementationUpdate'],
  ...['contractTermination', 'compiled'],
]);
/** What must have an id wherever it stands, besides the release itself. */
const LISTS = ['awards', 'contracts', 'parties'];

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '';
const isId = (value: unknown): boolean => isText(value) || Number.isSafeInteger(value);

/**
 * Reads a release package or a record package of OCDS 1.1: all releases, or everything that is wrong, row by row (at
 * most 100). What names people (contactPoint) is left out: history is about processes. Pure.
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
  const say = (path: string, code: string) => {
    if (problems.length < MOST_PROBLEMS) problems.push({ path, code });
  };
  const publisher = isObject(value.publisher) ? value.publisher.name : undefined;
  if (!isText(publisher)) say('publisher.name', 'missing');
  const rows = rowsOf(value);
  if (rows.length === 0) say('releases', 'empty');
  const seen = new Set<string>();
  const releases = rows.map(({ path, row }) => {
    checkRelease(row, path, ownPrefix, say);
    const key = isObject(row) ? `${String(row.ocid)} ${String(row.id)}` : path;
    if (seen.has(key)) say(`${path}.id`, 'repeated');
    seen.add(key);
    return row;
  });
  if (problems.length > 0) return { problems };
  return {
    read: { publisher: isText(publisher) ? publisher : '', releases: releases.map(readRelease) },
  };
}

/** The releases of a release package, or of every record of a record package. */
function rowsOf(value: Record<string, unknown>): { path: string; row: unknown }[] {
  const list = (each: unknown, path: string) =>
    Array.isArray(each) ? each.map((row: unknown, at) => ({ path: `${path}[${at}]`, row })) : [];
  if (Array.isArray(value.records))
    return value.records.flatMap((record: unknown, at) =>
      list(isObject(record) ? record.releases : null, `records[${at}].releases`),
    );
  return list(value.releases, 'releases');
}

function checkRelease(
  row: unknown,
  path: string,
  ownPrefix: string,
  say: (path: string, code: string) => void,
): void {
  if (!isObject(row)) return say(path, 'missing');
  if (!isText(row.ocid) || !OCID.test(row.ocid)) say(`${path}.ocid`, 'notAnOcid');
  else if (row.ocid.startsWith(`ocds-${ownPrefix}-`)) say(`${path}.ocid`, 'ours');
  if (!isId(row.id)) say(`${path}.id`, 'missing');
  if (!isInstant(row.date)) say(`${path}.date`, 'notADate');
  const tags = row.tag;
  if (!Array.isArray(tags) || tags.length === 0) say(`${path}.tag`, 'missing');
  else if (!tags.every((each) => TAGS.has(each))) say(`${path}.tag`, 'notACode');
  if (row.initiationType !== 'tender') say(`${path}.initiationType`, 'notACode');
  if (row.tender !== undefined && !(isObject(row.tender) && isId(row.tender.id)))
    say(`${path}.tender.id`, 'missing');
  for (const name of LISTS) {
    const list = row[name];
    if (list === undefined) continue;
    if (!Array.isArray(list)) {
      say(`${path}.${name}`, 'missing');
      continue;
    }
    list.forEach((each: unknown, at) => {
      if (!isObject(each) || !isId(each.id)) say(`${path}.${name}[${at}].id`, 'missing');
      if (name === 'contracts' && !(isObject(each) && isId(each.awardID)))
        say(`${path}.${name}[${at}].awardID`, 'missing');
    });
  }
}

const isInstant = (value: unknown): boolean =>
  typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));

function readRelease(row: unknown): ReadRelease {
  // checkRelease has looked at all of it.
  const release = row as Record<string, unknown>;
  return {
    ocid: String(release.ocid),
    releaseId: String(release.id),
    tags: (release.tag as unknown[]).map(String),
    releasedAt: new Date(String(release.date)),
    release: withoutPeople(release) as Record<string, unknown>,
  };
}

/** Everything but `contactPoint`, at any depth. */
function withoutPeople(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPeople);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== 'contactPoint' && name !== '__proto__')
      .map(([name, each]) => [name, withoutPeople(each)]),
  );
}
