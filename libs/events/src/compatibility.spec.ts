import { describe, expect, it } from '@jest/globals';
import { breakingChanges } from './compatibility.js';
import type { JsonSchema } from './json-schema.js';

const before: JsonSchema = {
  type: 'object',
  properties: {
    orderId: { type: 'string', pattern: '^pay_' },
    because: { type: 'string', enum: ['cancelled', 'expired'] },
    parts: {
      type: 'array',
      items: { type: 'object', properties: { no: { type: 'integer' } }, required: ['no'] },
    },
  },
  required: ['orderId'],
};
const fields = before.properties ?? {};
const changed = (properties: Record<string, JsonSchema>): JsonSchema => ({ ...before, properties });

describe('within a version', () => {
  it('an optional field may be added, and words for people may change', () => {
    const after = changed({ ...fields, colour: { type: 'string', enum: ['red'] } });
    expect(breakingChanges(before, { ...after, description: 'Better words.' })).toEqual([]);
  });

  it('a field may not go', () => {
    const { because, parts } = fields;
    expect(because && parts && breakingChanges(before, changed({ because, parts }))).toEqual([
      '/orderId was removed',
    ]);
  });

  it('a field may not become required, new or old', () => {
    expect(breakingChanges(before, { ...before, required: ['orderId', 'because'] })).toEqual([
      '/because became required',
    ]);
  });

  it('a field that readers rely on may not become optional', () => {
    expect(breakingChanges(before, { ...before, required: [] })).toEqual([
      '/orderId became optional',
    ]);
  });

  it('a closed set of words takes no further word', () => {
    const because = { type: 'string', enum: ['cancelled', 'expired', 'terminated'] };
    expect(breakingChanges(before, changed({ ...fields, because }))).toEqual([
      '/because takes other values than before',
    ]);
  });

  it('a field may not change its type, deep in a list either', () => {
    const items = { type: 'object', properties: { no: { type: 'string' } }, required: ['no'] };
    expect(
      breakingChanges(before, changed({ ...fields, parts: { type: 'array', items } })),
    ).toEqual(['/parts/[]/no takes other values than before']);
  });
});
