import { describe, expect, it } from '@jest/globals';
import { NotFound } from './errors.js';
import { INPUT_PROBLEMS } from './malformed.js';
import { PROBLEM_WORDS } from './problem-words.js';
import { InvalidInput } from './shared-refusals.js';

describe('what is wrong with a field', () => {
  it.each(INPUT_PROBLEMS)('is said in Chinese without a word of code: %s', (problem) => {
    const { zh, en } = new InvalidInput('input.amount', { problem, given: '0' }).message;
    expect(zh).toContain(PROBLEM_WORDS[problem].zh);
    expect(en).toContain(PROBLEM_WORDS[problem].en);
    expect(`${zh}${en}`).not.toMatch(/[A-Z]+_[A-Z]+|undefined/);
  });

  it('has a sentence of its own for each problem', () => {
    for (const language of ['zh', 'en'] as const)
      expect(new Set(INPUT_PROBLEMS.map((each) => PROBLEM_WORDS[each][language])).size).toBe(
        INPUT_PROBLEMS.length,
      );
  });

  it('quotes what was given, and nothing where nothing was', () => {
    const message = (given: string) =>
      new InvalidInput('input.amount', { problem: 'ZERO', given }).message.zh;
    expect(message('0')).toBe('字段 input.amount 金额不能为零（现为“0”）。');
    expect(message('')).toBe('字段 input.amount 金额不能为零。');
  });
});

describe('something that is not there', () => {
  it('is named in both languages; what has no word yet, as code names it', () => {
    const texts = (what: string) => new NotFound(what, 'pay_1').extensions.texts;
    expect(texts('payment order')).toEqual({
      zh: '没有您可查看的支付单 pay_1。',
      en: 'No payment order pay_1 is visible to you.',
    });
    expect(texts('constructor')).toEqual({
      zh: '没有您可查看的constructor pay_1。',
      en: 'No constructor pay_1 is visible to you.',
    });
  });
});
