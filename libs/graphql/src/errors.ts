import { randomUUID } from 'node:crypto';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { noun } from './nouns.js';
import type { Text } from './refusal.js';

/** Codes a client may see as they are; everything else is masked and found in the log by its id. */
export const PUBLIC_CODES = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
]);

/** Nothing of this id is visible to the actor: it does not exist, or is not theirs to see. */
export class NotFound extends GraphQLError {
  constructor(what: string, id: string) {
    const { zh, en } = noun(what);
    const texts: Text = {
      zh: `没有您可查看的${zh} ${id}。`,
      en: `No ${en} ${id} is visible to you.`,
    };
    super(texts.en, { extensions: { code: 'NOT_FOUND', what, id, texts } });
  }
}

/** An argument of a query that no rule could accept. */
export class BadUserInput extends GraphQLError {
  constructor(text: Text | string) {
    const texts = typeof text === 'string' ? {} : { texts: text };
    super(typeof text === 'string' ? text : text.en, {
      extensions: { code: 'BAD_USER_INPUT', ...texts },
    });
  }
}

/** Masks what only a programmer or a machine can cause; logs it once, with the id the client gets. */
export function maskError(log: (facts: { id: string; error: unknown; path: string }) => void) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const code = formatted.extensions?.code;
    const { message, locations, path } = formatted;
    if (typeof code === 'string' && PUBLIC_CODES.has(code)) {
      const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
      return { message, locations, path, extensions };
    }
    const id = randomUUID();
    log({ id, error, path: path?.join('.') ?? '' });
    return {
      message: 'Something went wrong here; the id leads the operator to it.',
      path,
      extensions: { code: 'INTERNAL_SERVER_ERROR', id },
    };
  };
}
