import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Parser } from '@asyncapi/parser';
import { asyncApi } from './asyncapi.js';
import {
  defineEvent,
  EVENT_TYPES,
  eventTypeOf,
  eventTypesOn,
  PaymentDecided,
  EvaluationFinalised,
  TOPICS,
  validate,
  validateStrict,
} from './index.js';
import { id, object, publishedText } from './parts.js';
import { drift, breaks, printedFiles } from './print.js';

const home = join(import.meta.dirname, '..');
const json = (file: string): unknown => JSON.parse(readFileSync(join(home, file), 'utf8'));

describe.each(EVENT_TYPES.map((type) => [type.pattern, type] as const))('%s', (_, type) => {
  it('takes its good example, and so does the producer', () => {
    expect(validate(type, type.good)).toEqual({ ok: true, payload: type.good });
    expect(validateStrict(type, type.good)).toEqual({ ok: true, payload: type.good });
  });

  it(`refuses its bad example: ${type.bad.because}`, () => {
    expect(validate(type, type.bad.payload)).toMatchObject({ ok: false });
  });

  it('lets a reader ignore an unknown field, and lets no producer write one', () => {
    const more = { ...Object(type.good), colour: 'red' };
    expect(validate(type, more).ok).toBe(true);
    expect(validateStrict(type, more)).toEqual({
      ok: false,
      problems: ['/ must NOT have additional properties (colour)'],
    });
  });

  it('still takes every event of this type that was ever kept as golden', () => {
    const golden = json(`golden/${type.pattern}.json`);
    expect(Array.isArray(golden) && golden.length > 0).toBe(true);
    for (const event of golden as unknown[])
      expect(validate(type, event)).toMatchObject({ ok: true });
  });

  it('names its key and its subject by ids that are in the payload', () => {
    const values = Object.values(Object(type.good));
    expect(values).toContain(type.key(type.good));
    expect(values).toContain(type.subject(type.good));
  });

  it('says what it is, when it happens and what it rests on', () => {
    expect(type.description.length).toBeGreaterThan(60);
    expect(type.article).not.toBe('');
    for (const [name, field] of Object.entries(type.schema.properties ?? {})) {
      expect([name, field.description ?? (field.properties ? 'by its fields' : '')]).not.toEqual([
        name,
        '',
      ]);
    }
  });
});

describe('the registry', () => {
  it('knows every event file of this folder', () => {
    const files = readdirSync(import.meta.dirname).filter((name) => /\.v\d+\.ts$/.test(name));
    expect(EVENT_TYPES.map((type) => `${type.pattern}.ts`).sort()).toEqual(files.sort());
  });

  it('finds a type by its header and does not guess at a version it does not know', () => {
    expect(eventTypeOf('mulin.evaluation.finalised.v1')).toBe(EvaluationFinalised);
    expect(eventTypeOf('mulin.evaluation.finalised.v2')).toBeUndefined();
    expect(eventTypeOf('toString')).toBeUndefined();
  });

  it('sorts every type under exactly one of six topics', () => {
    expect(TOPICS).toHaveLength(6);
    expect(TOPICS.flatMap((topic) => eventTypesOn(topic))).toHaveLength(EVENT_TYPES.length);
  });

  it('gives every aggregate one topic and one source, so that its numbers have no gap for a reader', () => {
    const places = new Map<string, Set<string>>();
    for (const { aggregate, topic, source } of EVENT_TYPES) {
      places.set(aggregate, (places.get(aggregate) ?? new Set()).add(`${topic} ${source}`));
    }
    for (const [aggregate, where] of places)
      expect([aggregate, where.size]).toEqual([aggregate, 1]);
  });
});

describe('an example of the documentation', () => {
  it('is the event that moves money, field by field', () => {
    expect(Object.keys(EvaluationFinalised.good)).toEqual([
      ...['evaluationId', 'contractId', 'instalmentId', 'organisationId', 'attempt'],
      ...['previousEvaluationId', 'score', 'gates', 'breaches', 'ruleVersion', 'finalisedAt'],
    ]);
  });

  it('is the answer to it: 8500 points with two late hotline orders', () => {
    expect(PaymentDecided.good).toMatchObject({ releasedFen: '26800000', reducedFen: '3200000' });
  });
});

describe('personal data', () => {
  const define = (properties: Record<string, object>) => () =>
    defineEvent<Record<string, unknown>>({
      ...{ name: 'test.happened', version: 1, aggregate: 'test', source: '/payments' },
      ...{ topic: 'mulin.payment.events.v1', key: () => '', subject: () => '' },
      ...{ title: '', description: '', article: '', good: {}, bad: { payload: 1, because: '' } },
      schema: object<Record<string, unknown>>(properties),
    });
  const bounded = { type: 'string', pattern: '^[0-9]+$' };

  it.each([
    ...['name', 'contactName', 'phone', 'mobilePhone', 'address', 'homeAddress', 'idNumber'],
    ...['idCardNo', 'email', 'birthday', 'dateOfBirth', 'remark', 'reason', 'comment', 'note'],
    ...['evaluatorOpinion', 'freeText', 'contactPerson'],
  ])('has no field called %s', (field) => {
    expect(define({ [field]: bounded })).toThrow(`"${field}" is called like personal data`);
  });

  it('has no text of unbounded shape, whatever its field is called', () => {
    expect(define({ colour: { type: 'string' } })).toThrow('takes any prose');
    expect(define({ colour: { type: ['string', 'null'], maxLength: 9 } })).toThrow('any prose');
    expect(define({ colour: { type: 'string', pattern: '[0-9]' } })).toThrow('takes any prose');
    expect(define({ colour: publishedText('A published title nobody allowed.') })).toThrow('prose');
  });

  it('is not hidden in a list, in an object inside, or in an object without named fields', () => {
    expect(define({ colours: { type: 'array', items: { type: 'string' } } })).toThrow('any prose');
    expect(define({ colour: object({ phone: bounded }) })).toThrow('/colour/phone');
    expect(define({ extra: { type: 'object' } })).toThrow('takes anything');
  });

  it('lets codes, ids and reasons by code pass', () => {
    expect(
      define({ reasonCode: bounded, personId: id('per', ''), amountFen: bounded }),
    ).not.toThrow();
  });
});

describe('what is printed for data teams', () => {
  it('is what the code says, and breaks nobody who reads the committed schemas', () => {
    expect(drift()).toEqual([]);
    expect(breaks()).toEqual([]);
  });

  it('tells of a file that is missing', () => {
    const empty = join(home, 'no-such-folder');
    expect(existsSync(empty)).toBe(false);
    expect(drift(empty)).toHaveLength(printedFiles().size);
  });

  it('is a valid AsyncAPI 3.0 document without a warning', async () => {
    const { document, diagnostics } = await new Parser().parse(JSON.stringify(asyncApi()));
    expect(diagnostics.filter((each) => each.severity <= 1).map((each) => each.message)).toEqual(
      [],
    );
    expect(document?.version()).toBe('3.0.0');
    expect(document?.channels().all()).toHaveLength(TOPICS.length);
  });
});
