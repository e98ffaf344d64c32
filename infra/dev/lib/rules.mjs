/**
 * Rules from a file into the tables of the service that keeps them: validated as a whole, written as a whole. A version that is
 * there already stays as it is; a change is a new version, because tenders keep the one they were published under.
 */
import { isDeepStrictEqual } from 'node:util';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { Stop } from './log.mjs';
import { addSteps, inOrder, stepProblems, stepsOf } from './procedure-steps.mjs';

const text = { type: 'string', minLength: 1, maxLength: 500 };
const code = { type: 'string', pattern: '^[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*$', maxLength: 64 };
const street = { type: ['string', 'null'], pattern: '^\\d{9}$' };
const count = { type: 'integer', minimum: 0, maximum: 10_000 };
const version = { type: 'integer', minimum: 1 };
const date = { type: 'string', format: 'date' };
const share = { type: ['integer', 'null'], minimum: 0, maximum: 10_000 };
const object = (properties, optional = []) => ({
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => !optional.includes(name)),
  additionalProperties: false,
});
const each = (names, schema) => Object.fromEntries(names.map((name) => [name, schema]));

const TERMS = object(
  {
    ...each(
      [
        ...['minimumBidders', 'minimumRemaining', 'fileWorkingDays', 'bidDays'],
        ...['clarificationDays', 'outlierShare', 'reportWorkingDays'],
      ],
      count,
    ),
    finalOffers: object({ least: count, leastMinutes: count, latestDays: count, article: text }),
    versions: object({ most: count, article: text }),
    priceWeight: object({ least: count, most: share }),
    committee: object({
      ...{ least: count, odd: { type: 'boolean' }, largerLeast: count, article: text },
      ...{ answerHours: count, absentHours: count, absentArticle: text },
      experts: { type: 'array', items: version, minItems: 2, maxItems: 2 },
      largerFromFen: { type: ['string', 'null'], pattern: '^\\d{1,15}$' },
    }),
    tieBreak: { type: 'array', items: { enum: ['lowerPrice', 'technical', 'draw'] }, minItems: 1 },
    abnormallyLow: object({
      ...each(['meanShare', 'secondLowestShare', 'limitShare', 'mostShare'], share),
      ...{ explainMinutes: count, article: text },
    }),
    award: object({
      ...each(['chooseWorkingDays', 'noticeWorkingDays', 'standStillWorkingDays'], count),
      answerDays: count,
      articles: object(each(['choose', 'notice', 'standStill', 'answer'], text)),
    }),
    contract: object({ usualMonths: version, mostMonths: version, article: text }),
    challenge: object({
      ...each(['inquiryAnswerWorkingDays', 'challengeWorkingDays', 'answerWorkingDays'], count),
      ...each(['complaintWorkingDays', 'decisionWorkingDays', 'noticeDays'], count),
      articles: object(
        each(['inquiry', 'challenge', 'answer', 'complaint', 'decision', 'notice'], text),
      ),
    }),
    articles: object(
      each(
        [
          ...['minimumBidders', 'fileWorkingDays', 'bidDays', 'clarificationDays', 'priceWeight'],
          ...['ceiling', 'scoring', 'late', 'opening', 'qualification', 'sheets', 'recheck'],
          'fixedPrice',
        ],
        text,
      ),
      ['fixedPrice'],
    ),
  },
  ['minimumRemaining', 'finalOffers', 'versions'],
);
/** A version that says none has those of the common version. */
const STEPS = {
  type: 'array',
  minItems: 1,
  items: object({
    ...each(['fromState', 'toState'], text),
    clock: { type: ['string', 'null'] },
    conditions: { type: 'array', items: text },
    article: { ...text, type: ['string', 'null'] },
  }),
};
const NAMED = { inForceFrom: date, titleZh: text, titleEn: text };
const REASON = object({ code, version, article: text, ...NAMED });

/**
 * What a file may hold: each list with its table, what a row is known by, and what a row says. They are services/tenders'
 * where no other service is named.
 */
const LISTS = {
  procedures: {
    table: 'procedure',
    key: ['method', 'street'],
    row: object(
      {
        method: {
          enum: ['openTendering', 'competitiveConsultation', 'singleSource', 'belowThreshold'],
        },
        ...{ street, version, article: text, terms: TERMS, steps: STEPS, ...NAMED },
      },
      ['steps'],
    ),
  },
  procurementThresholds: {
    table: 'procurement_threshold',
    key: ['fiscalYear', 'code', 'street'],
    row: object(
      {
        fiscalYear: { type: 'integer', minimum: 2000, maximum: 2100 },
        code: { enum: ['procurementLimit', 'tenderThreshold'] },
        amountFen: { type: 'integer', minimum: 1, maximum: 100_000_000_000_000 },
        ...{ street, version, article: text, togetherArticle: text, ...NAMED },
      },
      ['togetherArticle'],
    ),
  },
  contractLimits: {
    service: 'contracts',
    table: 'contract_limit',
    key: ['code', 'street'],
    row: object({
      code: { enum: ['mostMonths', 'usualMonths', 'directFen'] },
      amount: { type: 'integer', minimum: 1, maximum: 100_000_000_000_000 },
      ...{ street, version, article: text, ...NAMED },
    }),
  },
  serviceCategories: {
    table: 'service_category',
    key: ['code'],
    row: object({ code, street, ...NAMED }),
  },
  scoringFactors: {
    table: 'scoring_factor',
    key: ['code'],
    row: object({ code, version, allowed: { type: 'boolean' }, article: text, ...NAMED }),
  },
  nonconformityReasons: { table: 'nonconformity_reason', key: ['code'], row: REASON },
  disqualificationReasons: { table: 'disqualification_reason', key: ['code'], row: REASON },
  failingReasons: { table: 'failing_reason', key: ['code'], row: REASON },
};

const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
addFormats(ajv);
const isDocument = ajv.compile({
  type: 'object',
  properties: Object.fromEntries(
    Object.entries(LISTS).map(([name, { row }]) => [name, { type: 'array', items: row }]),
  ),
  additionalProperties: false,
  minProperties: 1,
});

/** Where it is, what is wrong there, and what it is that is wrong. */
function problemOf({ instancePath, keyword, message, params }) {
  const where = instancePath || '/';
  if (keyword === 'additionalProperties') {
    const known = instancePath === '' ? `: ${Object.keys(LISTS).join(', ')}` : '';
    return (
      `${where} 没有名为 ${params.additionalProperty} 的内容` +
      ` knows no "${params.additionalProperty}"${known}`
    );
  }
  if (keyword === 'enum') return `${where} ${message}: ${params.allowedValues.join(', ')}`;
  return `${where} ${message}`;
}

const column = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Whose database the lists of a document go into. Throws Stop where they are of more than one service. */
export function serviceOf(document) {
  const services = new Set(
    Object.keys(document ?? {}).map((name) => LISTS[name]?.service ?? 'tenders'),
  );
  if (services.size > 1)
    throw new Stop(
      `一个文件只能录入一个服务的规则。 One file is for one service, not for ${[...services].join(' and ')}.`,
    );
  return [...services][0] ?? 'tenders';
}

/**
 * Loads what the document says, in one transaction, and answers a line for each row. Throws Stop where the document is
 * not valid, or says something else of a version that is there.
 */
export async function loadRules(client, document) {
  if (!isDocument(document))
    throw new Stop(
      `文件内容有误，未录入任何规则。 The file is not valid; no rule was entered.\n` +
        isDocument.errors.map(problemOf).join('\n'),
    );
  await client.query('begin');
  try {
    const lines = [];
    for (const [name, rows] of Object.entries(document))
      for (const row of rows) lines.push(await loadRow(client, name, row));
    await client.query('commit');
    return lines;
  } catch (error) {
    await client.query('rollback');
    throw error;
  }
}

async function loadRow(client, name, { steps, ...row }) {
  const { table, key } = LISTS[name];
  const label = `${name} ${[...key, 'version'].flatMap((part) => row[part] ?? []).join(' ')}`;
  const { rows: known } = await client.query(
    `select to_jsonb(each) as row from ${table} each where ${key
      .map((part, at) => `${column(part)} is not distinct from $${at + 1}`)
      .join(' and ')}`,
    key.map((part) => row[part]),
  );
  const same = known.find(({ row: { version = null } }) => version === (row.version ?? null));
  if (same) {
    const differs = Object.keys(row).filter(
      (part) => !isDeepStrictEqual(same.row[column(part)], row[part]),
    );
    if (steps && !isDeepStrictEqual(inOrder(await stepsOf(client, row)), inOrder(steps)))
      differs.push('steps');
    if (differs.length > 0)
      throw new Stop(
        `${label} is there and says something else of ${differs.join(', ')}: what changes is a new version.`,
      );
    return `unchanged  ${label}`;
  }
  const later = known.find(
    ({ row: { version, in_force_from: from } }) =>
      version > row.version || (version < row.version && from > row.inForceFrom),
  );
  if (later)
    throw new Stop(
      `${label} would come before version ${later.row.version}, in force from ${later.row.in_force_from}.`,
    );
  const problems = steps ? await stepProblems(client, row, steps) : [];
  if (problems.length > 0) throw new Stop(problems.map((each) => `${label}: ${each}`).join('\n'));
  const names = Object.keys(row);
  await client.query(
    `insert into ${table} (${names.map(column).join(', ')})
     values (${names.map((_, at) => `$${at + 1}`).join(', ')})`,
    names.map((part) => (part === 'terms' ? JSON.stringify(row[part]) : row[part])),
  );
  if (steps) await addSteps(client, row, steps);
  return `added      ${label}, in force from ${row.inForceFrom}`;
}
