import type { Release } from './releases.js';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const hasId = (value: unknown): value is Json & { id: string | number } =>
  isObject(value) && (typeof value.id === 'string' || typeof value.id === 'number');

/**
 * The releases of one process as they stand together, by the merge rule of OCDS 1.1: an object field by field, a list of
 * things with ids thing by thing, every other list and value by what was said last. Pure; oldest first.
 */
export function compiledRelease(releases: readonly Release[]): Json | null {
  const last = releases.at(-1);
  if (!last) return null;
  const merged = releases.reduce<Json>((sum, release) => {
    const { id: _id, date: _date, tag: _tag, ...content } = release;
    return mergeObject(sum, content);
  }, {});
  const { ocid, ...content } = merged;
  return {
    ...{ ocid, id: `${last.ocid}-${last.date}`, date: last.date, tag: ['compiled'] },
    ...content,
  };
}

function mergeObject(old: Json, news: Json): Json {
  const merged = { ...old };
  for (const [name, value] of Object.entries(news)) merged[name] = merge(merged[name], value);
  return merged;
}

function merge(old: unknown, news: unknown): unknown {
  if (isObject(news)) return mergeObject(isObject(old) ? old : {}, news);
  if (!Array.isArray(news) || !news.every(hasId)) return news;
  const merged = Array.isArray(old) && old.every(hasId) ? [...old] : [];
  for (const each of news) {
    const at = merged.findIndex(({ id }) => id === each.id);
    if (at < 0) merged.push(mergeObject({}, each) as typeof each);
    else merged[at] = mergeObject(merged[at] ?? {}, each) as typeof each;
  }
  return merged;
}
