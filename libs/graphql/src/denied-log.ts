import type { ApolloServerPlugin } from '@apollo/server';
import { isTraceparent } from '@mulin/auth';
import { type GraphQLError, Kind } from 'graphql';
import type { Logger } from 'pino';
import type { GraphqlContext } from './context.js';

/**
 * Whoever tries what is not theirs leaves one line in the service's log: which field was asked for, why it was
 * denied, by whom (the subject alone), in which request. Never what was sent, not even the client's own alias:
 * both may hold what a person typed.
 */
export const logDenied = (log: Logger): ApolloServerPlugin<GraphqlContext> => ({
  requestDidStart: async () => ({
    didEncounterErrors: async ({ errors, operation, contextValue }) => {
      const kind = operation?.operation;
      for (const error of errors) {
        const code = error.extensions.code;
        if (!isAttempt(code, kind)) continue;
        const { actor, requestId, traceparent } = contextValue;
        log.warn(
          {
            operation: `${kind ?? ''} ${fieldOf(error)}`,
            code,
            actor: actor?.id ?? null,
            street: actor?.street ?? null,
            requestId,
            trace: actor?.trace ?? (isTraceparent(traceparent) ? traceparent : null),
          },
          'denied',
        );
      }
    },
  }),
});

/** A reader may follow an old link; who would change what is not theirs has tried something. */
const isAttempt = (code: unknown, kind: string | undefined): boolean =>
  code === 'FORBIDDEN' ||
  code === 'UNAUTHENTICATED' ||
  (code === 'NOT_FOUND' && kind === 'mutation');

const fieldOf = ({ nodes }: GraphQLError): string => {
  const node = nodes?.[0];
  return node?.kind === Kind.FIELD ? node.name.value : '';
};
