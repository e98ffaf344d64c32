import {
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  parse,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { refusal } from './errors.js';
import { bothOf } from './words.js';

/** How much one request may ask. All are whole numbers; fragments count as often as they are spread. */
export interface Limits {
  /** Bytes of the HTTP body; beyond it 413. */
  maxBodyBytes: number;
  /** Words and signs of the operation's text. */
  maxTokens: number;
  /** Fields below one another. */
  maxDepth: number;
  maxAliases: number;
  maxDirectives: number;
  /** Fields on the top level: what one request does or asks at once. */
  maxRootFields: number;
  /** Fields altogether. */
  maxSelections: number;
  /** Fields altogether, each as often as it can be expected to be resolved. */
  maxCost: number;
  /** What `first` and `last` may be. */
  maxPageSize: number;
  /** How long a list without `first` is taken to be, for the cost. */
  assumedListSize: number;
}

/** Generous for the console's own operations (the largest has about 150 fields), small for an attacker. */
export const DEFAULT_LIMITS: Limits = {
  maxBodyBytes: 256 * 1024,
  maxTokens: 4_000,
  maxDepth: 12,
  maxAliases: 50,
  maxDirectives: 50,
  maxRootFields: 20,
  maxSelections: 1_000,
  maxCost: 20_000,
  maxPageSize: 100,
  assumedListSize: 5,
};

/** What an operation's text alone says about its size; no schema is needed, so it comes before validation. */
export interface Shape {
  depth: number;
  aliases: number;
  directives: number;
  selections: number;
  rootFields: number;
}

/**
 * Measures an operation and refuses one that is too large, before it is validated or planned: both take time
 * that grows much faster than the text. The refusal does not tell the limit. Throws GraphQLError.
 */
export function measure(source: string, limits: Limits): Shape {
  const shape = shapeOf(parseWithin(source, limits.maxTokens));
  if (
    shape.depth > limits.maxDepth ||
    shape.aliases > limits.maxAliases ||
    shape.directives > limits.maxDirectives ||
    shape.selections > limits.maxSelections ||
    shape.rootFields > limits.maxRootFields
  ) {
    throw tooLarge();
  }
  return shape;
}

/** The same, remembering the operations that passed: a console asks the same few hundred all day. */
export class Measured {
  private readonly known = new Map<string, Shape>();

  constructor(
    private readonly limits: Limits,
    private readonly size = 1_000,
  ) {}

  of(source: string): Shape {
    const known = this.known.get(source);
    if (known) return known;
    const shape = measure(source, this.limits);
    if (source.length <= 20_000) {
      if (this.known.size >= this.size) this.known.clear();
      this.known.set(source, shape);
    }
    return shape;
  }
}

const TOO_LARGE = bothOf({
  zh: '一次查询的内容过多，请减少字段或分页后再试。',
  en: 'The operation asks too much at once; ask for fewer fields, or for smaller pages.',
});
const tooLarge = () => refusal('OPERATION_TOO_LARGE', TOO_LARGE, 400);

function parseWithin(source: string, maxTokens: number): DocumentNode {
  try {
    return parse(source, { maxTokens, noLocation: true });
  } catch (error) {
    // Thousands of brackets within one another: few tokens, and yet too deep to be parsed.
    if (error instanceof RangeError) throw tooLarge();
    const message = error instanceof Error ? error.message : '';
    if (message.includes(`more that ${maxTokens} tokens`)) throw tooLarge();
    throw refusal('GRAPHQL_PARSE_FAILED', message, 400);
  }
}

type Sums = Omit<Shape, 'rootFields'> & { fields: number };

function shapeOf(document: DocumentNode): Shape {
  const fragments = fragmentsOf(document);
  const done = new Map<string, Sums>();
  const open = new Set<string>();

  // Each fragment is summed once and then only multiplied: nesting them a hundred deep, twice each,
  // describes 2^100 fields in a few lines, which must be seen without being walked.
  const ofFragment = (name: string): Sums => {
    const known = done.get(name);
    if (known) return known;
    if (open.has(name)) {
      throw refusal(
        'GRAPHQL_VALIDATION_FAILED',
        bothOf({
          zh: '片段不能包含自身，请改写查询。',
          en: 'A fragment must not contain itself; write the operation anew.',
        }),
        400,
      );
    }
    open.add(name);
    const fragment = fragments.get(name);
    const sums = fragment ? ofSelections(fragment.selectionSet) : { ...NOTHING };
    sums.directives += fragment?.directives?.length ?? 0;
    open.delete(name);
    done.set(name, sums);
    return sums;
  };

  const ofSelections = (set: SelectionSetNode): Sums => {
    const sums = { ...NOTHING };
    for (const selection of set.selections) {
      sums.directives += selection.directives?.length ?? 0;
      const below =
        selection.kind === Kind.FRAGMENT_SPREAD
          ? ofFragment(selection.name.value)
          : selection.selectionSet
            ? ofSelections(selection.selectionSet)
            : NOTHING;
      sums.aliases += below.aliases;
      sums.directives += below.directives;
      sums.selections += below.selections;
      if (selection.kind === Kind.FIELD) {
        sums.fields += 1;
        sums.selections += 1;
        sums.aliases += selection.alias ? 1 : 0;
        // The standard introspection query is deep by nature; graphql's own rule bounds it.
        const isIntrospection = ['__schema', '__type'].includes(selection.name.value);
        sums.depth = Math.max(sums.depth, 1 + (isIntrospection ? 0 : below.depth));
      } else {
        sums.fields += below.fields;
        sums.depth = Math.max(sums.depth, below.depth);
      }
    }
    return sums;
  };

  const shape: Shape = { depth: 0, aliases: 0, directives: 0, selections: 0, rootFields: 0 };
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const sums = ofSelections(definition.selectionSet);
    const onVariables = (definition.variableDefinitions ?? []).flatMap(
      (variable) => variable.directives ?? [],
    );
    // A document may hold several operations; all of them are validated, so all of them count.
    shape.depth = Math.max(shape.depth, sums.depth);
    shape.aliases += sums.aliases;
    shape.directives += sums.directives + (definition.directives?.length ?? 0) + onVariables.length;
    shape.selections += sums.selections;
    shape.rootFields = Math.max(shape.rootFields, sums.fields);
  }
  for (const name of fragments.keys()) {
    // One that nobody spreads is an error later, but validation walks it first.
    if (!done.has(name)) shape.selections += ofFragment(name).selections;
  }
  return shape;
}

const NOTHING: Readonly<Sums> = { depth: 0, aliases: 0, directives: 0, selections: 0, fields: 0 };

function fragmentsOf(document: DocumentNode): Map<string, FragmentDefinitionNode> {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition);
  }
  return fragments;
}

/**
 * Refuses an operation whose answer could be too large: each field costs one, times the `first` of every
 * page above it. The document must be valid. Throws GraphQLError.
 */
export function checkCost(
  request: {
    schema: GraphQLSchema;
    document: DocumentNode;
    operation: OperationDefinitionNode;
    variables: Readonly<Record<string, unknown>>;
  },
  limits: Limits,
): number {
  const { schema, document, operation, variables } = request;
  const fragments = fragmentsOf(document);
  const known = new Map<string, number>();

  const ofSelections = (set: SelectionSetNode, parent: GraphQLNamedType | undefined): number => {
    let cost = 0;
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        cost += ofField(selection, parent);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        const type = selection.typeCondition && schema.getType(selection.typeCondition.name.value);
        cost += ofSelections(selection.selectionSet, type ?? parent);
      } else {
        cost += ofFragment(selection.name.value);
      }
    }
    return cost;
  };
  const ofFragment = (name: string): number => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const fragment = fragments.get(name);
    if (!fragment) return 0;
    known.set(name, 0);
    const cost = ofSelections(
      fragment.selectionSet,
      schema.getType(fragment.typeCondition.name.value),
    );
    known.set(name, cost);
    return cost;
  };
  const ofField = (node: FieldNode, parent: GraphQLNamedType | undefined): number => {
    const name = node.name.value;
    // Introspection is answered from memory; its depth is bounded by graphql's own rule.
    if (name.startsWith('__') || !(isObjectType(parent) || isInterfaceType(parent))) return 1;
    const field = parent.getFields()[name];
    if (!field || !node.selectionSet) return 1;
    const type = getNamedType(field.type);
    const below = ofSelections(node.selectionSet, isCompositeType(type) ? type : undefined);
    return 1 + times(field, node, parent) * below;
  };
  const times = (
    field: GraphQLField<unknown, unknown>,
    node: FieldNode,
    parent: GraphQLNamedType,
  ): number => {
    const sizes = field.args
      .filter(({ name }) => name === 'first' || name === 'last')
      .map((argument) => {
        const given = node.arguments?.find(({ name }) => name.value === argument.name)?.value;
        const size =
          given?.kind === Kind.INT
            ? Number(given.value)
            : given?.kind === Kind.VARIABLE
              ? variableOf(given.name.value, { operation, variables })
              : given === undefined
                ? argument.defaultValue
                : undefined;
        return pageSize(size, limits);
      });
    const asked = sizes.filter((size) => size !== null);
    if (asked.length > 0) return Math.max(...asked);
    if (sizes.length > 0) return limits.maxPageSize;
    // The list inside a page has been counted with the page.
    if (!isListType(getNullableType(field.type)) || parent.name.endsWith('Connection')) return 1;
    return limits.assumedListSize;
  };

  const root = schema.getRootType(operation.operation);
  const cost = ofSelections(operation.selectionSet, root ?? undefined);
  if (!(cost <= limits.maxCost)) throw tooLarge();
  return cost;
}

function pageSize(size: unknown, limits: Limits): number | null {
  if (size === undefined || size === null) return null;
  if (
    typeof size !== 'number' ||
    !Number.isInteger(size) ||
    size < 1 ||
    size > limits.maxPageSize
  ) {
    throw refusal(
      'BAD_USER_INPUT',
      bothOf({
        zh: `每页 1 至 ${limits.maxPageSize} 条。`,
        en: `A page holds 1 to ${limits.maxPageSize} entries.`,
      }),
      400,
    );
  }
  return size;
}

/** A variable that was given as null is null; only one that was not given takes its default. */
function variableOf(
  name: string,
  given: { operation: OperationDefinitionNode; variables: Readonly<Record<string, unknown>> },
): unknown {
  if (Object.hasOwn(given.variables, name)) return given.variables[name];
  const value = given.operation.variableDefinitions?.find(
    ({ variable }) => variable.name.value === name,
  )?.defaultValue;
  return value?.kind === Kind.INT ? Number(value.value) : undefined;
}
