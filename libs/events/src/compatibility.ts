import { isDeepStrictEqual } from 'node:util';
import type { JsonSchema } from './json-schema.js';

/** Words for people only: changing them breaks no reader. */
const ANNOTATIONS = new Set(['title', 'description', 'examples', '$id', '$schema', '$comment']);

const PLACES = new Set(['properties', 'items', 'required']);

/**
 * What a reader of the old schema would trip over in the new one, as sentences; empty when nothing.
 * Within a version only optional fields may be added: a field may not go, become required, become optional,
 * or take other values (not even more of them: a reader may have made a column of the old list).
 */
export function breakingChanges(before: JsonSchema, after: JsonSchema, path = ''): string[] {
  const changes: string[] = [];
  const oldFields = before.properties ?? {};
  const newFields = after.properties ?? {};
  for (const [name, old] of Object.entries(oldFields)) {
    const now = newFields[name];
    if (now) changes.push(...breakingChanges(old, now, `${path}/${name}`));
    else changes.push(`${path}/${name} was removed`);
  }
  const wasRequired = new Set(before.required);
  const isRequired = new Set(after.required);
  for (const name of isRequired) {
    if (!wasRequired.has(name)) changes.push(`${path}/${name} became required`);
  }
  for (const name of wasRequired) {
    if (!isRequired.has(name) && name in newFields) changes.push(`${path}/${name} became optional`);
  }
  if (before.items && after.items) {
    changes.push(...breakingChanges(before.items, after.items, `${path}/[]`));
  } else if (before.items ?? after.items) {
    changes.push(`${path || '/'} changed what its list holds`);
  }
  if (!isDeepStrictEqual(constraints(before), constraints(after))) {
    changes.push(`${path || '/'} takes other values than before`);
  }
  return changes;
}

/** The rest of a schema without annotations; choices (`oneOf`, `if`) are compared whole. */
function constraints(schema: JsonSchema): unknown {
  return withoutAnnotations(
    Object.fromEntries(Object.entries(schema).filter(([keyword]) => !PLACES.has(keyword))),
  );
}

function withoutAnnotations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutAnnotations);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([keyword]) => !ANNOTATIONS.has(keyword))
      .map(([keyword, inner]) => [keyword, withoutAnnotations(inner)]),
  );
}
