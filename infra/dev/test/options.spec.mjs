import { describe, expect, it } from '@jest/globals';
import { intervalOption, portOption } from '../lib/args.mjs';
import { statementFor } from '../clock.mjs';

describe('a length of time on the command line', () => {
  it.each([
    ['20d', '20 days'],
    ['-300d', '-300 days'],
    ['36h', '36 hours'],
    ['1d12h', '1 days 12 hours'],
    ['-1w2d', '-1 weeks -2 days'],
  ])('%s is read as %s', (text, interval) => {
    expect(intervalOption(text, 'advance')).toBe(interval);
  });

  it.each(['', '20', 'd', '20 days', '1.5d', '20d; drop table fund', '+5d'])(
    '%j is refused with an example of a right one',
    (text) => {
      expect(() => intervalOption(text, 'advance')).toThrow(/such as 20d/);
    },
  );
});

describe('a port on the command line', () => {
  it('is taken as given, and absent means the usual one', () => {
    expect([portOption('0', 'port', 4000), portOption(undefined, 'port', 4000)]).toEqual([0, 4000]);
  });

  it.each(['65536', '-1', '4e3', 'http', ''])('%j is refused', (text) => {
    expect(() => portOption(text, 'port', 4000)).toThrow(/must be a port/);
  });
});

describe('the development clock', () => {
  it('only shows the time when nothing is asked', () => {
    expect(statementFor({}).sql).not.toMatch(/set_clock|advance/);
  });

  it('goes back only when that is said: --advance -20d is refused with a word', () => {
    expect(statementFor({ advance: '20d' }).values).toEqual(['20 days']);
    expect(statementFor({ back: '20d' })).toEqual({
      sql: 'select mulin.advance_clock(-$1::interval) as now',
      values: ['20 days'],
    });
    for (const wrong of [{ advance: '-20d' }, { back: '-20d' }])
      expect(() => statementFor(wrong)).toThrow(/往回拨，请用 --back 20d[^]*say --back 20d/);
    expect(() => statementFor({ advance: '1d', back: '1d' })).toThrow(/One at a time/);
  });

  it('refuses two orders at once, and any goal but now', () => {
    expect(() => statementFor({ advance: '1d', to: 'now' })).toThrow(/One at a time/);
    expect(() => statementFor({ to: 'tomorrow' })).toThrow(/only "now"/);
  });
});
