import {
  getNamedType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';

/** Everything that can be read of a type without arguments, so many objects deep. */
export function everythingOf(schema: GraphQLSchema, type: GraphQLNamedType, depth: number): string {
  if (isUnionType(type) || isInterfaceType(type)) {
    const members = schema
      .getPossibleTypes(type)
      .filter((member) => !member.getInterfaces().some(({ name }) => name === 'Refusal'))
      .map((member) => `... on ${member.name} { ${fieldsOf(schema, member, depth)} }`);
    return `__typename ${members.join(' ')}`;
  }
  return isObjectType(type) ? `__typename ${fieldsOf(schema, type, depth)}` : '';
}

function fieldsOf(
  schema: GraphQLSchema,
  type: GraphQLNamedType & { getFields?: () => object },
  depth: number,
): string {
  if (!isObjectType(type)) return '';
  return Object.values(type.getFields())
    .filter(canBeAskedAlone)
    .map((field) => one(schema, field, depth))
    .filter(Boolean)
    .join(' ');
}

function one(schema: GraphQLSchema, field: GraphQLField<unknown, unknown>, depth: number): string {
  const type = getNamedType(field.type);
  if (isLeafType(type)) return field.name;
  if (!isCompositeType(type) || depth === 0) return '';
  return `${field.name} { ${everythingOf(schema, type, depth - 1)} }`;
}

const canBeAskedAlone = (field: GraphQLField<unknown, unknown>): boolean =>
  field.args.every(
    (argument) => !isNonNullType(argument.type) || argument.defaultValue !== undefined,
  );

/** `query ($id: ID!) { contract(id: $id) { … } }`, with its own arguments as variables. */
export function operationOf(
  schema: GraphQLSchema,
  field: GraphQLField<unknown, unknown>,
  { kind, args, depth }: { kind: 'query' | 'mutation'; args: readonly string[]; depth: number },
): string {
  const used = field.args.filter(({ name }) => args.includes(name));
  const declared = used.map(({ name, type }) => `$${name}: ${String(type)}`).join(', ');
  const passed = used.map(({ name }) => `${name}: $${name}`).join(', ');
  const inner = everythingOf(schema, getNamedType(field.type), depth);
  return `${kind} ${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`} { ${inner} } }`;
}
