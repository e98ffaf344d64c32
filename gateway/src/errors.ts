import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import type { Logger } from 'pino';
import { SubgraphFailed } from './signed-data-source.js';
import { bothOf, wordsOf } from './words.js';

/** A refusal of the gateway itself; `status` is the HTTP status when nothing was executed. */
export const refusal = (
  code: GatewayCode,
  message: string,
  status: number,
  headers: Record<string, string> = {},
): GraphQLError =>
  new GraphQLError(message, {
    extensions: { code, http: { status, headers: new Map(Object.entries(headers)) } },
  });

export type GatewayCode =
  | 'UNAUTHENTICATED'
  | 'BAD_USER_INPUT'
  | 'OPERATION_TOO_LARGE'
  | 'TOO_MANY_REQUESTS'
  | 'SERVICE_UNAVAILABLE'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED';

/** What a subgraph may tell the client in its own words. */
const FROM_SUBGRAPHS = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT']);

/** What the gateway itself may say. A subgraph that says one of the others disagrees with the supergraph: our fault. */
const FROM_THE_GATEWAY = new Set([
  ...FROM_SUBGRAPHS,
  'OPERATION_TOO_LARGE',
  'TOO_MANY_REQUESTS',
  'SERVICE_UNAVAILABLE',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'BAD_REQUEST',
]);

/**
 * Makes Apollo's `formatError`: expected errors keep code and message, everything else becomes
 * INTERNAL_SERVER_ERROR with an id, and is logged once under that id. Neither the answer nor the log holds
 * variables, and the log holds no text a subgraph wrote: both could name a person.
 */
export function errorMask(log: Logger) {
  const logged = new WeakSet<object>();
  const isNew = (error: unknown): boolean => {
    const original = originalOf(error);
    if (!(original instanceof SubgraphFailed)) return true;
    const { failure } = original;
    return !logged.has(failure) && Boolean(logged.add(failure));
  };
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const { code, serviceName, requestId } = formatted.extensions ?? {};
    const path = pathIn(formatted);
    const expected = serviceName === undefined ? FROM_THE_GATEWAY : FROM_SUBGRAPHS;
    if (typeof code === 'string' && expected.has(code)) {
      return {
        message: withoutSuggestions(formatted.message),
        ...(path ? { path } : {}),
        // A position in the client's own text helps; one in a text the gateway wrote only confuses.
        ...(formatted.locations && serviceName === undefined
          ? { locations: formatted.locations }
          : {}),
        extensions: { code },
      };
    }
    const id = typeof requestId === 'string' ? requestId : randomUUID();
    if (isNew(error)) {
      log.error(
        { id, path: path?.join('.'), ...whatHappened(formatted, error) },
        'unexpected error',
      );
    }
    const unavailable = isUnavailable(error);
    return {
      ...(unavailable ? UNAVAILABLE : INTERNAL),
      ...(path ? { path } : {}),
      extensions: { code: unavailable ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR', id },
    };
  };
}

/** Where the answer lacks something, as far as every client can follow: the planner's `@` means each of a list. */
function pathIn({ path }: GraphQLFormattedError): readonly (string | number)[] | undefined {
  const each = path?.indexOf('@') ?? -1;
  const known = each < 0 ? path : path?.slice(0, each);
  return known?.length ? known : undefined;
}

/** The id leads the operator to the line in the log; no service's text is repeated. */
export const INTERNAL = {
  message: bothOf({
    zh: '系统内部错误，请将错误编号告知运维人员。',
    en: 'Something went wrong here; tell the operator the id of this error.',
  }),
};
const UNAVAILABLE = { message: wordsOf(503) };

/** A service that cannot be reached, or does not answer in time: asking again may help, as it does not for a fault. */
const OUT_OF_REACH = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOTFOUND', 'EAI_AGAIN'],
  ...['UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT'],
  'UND_ERR_BODY_TIMEOUT',
]);

const originalOf = (error: unknown): unknown =>
  error instanceof GraphQLError ? (error.originalError ?? error) : error;

function isUnavailable(error: unknown): boolean {
  const original = originalOf(error);
  return original instanceof SubgraphFailed && OUT_OF_REACH.has(original.reason);
}

function whatHappened(formatted: GraphQLFormattedError, error: unknown): Record<string, unknown> {
  const original = originalOf(error);
  if (original instanceof SubgraphFailed) {
    return { subgraph: original.subgraph, reason: original.reason, status: original.status };
  }
  const { serviceName, code, id } = formatted.extensions ?? {};
  if (serviceName !== undefined) return { subgraph: serviceName, code, subgraphErrorId: id };
  // Where it was thrown, not what it said: a message may quote what somebody typed.
  return original instanceof Error ? { name: original.name, stack: framesOf(original) } : {};
}

const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n');

const withoutSuggestions = (message: string): string =>
  message.replace(/ Did you mean [\s\S]*$/, '');
