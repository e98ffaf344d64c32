import { type EventType, validate } from '@mulin/events';
import { type Envelope, envelopeOf } from '../cloud-events.js';
import type { ConsumerDefinition } from '../consumer.js';
import type { ReceivedEvent } from '../event.js';
import type { IncomingRecord } from '../event-bus.js';
import { hashOf, payloadHash } from '../payload-hash.js';
import { type Candidate, FROM_TOPIC, type Origin, type Problem } from './candidate.js';

/** The types a consumer knows, for one look-up per record. */
export class Vocabulary {
  private readonly types = new Map<string, { type: EventType; handled: boolean }>();
  private readonly names = new Set<string>();

  constructor({ handles, ignores }: Pick<ConsumerDefinition, 'handles' | 'ignores'>) {
    for (const type of ignores) this.add(type, false);
    for (const type of handles) this.add(type, true);
  }

  /**
   * What a record is, found out without the database. Each value is parsed once; the types that this
   * consumer ignores are not held against their schema: what has no effect here cannot be wrong here.
   */
  candidate(record: IncomingRecord, origin: Origin = FROM_TOPIC): Candidate {
    const parsed = parse(record.value);
    const envelope = envelopeOf(record.headers, (ceType) => this.types.get(ceType)?.type.aggregate);
    const base = { record, key: record.key ?? '', hash: parsed.hash, origin };
    const bad = (reason: string, detail: Problem['detail'] = {}): Candidate => ({
      ...base,
      envelope: 'badHeader' in envelope ? null : envelope,
      event: null,
      problem: { reason, detail },
    });

    if ('badHeader' in envelope) return bad('notAnEvent', { header: envelope.badHeader });
    if (!record.key) return bad('noKey');
    const known = this.types.get(envelope.ceType);
    if (!known) return bad(this.isKnownName(envelope) ? 'unknownVersion' : 'unknownType');
    if (!known.handled) return { ...base, envelope, event: null, problem: null };
    if (record.value === null) return bad('nullValue');
    if ('notJson' in parsed) return bad('notJson');
    const checked = validate(known.type, parsed.payload);
    if (!checked.ok) return bad('schemaViolated', { problems: checked.problems.slice(0, 10) });
    if (known.type.key(checked.payload) !== record.key) return bad('keyMismatch');
    if (known.type.subject(checked.payload) !== envelope.subject) return bad('subjectMismatch');
    return {
      ...base,
      envelope,
      event: received(record, envelope, known.type, checked.payload),
      problem: null,
    };
  }

  private add(type: EventType, handled: boolean): void {
    this.types.set(type.ceType, { type, handled });
    this.names.add(type.name);
  }

  private isKnownName({ ceType }: Envelope): boolean {
    return this.names.has(ceType.slice('mulin.'.length, ceType.lastIndexOf('.v')));
  }
}

function parse(
  value: Buffer | null,
): { hash: string; payload: unknown } | { hash: string; notJson: true } {
  const text = value?.toString('utf8') ?? '';
  try {
    const payload: unknown = JSON.parse(text);
    return { hash: payloadHash(payload, text), payload };
  } catch {
    return { hash: hashOf(value ?? ''), notJson: true };
  }
}

function received(
  { topic, partition, offset, key }: IncomingRecord,
  { id, subject, aggregateVersion, street, time }: Envelope,
  type: EventType,
  payload: unknown,
): ReceivedEvent {
  return {
    id,
    type,
    subject,
    aggregateVersion,
    street,
    key: key ?? '',
    time,
    payload,
    topic,
    partition,
    offset,
  };
}
