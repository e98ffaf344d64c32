import type { JsonSchema, ObjectSchema } from './json-schema.js';
import { personalDataProblems } from './personal-data.js';

/** The event topics. In the purchasing chain one per owning service, key = contract id; elsewhere one per aggregate. */
export type Topic =
  | 'mulin.organisation.events.v1'
  | 'mulin.tender.events.v1'
  | 'mulin.contract.events.v1'
  | 'mulin.evaluation.events.v1'
  | 'mulin.payment.events.v1'
  | 'mulin.audit.events.v1';

export interface EventDefinition<P> {
  /** `<aggregate>.<pastTense>`, as the design's list of events has it. */
  name: string;
  version: number;
  /** What the event happened to. Event numbers (`ce_aggregateversion`) count 1, 2, 3 … per aggregate and subject. */
  aggregate: string;
  /** CloudEvents source: the service that says so; /audit is every service about its own record. */
  source: '/organisations' | '/tenders' | '/contracts' | '/evaluations' | '/payments' | '/audit';
  topic: Topic;
  /** Record key: order holds between events of one topic and key, nowhere else. */
  key(this: void, payload: P): string;
  /** CloudEvents subject: the id of the aggregate. */
  subject(this: void, payload: P): string;
  title: string;
  /** For a data engineer: what it is, when it happens, what to do with it. */
  description: string;
  /** The law article or page of the rules that it rests on. */
  article: string;
  schema: ObjectSchema<P>;
  good: P;
  bad: { payload: unknown; because: string };
}

/** A type of event: its names on the wire, where it travels, and what its payload looks like. */
export interface EventType<P = unknown> {
  readonly name: string;
  readonly version: number;
  readonly aggregate: string;
  readonly source: string;
  readonly topic: Topic;
  readonly title: string;
  readonly description: string;
  readonly article: string;
  readonly schema: JsonSchema;
  readonly good: P;
  readonly bad: { readonly payload: unknown; readonly because: string };
  /** Header `ce_type`: `mulin.evaluation.finalised.v1`. */
  readonly ceType: string;
  /** Pattern of a handler: `evaluation.finalised.v1`. */
  readonly pattern: string;
  /** Header `ce_dataschema`: `urn:mulin:schema:evaluation.finalised:1`. */
  readonly dataSchema: string;
  // Methods, not properties: a list of all types must be able to hold each one (method parameters are bivariant).
  key(payload: P): string;
  subject(payload: P): string;
}

/** Defines one event type. Throws when its schema could carry personal data: such a type must not exist. */
export function defineEvent<P>(definition: EventDefinition<P>): EventType<P> {
  const { name, version, schema } = definition;
  const problems = personalDataProblems(name, schema);
  if (problems.length > 0) throw new Error(`event may not be defined:\n  ${problems.join('\n  ')}`);
  return Object.freeze({
    ...definition,
    ceType: `mulin.${name}.v${version}`,
    pattern: `${name}.v${version}`,
    dataSchema: `urn:mulin:schema:${name}:${version}`,
  });
}
