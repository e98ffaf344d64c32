import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type FieldDefinitionNode, Kind, parse } from 'graphql';

const read = (path: string): string =>
  readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const services = JSON.parse(read('infra/dev/services.json')) as string[];
const graphs = [
  'gateway/supergraph.graphql',
  ...services
    .filter((name) => name !== 'gateway')
    .map((service) => `services/${service}/schema.graphql`),
];

/** The questions of a graph that must not be answered with null. */
function neverNull(sdl: string): string[] {
  const roots = parse(sdl).definitions.flatMap((definition) =>
    (definition.kind === Kind.OBJECT_TYPE_DEFINITION ||
      definition.kind === Kind.OBJECT_TYPE_EXTENSION) &&
    definition.name.value === 'Query'
      ? (definition.fields ?? [])
      : [],
  );
  if (roots.length === 0) throw new Error('There is no Query here.');
  return roots.filter(isNeverNull).map(({ name }) => name.value);
}

/** Federation's own two are not part of what a client may ask. */
const isNeverNull = ({ name, type }: FieldDefinitionNode): boolean =>
  type.kind === Kind.NON_NULL_TYPE && !name.value.startsWith('_');

describe('a page that asks several questions', () => {
  it.each(graphs)('keeps the answers it got: no question of %s must be answered', (path) => {
    expect(neverNull(read(path))).toEqual([]);
  });

  it('would notice a question that must be answered', () => {
    expect(neverNull('type Query { a: Int b: [Int]! _service: Int! }')).toEqual(['b']);
  });
});
