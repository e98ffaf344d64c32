import { describe, expect, it } from '@jest/globals';
import { isWorded, wordsOf } from './words.js';

describe('what the gateway answers itself', () => {
  it.each([400, 401, 404, 405, 408, 413, 415, 429, 503])(
    'is said for %i in both languages, with what to do',
    (status) => {
      if (!isWorded(status)) throw new Error('there are no words for it');
      expect(wordsOf(status)).toMatch(/^[^。]*请[^。]*。 [A-Z][^。]*;[^。]*\.$/);
    },
  );

  it('has no words for what only a machine can cause', () => {
    expect(isWorded(500)).toBe(false);
  });
});
