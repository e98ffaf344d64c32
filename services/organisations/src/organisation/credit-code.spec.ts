import { describe, expect, it } from '@jest/globals';
import { creditCodeCheck, isCreditCode } from './credit-code.js';

describe('a unified social credit code (GB 32100)', () => {
  it.each([
    ['91350100M000100Y4', '3'],
    ['91512081MA62K0260', 'E'],
    ['52310110MJ5370001', '5'],
  ])('%s has the check character %s', (first17, check) => {
    expect(creditCodeCheck(first17)).toBe(check);
    expect(isCreditCode(first17 + check)).toBe(true);
  });

  it('is refused when two neighbouring characters were swapped', () => {
    expect(isCreditCode('91350100M0001004Y3')).toBe(false);
  });

  it.each(['I', 'O', 'S', 'V', 'Z', 'a', '国'])('never holds the character %s', (character) => {
    expect(isCreditCode(`9135010${character}M000100Y43`)).toBe(false);
  });

  it('has exactly 18 characters', () => {
    expect(isCreditCode('91350100M000100Y4')).toBe(false);
    expect(isCreditCode('91350100M000100Y430')).toBe(false);
  });
});
