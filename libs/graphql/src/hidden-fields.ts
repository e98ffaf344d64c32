import {
  type GraphQLOutputType,
  type GraphQLSchema,
  GraphQLError,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** What a type says of itself to federation; only the resolver of references matters here. */
interface OfSubgraph {
  apollo?: { subgraph?: { resolveReference?: (...given: unknown[]) => unknown } };
}

/**
 * What the caller may not see is not there: below the root a field that is not theirs answers with null or an
 * empty list, without an error, and so does a reference from another subgraph. An error would take the parent
 * away with it, down to the whole page, because of one field among many. Questions and commands themselves are
 * still refused, with UNAUTHENTICATED or FORBIDDEN.
 */
export function hideWhatIsNotAllowed(schema: GraphQLSchema): GraphQLSchema {
  const roots = [schema.getQueryType(), schema.getMutationType()];
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('_') || roots.includes(type)) continue;
    for (const field of Object.values(type.getFields())) {
      const nothing = nothingOf(field.type);
      if (field.resolve && nothing !== undefined) {
        field.resolve = hiding(field.resolve, nothing);
      }
    }
    const { subgraph } = (type.extensions as OfSubgraph).apollo ?? {};
    if (subgraph?.resolveReference) {
      subgraph.resolveReference = hiding(subgraph.resolveReference, null);
    }
  }
  return schema;
}

type Nothing = null | readonly never[];

/** Undefined where the schema promises something: there only the error remains. */
function nothingOf(type: GraphQLOutputType): Nothing | undefined {
  if (!isNonNullType(type)) return null;
  return isListType(type.ofType) ? [] : undefined;
}

function hiding<Given extends unknown[]>(
  resolve: (...given: Given) => unknown,
  nothing: Nothing,
): (...given: Given) => unknown {
  const hidden = (error: unknown): Nothing => {
    if (isDenied(error)) return nothing;
    throw error;
  };
  return (...given) => {
    const value = resolve(...given);
    return value instanceof Promise ? value.catch(hidden) : value;
  };
}

/** The refusals of `@Allow` and `actorOf`: the caller is nobody, or has not the role. */
export const isDenied = (error: unknown): boolean =>
  error instanceof GraphQLError &&
  (error.extensions.code === 'UNAUTHENTICATED' || error.extensions.code === 'FORBIDDEN');
