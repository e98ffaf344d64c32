import { Catch, type ExceptionFilter } from '@nestjs/common';
import { GraphQLError } from 'graphql';

/**
 * Nest would log every error that a resolver throws as a fault of the service. One that says what the client
 * did is none: it goes to the client as it is, and a denied attempt is logged as such (denied-log.ts). What
 * nobody expected is no GraphQLError, and is logged as before.
 */
@Catch(GraphQLError)
export class UserErrors implements ExceptionFilter<GraphQLError> {
  /** GraphQL throws an error that a resolver returns. */
  catch(error: GraphQLError): GraphQLError {
    return error;
  }
}
