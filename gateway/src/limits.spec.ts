import { describe, expect, it } from '@jest/globals';
import { buildSchema, getOperationAST, GraphQLError, parse } from 'graphql';
import { checkCost, DEFAULT_LIMITS, measure, type Limits } from './limits.js';

const limits = (over: Partial<Limits>): Limits => ({ ...DEFAULT_LIMITS, ...over });

/** The code of the refusal, or what was measured. */
function outcome<T>(work: () => T): unknown {
  try {
    return work();
  } catch (error) {
    return error instanceof GraphQLError ? error.extensions.code : error;
  }
}

describe('the shape of an operation', () => {
  it('counts each field as often as its fragment is spread', () => {
    const shape = measure(
      `query Q($a: Int @x) @y {
        one: a { ...F ... on T @z { b } }
        two: a { ...F }
      }
      fragment F on T @v { c d: e @w }`,
      DEFAULT_LIMITS,
    );
    expect(shape).toEqual({ depth: 2, aliases: 4, directives: 7, selections: 7, rootFields: 2 });
  });
  it('is that of the deepest, and of all operations together', () => {
    const shape = measure('query A { a { b } } query B { a { b { c } } d }', DEFAULT_LIMITS);
    expect(shape).toEqual({ depth: 3, aliases: 0, directives: 0, selections: 6, rootFields: 2 });
  });
  it('root fields hidden in a fragment are root fields', () => {
    const shape = measure('{ ...F ...F } fragment F on Query { a b }', DEFAULT_LIMITS);
    expect(shape.rootFields).toBe(4);
  });
  it('a fragment nobody spreads counts too: validation would walk it', () => {
    expect(measure('{ a } fragment F on T { b c }', DEFAULT_LIMITS).selections).toBe(3);
  });

  it.each<[keyof Limits, string, string]>([
    ['maxDepth', '{ a { b { c { d } } } }', '{ a { b { c { d { e } } } } }'],
    ['maxAliases', '{ a: x b: x c: x d: x }', '{ a: x b: x c: x d: x e: x }'],
    ['maxDirectives', '{ a @x @x @x @x }', '{ a @x @x @x @x @x }'],
    ['maxSelections', '{ a { b c d } }', '{ a { b c d e } }'],
    ['maxRootFields', '{ a b c d }', '{ a b c d e }'],
  ])('%s of four passes four and refuses the fifth', (name, four, five) => {
    expect(outcome(() => typeof measure(four, limits({ [name]: 4 })))).toBe('object');
    expect(outcome(() => measure(five, limits({ [name]: 4 })))).toBe('OPERATION_TOO_LARGE');
  });
  it('a text of more words than allowed is not even read to its end', () => {
    expect(outcome(() => measure('{ a b c', limits({ maxTokens: 3 })))).toBe('OPERATION_TOO_LARGE');
    expect(outcome(() => measure('{ a b c', DEFAULT_LIMITS))).toBe('GRAPHQL_PARSE_FAILED');
  });
  it('brackets too deep to be read are too much, not an accident', () => {
    const deep = `{ a(b: ${'['.repeat(20_000)}${']'.repeat(20_000)}) }`;
    expect(outcome(() => measure(deep, limits({ maxTokens: 100_000 })))).toBe(
      'OPERATION_TOO_LARGE',
    );
  });
  it('a fragment within itself is named as what it is', () => {
    const circle = '{ a { ...A } } fragment A on T { b { ...B } } fragment B on T { ...A }';
    expect(outcome(() => measure(circle, DEFAULT_LIMITS))).toBe('GRAPHQL_VALIDATION_FAILED');
  });
  it('a hundred fragments nested twice each are counted without being walked', () => {
    const nested = Array.from(
      { length: 100 },
      (_nothing, nth) => `fragment F${nth} on T { ...F${nth + 1} ...F${nth + 1} }`,
    );
    const attack = `{ ...F0 } ${nested.join(' ')} fragment F100 on T { a }`;
    expect(outcome(() => measure(attack, DEFAULT_LIMITS))).toBe('OPERATION_TOO_LARGE');
  });
});

describe('the cost of an operation', () => {
  const schema = buildSchema(`
    type Query { one: Contract page(first: Int = 7, after: String): ContractConnection many: [Contract!]! node: Node }
    type Mutation { rename: Contract }
    interface Node { id: ID children: [Node!] }
    type ContractConnection { nodes: [Contract!]! totalCount: Int }
    type Contract implements Node { id: ID title: String children: [Node!] pages(first: Int, last: Int): ContractConnection }
  `);
  const cost = (
    query: string,
    variables: Record<string, unknown> = {},
    over: Partial<Limits> = {},
  ): unknown => {
    const document = parse(query);
    const operation = getOperationAST(document);
    if (!operation) throw new Error('no operation');
    return outcome(() => checkCost({ schema, document, operation, variables }, limits(over)));
  };

  it.each<[string, string, number]>([
    ['one for each field', '{ one { id title } }', 3],
    [
      'a page as often as it holds entries, and its list not once more',
      '{ page(first: 10) { nodes { id title } } }',
      31,
    ],
    ['a page by its own default', '{ page { nodes { id } } }', 15],
    ['a page without any number as the largest', '{ one { pages { nodes { id } } } }', 202],
    ['the larger of two numbers', '{ one { pages(first: 2, last: 3) { totalCount } } }', 5],
    ['a list without a number as five', '{ many { id title } }', 11],
    ['lists in lists multiplied', '{ many { children { id } } }', 31],
    [
      'fragments each time, inline ones as well',
      '{ many { ...F ... on Contract { id } } } fragment F on Contract { id title }',
      16,
    ],
    ['fields of an interface like others', '{ node { children { id } } }', 7],
    ['nothing for introspection', '{ __schema { types { name } } __typename }', 2],
  ])('is %s', (_name, query, expected) => {
    expect(cost(query)).toBe(expected);
  });
  it('takes the size of a page from a variable, and from its default', () => {
    const query = 'query ($n: Int = 3) { page(first: $n) { totalCount } }';
    expect([cost(query), cost(query, { n: 9 }), cost(query, { n: null })]).toEqual([4, 10, 101]);
  });
  it('above the limit is refused, at the limit it is not', () => {
    expect(cost('{ page(first: 10) { nodes { id title } } }', {}, { maxCost: 31 })).toBe(31);
    expect(cost('{ page(first: 10) { nodes { id title } } }', {}, { maxCost: 30 })).toBe(
      'OPERATION_TOO_LARGE',
    );
  });
  it.each([[-1], [101], [1e9], [1.5], ['20'], [{ first: 1 }], [Number.NaN]])(
    'a page of %p is refused wherever it comes from',
    (n) => {
      expect(cost('query ($n: Int) { page(first: $n) { totalCount } }', { n })).toBe(
        'BAD_USER_INPUT',
      );
    },
  );
  it.each([['-1'], ['101'], ['99999999999']])('a page of %s in the text is refused', (n) => {
    expect(cost(`{ page(first: ${n}) { totalCount } }`)).toBe('BAD_USER_INPUT');
    expect(cost(`query ($n: Int = ${n}) { page(first: $n) { totalCount } }`)).toBe(
      'BAD_USER_INPUT',
    );
  });
  it('a page of one and one of a hundred are pages, one of none is not', () => {
    expect([
      cost('{ page(first: 1) { totalCount } }'),
      cost('{ page(first: 100) { totalCount } }'),
      cost('{ page(first: 0) { totalCount } }'),
    ]).toEqual([2, 101, 'BAD_USER_INPUT']);
  });
});
