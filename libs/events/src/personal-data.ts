import { walkSchema, type JsonSchema } from './json-schema.js';

/**
 * Events are kept for ever and read by people outside the office, so they never carry the name, number, phone
 * or address of a natural person, nor text typed by or about one (个人信息保护法 arts. 6 and 47: collect the least,
 * and be able to erase). Two guards, both at the moment an event type is defined: a field may not be *called*
 * like personal data, and a text may not be *shaped* so that prose would fit into it.
 */
const PUBLISHED_TEXTS: ReadonlySet<string> = new Set([
  'organisation.registered /name',
  'procurementPlan.approved /title',
  'tender.published /title',
  'tender.published /lots/[]/title',
  'tender.published /criteria/[]/title',
  'tender.awarded /title',
  'tender.awarded /obligations/[]/title',
  'tender.awarded /obligations/[]/metric',
  'tender.awarded /rule/bands/[]/grade',
  'contract.signed /title',
  'contract.signed /rule/bands/[]/grade',
]);

const PERSONAL_WORDS = new Set([
  ...['name', 'fullname', 'realname', 'surname', 'nickname', 'alias', 'display', 'label', 'title'],
  ...['phone', 'mobile', 'tel', 'telephone', 'fax', 'email', 'mail', 'wechat', 'qq', 'openid'],
  ...['address', 'addr', 'room', 'building', 'lane', 'location', 'latitude', 'longitude', 'geo'],
  ...['idnumber', 'idcard', 'passport', 'ssn', 'identity', 'birth', 'birthday', 'birthdate', 'age'],
  ...['gender', 'sex', 'ethnicity', 'religion', 'health', 'diagnosis', 'disability', 'photo'],
  ...['avatar', 'face', 'voice', 'image', 'ip', 'device', 'bank', 'iban', 'card', 'plate'],
  ...['remark', 'remarks', 'note', 'notes', 'comment', 'comments', 'text', 'description', 'detail'],
  ...['details', 'message', 'content', 'body', 'reason', 'opinion', 'statement', 'summary'],
  ...['explanation', 'feedback', 'transcript', 'memo', 'subject'],
]);

/** Joined words that only together name personal data: `idNumber`, `dateOfBirth`, `contactPerson`. */
const PERSONAL_PHRASES =
  /id(entity)?(number|card|no)$|birth|contact(person|name)|personname|freetext/;

const wordsOf = (fieldName: string): string[] =>
  fieldName
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);

function looksPersonal(fieldName: string): boolean {
  const words = wordsOf(fieldName);
  const last = words.at(-1) ?? '';
  // `reasonCode` and `nameHash` end in a word that says they are no prose; the shape guard still looks at them.
  if (['code', 'id', 'ids', 'hash', 'count'].includes(last))
    return PERSONAL_PHRASES.test(words.join(''));
  return words.some((each) => PERSONAL_WORDS.has(each)) || PERSONAL_PHRASES.test(words.join(''));
}

const takesText = (schema: JsonSchema): boolean =>
  schema.type === 'string' || (Array.isArray(schema.type) && schema.type.includes('string'));

const isBound = (schema: JsonSchema): boolean =>
  schema.enum !== undefined ||
  schema.const !== undefined ||
  schema.format !== undefined ||
  (schema.pattern !== undefined && schema.pattern.startsWith('^') && schema.pattern.endsWith('$'));

/**
 * What in this schema could carry personal data, as sentences; empty when nothing could.
 *
 * @param name the event's name, for the list of published texts
 */
export function personalDataProblems(name: string, schema: JsonSchema): string[] {
  const problems: string[] = [];
  walkSchema(schema, (each, path, fieldName) => {
    if (PUBLISHED_TEXTS.has(`${name} ${path}`)) return;
    if (fieldName !== null && looksPersonal(fieldName) && !path.endsWith('[]')) {
      problems.push(`${name} ${path}: "${fieldName}" is called like personal data or free text`);
    }
    if (takesText(each) && !isBound(each)) {
      problems.push(
        `${name} ${path}: a text without pattern, format or list of values takes any prose`,
      );
    }
    if (each.additionalProperties === true || (each.type === 'object' && !each.properties)) {
      problems.push(`${name} ${path}: an object without named fields takes anything`);
    }
  });
  return problems;
}
