import { describe, expect, it } from '@jest/globals';
import { parseValue } from 'graphql';
import { findMalformed, Malformed, MAX_TEXT } from './malformed.js';
import { CivilDateScalar, FenScalar, InstantScalar } from './scalars.js';

const ID = 'org_019b76daa8007cacbd058d2452cf352c';
const problemIn = (input: unknown) => {
  const found = findMalformed(input);
  return found && [found[0], found[1].problem];
};

describe('what no rule could accept', () => {
  it.each([
    ['100.5', 'FRACTION_OF_A_FEN'],
    ['-1', 'NEGATIVE_AMOUNT'],
    ['100000000000001', 'AMOUNT_TOO_LARGE'],
    ['1e5', 'NOT_AN_AMOUNT'],
    ['', 'NOT_AN_AMOUNT'],
    ['一百', 'NOT_AN_AMOUNT'],
  ])('is an amount of “%s”: %s', (text, problem) => {
    expect(new FenScalar().parseValue(text)).toMatchObject({ problem });
  });

  it('is no amount up to 10^14 fen', () => {
    expect(new FenScalar().parseValue('100000000000000')).toBe(10n ** 14n);
    expect(new FenScalar().parseValue('0')).toBe(0n);
  });

  it.each(['2026-02-30', '0000-01-01', '2026-13-01', '26-01-01', '2026-1-1', 'today'])(
    'is the day “%s”',
    (text) => {
      expect(new CivilDateScalar().parseValue(text)).toMatchObject({ problem: 'NOT_A_DATE' });
    },
  );

  it.each(['2026-01-01T10:00:00', '2026-01-01', '2026-01-01T25:00:00Z'])(
    'is the moment “%s”',
    (text) => {
      expect(new InstantScalar().parseValue(text)).toMatchObject({ problem: 'NOT_AN_INSTANT' });
    },
  );

  it('is found however deep it lies, with its path', () => {
    const amount = new Malformed('NEGATIVE_AMOUNT', '-1');
    expect(problemIn({ id: ID, instalments: [{ amount: 1n }, { amount }] })).toEqual([
      'input.instalments[1].amount',
      'NEGATIVE_AMOUNT',
    ]);
  });

  it('is an id that is none, alone or in a list', () => {
    expect(problemIn({ organisationId: 'org_1' })).toEqual(['input.organisationId', 'NOT_AN_ID']);
    expect(problemIn({ sheetIds: [ID, 'x'] })).toEqual(['input.sheetIds[1]', 'NOT_AN_ID']);
    expect(problemIn({ id: ID, sheetIds: [ID] })).toBeUndefined();
  });

  it('is text that a database cannot keep, or that is too long', () => {
    expect(problemIn({ title: 'a\u0000b' })).toEqual(['input.title', 'NOT_PLAIN_TEXT']);
    expect(problemIn({ title: '\ud83d' })).toEqual(['input.title', 'NOT_PLAIN_TEXT']);
    expect(problemIn({ title: 'abc\u202Efed' })).toEqual(['input.title', 'NOT_PLAIN_TEXT']);
    expect(problemIn({ title: 'x'.repeat(MAX_TEXT + 1) })).toEqual(['input.title', 'TOO_LONG']);
    expect(problemIn({ text: '第一行\n第二行\t🙂' })).toBeUndefined();
  });

  it.each(['\u200B', ' \u3000\t', '\uFEFF\u2060', '\u3164'])(
    'is text of which nothing is to be seen: %j',
    (text) => {
      expect(problemIn({ title: text })).toEqual(['input.title', 'EMPTY']);
      expect(problemIn({ text: `${text}甲` })).toBeUndefined();
    },
  );

  it.each(['第一行\n第二行', '甲\t乙', '甲\r乙', '甲\u2028乙'])(
    'is a title or a name of more than one line: %j',
    (text) => {
      for (const field of ['title', 'name', 'displayName'])
        expect(problemIn({ [field]: text })).toEqual([`input.${field}`, 'NOT_ONE_LINE']);
      expect(problemIn({ standard: text })).toBeUndefined();
    },
  );

  it('is an amount that was written as a number: it may have been rounded on its way', () => {
    const fen = new FenScalar();
    expect(fen.parseValue(850_000)).toMatchObject({ problem: 'NOT_AN_AMOUNT', given: '850000' });
    expect(fen.parseLiteral(parseValue('850000'))).toMatchObject({ problem: 'NOT_AN_AMOUNT' });
    expect(fen.parseLiteral(parseValue('"850000"'))).toBe(850_000n);
  });

  it('is an idempotency key that is empty or long', () => {
    expect(problemIn({ idempotencyKey: '' })).toEqual(['input.idempotencyKey', 'EMPTY']);
    expect(problemIn({ idempotencyKey: 'k'.repeat(201) })).toEqual([
      'input.idempotencyKey',
      'TOO_LONG',
    ]);
  });
});
