import { describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { describeError } from './logger.js';

/** As TypeORM throws it: PostgreSQL's message quotes the value that somebody typed. */
class QueryFailedError extends Error {
  override readonly name = 'QueryFailedError';
  readonly query = 'insert into breach values ($1)';
  readonly parameters = ['13800138000'];
  readonly code = '22P02';
}
const refused = new QueryFailedError('invalid input syntax for type integer: "13800138000"');

describe('what the log may hold of an error', () => {
  it('names a database error by its class and SQLSTATE, never by its message', () => {
    const described = describeError(refused);
    expect(described).toMatchObject({ type: 'QueryFailedError', code: '22P02' });
    expect(JSON.stringify(described)).not.toContain('13800138000');
  });

  it('does the same when GraphQL has wrapped it, and when another error was caused by it', () => {
    const wrapped = new GraphQLError(refused.message, { originalError: refused });
    const above = new Error('could not record it', { cause: refused });
    for (const error of [wrapped, above]) {
      expect(JSON.stringify(describeError(error))).toContain('22P02');
      expect(JSON.stringify(describeError(error))).not.toContain('13800138000');
    }
  });

  it('takes the frames of the stack alone: a message of two lines begins the stack with both', () => {
    const twoLines = new QueryFailedError(
      'invalid input syntax for type integer: "a\n13800138000"',
    );
    expect(JSON.stringify(describeError(twoLines))).not.toContain('13800138000');
  });

  it('keeps the message of an error that we wrote ourselves', () => {
    expect(describeError(new Error('No rule recusal is in force.'))).toMatchObject({
      message: 'No rule recusal is in force.',
    });
  });
});
