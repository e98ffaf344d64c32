import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { groupsOf } from './groups.js';

interface Item {
  key: string;
  type: string;
  place: number;
}

const chunks = fc
  .array(
    fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), type: fc.constantFrom('X', 'Y', 'Z') }),
    {
      maxLength: 60,
    },
  )
  .map((items) => items.map((item, place): Item => ({ ...item, place })));
const group = (items: readonly Item[]) =>
  groupsOf(
    items,
    (each) => each.key,
    (each) => each.type,
  );

describe('groups for the handlers', () => {
  it('hold one type each, each key at most once, everything once, and every key in its order', () => {
    fc.assert(
      fc.property(chunks, (items) => {
        const groups = group(items);
        for (const each of groups) {
          expect(new Set(each.map((item) => item.type)).size).toBe(1);
          expect(new Set(each.map((item) => item.key)).size).toBe(each.length);
        }
        const flat = groups.flat();
        expect([...flat].sort((a, b) => a.place - b.place)).toEqual(items);
        for (const key of ['a', 'b', 'c', 'd']) {
          const places = flat.filter((item) => item.key === key).map((item) => item.place);
          expect(places).toEqual([...places].sort((a, b) => a - b));
        }
      }),
    );
  });

  it('are as few as there are types when every key has one event', () => {
    const items = Array.from({ length: 500 }, (_, place) => ({
      key: String(place),
      type: place % 3 === 0 ? 'X' : 'Y',
      place,
    }));
    expect(group(items).map((each) => each.length)).toEqual([333, 167]);
  });

  it('wait for a key whose first event is of another type, instead of falling apart', () => {
    const items = ['a', 'b', 'c'].flatMap((key, n) => [
      ...(n === 0 ? [] : [{ key, type: 'signed', place: 0 }]),
      { key, type: 'finalised', place: 1 },
    ]);
    expect(group(items).map((each) => each.map((item) => item.type))).toEqual([
      ['signed', 'signed'],
      ['finalised', 'finalised', 'finalised'],
    ]);
  });

  it('stay quick when one key has the whole chunk', () => {
    const items = Array.from({ length: 500 }, (_, place) => ({
      key: 'a',
      type: `${place % 7}`,
      place,
    }));
    expect(group(items)).toHaveLength(500);
  });
});
