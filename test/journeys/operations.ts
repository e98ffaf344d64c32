import {
  getNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isLeafType,
  isUnionType,
} from 'graphql';
import type { Told } from './world.js';

const written = new WeakMap<GraphQLSchema, Map<string, string>>();

/** A mutation that asks for every plain field of every member of its result. */
export function mutationOf(schema: GraphQLSchema, name: string): string {
  const known = written.get(schema) ?? new Map<string, string>();
  written.set(schema, known);
  const text = known.get(name) ?? write(schema, name);
  known.set(name, text);
  return text;
}

/** The fields under their own names again. */
export function plain(answer: object): Told {
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [name.replace(/^\w+?__(?=\w)/, ''), value]),
    // What mutationOf asked for has these fields, or the test fails at its first look.
  ) as Told;
}

function write(schema: GraphQLSchema, name: string): string {
  const field = schema.getMutationType()?.getFields()[name];
  const result = field && getNamedType(field.type);
  if (!field || !isUnionType(result)) throw new Error(`There is no mutation ${name}.`);
  const input = String(field.args[0]?.type);
  return `mutation ($input: ${input}) { ${name}(input: $input) { __typename
    ... on Refusal { message rule { id article } } ${result.getTypes().map(member).join('\n')} } }`;
}

/** Members may have fields of one name and different types: where they might, each gets its own name. */
function member(type: GraphQLObjectType): string {
  const isRefusal = type.getInterfaces().length > 0;
  const fields = Object.values(type.getFields())
    .filter(({ name, type: of }) => name !== 'message' && isLeafType(getNamedType(of)))
    .map(({ name }) => (isRefusal ? `${type.name}__${name}: ${name}` : name));
  return fields.length ? `... on ${type.name} { ${fields.join(' ')} }` : '';
}
