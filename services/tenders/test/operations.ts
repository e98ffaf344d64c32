import { readFileSync } from 'node:fs';
import {
  buildSchema,
  getNamedType,
  type GraphQLObjectType,
  isLeafType,
  isUnionType,
} from 'graphql';

const SDL = new URL('../schema.graphql', import.meta.url);
const schema = buildSchema(readFileSync(SDL, 'utf8'), { assumeValidSDL: true });
const written = new Map<string, string>();

/** A mutation that asks for every plain field of every member of its result. */
export function mutationOf(name: string): string {
  const text = written.get(name) ?? write(name);
  written.set(name, text);
  return text;
}

function write(name: string): string {
  const field = schema.getMutationType()?.getFields()[name];
  const result = field && getNamedType(field.type);
  if (!field || !isUnionType(result)) throw new Error(`There is no mutation ${name}.`);
  return `mutation ($input: ${String(field.args[0]?.type)}) { ${name}(input: $input) { __typename
    ... on Refusal { message rule { id article } } ${result.getTypes().map(member).join('\n')} } }`;
}

/** Members may have fields of one name and different types: each refusal's get their own names. */
function member(type: GraphQLObjectType): string {
  const isRefusal = type.getInterfaces().length > 0;
  const fields = Object.values(type.getFields())
    .filter(
      ({ name, args, type: of }) =>
        name !== 'message' && !args.length && isLeafType(getNamedType(of)),
    )
    .map(({ name }) => (isRefusal ? `${type.name}__${name}: ${name}` : name));
  return fields.length ? `... on ${type.name} { ${fields.join(' ')} }` : '';
}

/** The fields under their own names again. */
export function plain(answer: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [name.replace(/^\w+?__(?=\w)/, ''), value]),
  );
}
