import type { ApolloServerPlugin } from '@apollo/server';
import type { GraphQLFormattedError } from 'graphql';
import type { GraphqlContext } from './context.js';
import { isText } from './refusal.js';

/**
 * Words the errors of an answer in the language of the request. An error is thrown where nobody knows that
 * language, so it brings its texts along; the client gets one of them, as the message.
 */
export const errorsInLanguage: ApolloServerPlugin<GraphqlContext> = {
  requestDidStart: async () => ({
    willSendResponse: async ({ response, contextValue }) => {
      if (response.body.kind !== 'single') return;
      const { singleResult } = response.body;
      if (!singleResult.errors) return;
      singleResult.errors = singleResult.errors.map((error) =>
        wordedIn(error, contextValue.language ?? 'zh'),
      );
    },
  }),
};

function wordedIn(
  error: GraphQLFormattedError,
  language: GraphqlContext['language'],
): GraphQLFormattedError {
  const { texts, ...extensions } = error.extensions ?? {};
  return isText(texts) ? { ...error, message: texts[language], extensions } : error;
}
