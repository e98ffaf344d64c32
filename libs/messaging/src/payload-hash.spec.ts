import { describe, expect, it } from '@jest/globals';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { hashOf, inOrder, payloadHash } from './payload-hash.js';

/** No schema of ours names a member by a number; JavaScript would put those first whatever one does. */
const json = fc.jsonValue().filter((value) => !/"\d+":/.test(JSON.stringify(value)));

describe('the hash of a fact', () => {
  it('is that of its canonical JSON, whether it comes so from the outbox or was written otherwise', () => {
    fc.assert(
      fc.property(json, (fact) => {
        // JSON knows no -0: what comes from a text has none.
        const parsed: unknown = JSON.parse(JSON.stringify(fact));
        const canonical = hashOf(canonicalize(parsed) ?? '');
        const told = JSON.stringify(inOrder(parsed));
        expect(payloadHash(JSON.parse(told), told)).toBe(canonical);
        const printed = JSON.stringify(parsed, null, 2);
        expect(payloadHash(JSON.parse(printed), printed)).toBe(canonical);
      }),
    );
  });

  it('as the outbox tells it is the hash of its bytes', () => {
    fc.assert(
      fc.property(json, (fact) => {
        const told = JSON.stringify(inOrder(JSON.parse(JSON.stringify(fact))));
        expect(payloadHash(JSON.parse(told), told)).toBe(hashOf(told));
      }),
    );
  });
});
