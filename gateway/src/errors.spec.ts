import { describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { pino } from 'pino';
import { errorMask } from './errors.js';

describe('an error of the gateway’s own', () => {
  it('is logged by where it was thrown, never by what it said: that may quote somebody', () => {
    const lines: string[] = [];
    const mask = errorMask(pino({}, { write: (line: string) => void lines.push(line) }));
    const error = new GraphQLError('masked', {
      originalError: new TypeError('cannot read 13800138000'),
    });
    const told = mask({ message: error.message }, error);
    expect(told.extensions?.code).toBe('INTERNAL_SERVER_ERROR');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('TypeError');
    expect(lines[0]).toContain('errors.spec.ts');
    expect(lines[0]).not.toContain('13800138000');
    expect(JSON.stringify(told)).not.toContain('13800138000');
  });
});
