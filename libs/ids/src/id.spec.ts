import { describe, expect, it } from '@jest/globals';
import { InvalidId, PREFIXES, isId, newEventId, newId, parseId } from './index.js';
import { uuidV7Hex } from './uuid-v7.js';

describe('ids', () => {
  it('an id says what it names and carries a UUIDv7', () => {
    expect(newId('con')).toMatch(/^con_[0-9a-f]{12}7[0-9a-f]{3}[89ab][0-9a-f]{15}$/);
  });

  it('ten thousand ids made at once are all different and in order', () => {
    const made = Array.from({ length: 10_000 }, () => newId('trf'));
    expect(new Set(made).size).toBe(made.length);
    expect([...made].sort()).toEqual(made);
  });

  it('an id made after the machine clock stepped back still comes after the ones before it', () => {
    const future = Date.now() + 60_000;
    const first = uuidV7Hex(future);
    const second = uuidV7Hex(future - 30_000);
    expect(second > first).toBe(true);
  });

  it('more ids in one millisecond than the counter holds go on in the next millisecond', () => {
    const at = Date.now() + 120_000;
    const made = Array.from({ length: 5000 }, () => uuidV7Hex(at));
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(5000);
  });

  it('an id begins with the millisecond in which it was made', () => {
    const at = Date.now() + 240_000;
    expect(Number.parseInt(uuidV7Hex(at).slice(0, 12), 16)).toBe(at);
  });

  it('an event id is a plain UUID with dashes', () => {
    expect(newEventId()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it('an id of its own kind is taken as it is', () => {
    const id = newId('eva');
    expect(parseId('eva', id)).toBe(id);
    expect(isId('eva', id)).toBe(true);
  });

  it('the id of a contract is refused where a payment order is expected, and the refusal names both', () => {
    const refused = caught(() => parseId('pay', newId('con')));
    expect(refused).toBeInstanceOf(InvalidId);
    expect(refused).toMatchObject({ expected: 'pay', found: 'con' });
  });

  it('a text that is no id is refused, and its content does not reach the message', () => {
    const refused = caught(() => parseId('per', 'per_13800000000'));
    expect(refused).toBeInstanceOf(InvalidId);
    expect(refused).toMatchObject({ expected: 'per', found: 'per' });
    expect(String(refused)).not.toContain('13800000000');
  });

  it.each([
    ['capital letters', newId('con').toUpperCase()],
    ['a missing digit', newId('con').slice(0, -1)],
    ['a digit too many', `${newId('con')}0`],
    ['another UUID version', 'con_01942f7c9c8e4b3da1c2d3e4f5a6b7c8'],
    ['a line break at the end', `${newId('con')}\n`],
    ['nothing', ''],
    ['a number', 7],
    ['null', null],
  ])('%s is not an id', (_what, value) => {
    expect(isId('con', value)).toBe(false);
  });

  it('every prefix has three letters and names one thing', () => {
    const prefixes = Object.keys(PREFIXES);
    expect(prefixes.every((prefix) => /^[a-z]{3}$/.test(prefix))).toBe(true);
    expect(new Set(Object.values(PREFIXES)).size).toBe(prefixes.length);
  });
});

function caught(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
