import type { EventId } from '@mulin/ids';
import type { NewEvent } from './event.js';

/** The CloudEvents attributes of a record (binary mode: they are its headers), as far as we use them. */
export interface Envelope {
  id: string;
  /** `mulin.evaluation.finalised.v1` */
  ceType: string;
  subject: string;
  street: string;
  time: Date;
  aggregateVersion: number;
  /** The aggregate and its id, `evaluation:eva_…`: within it, versions are counted. */
  stream: string;
}

/** The headers of a new event; `ce_time` and the request's `traceparent` are the database's to say: the outbox adds them. */
export function headersOf(id: EventId, event: NewEvent, key: string): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: event.type.ceType,
    ce_source: event.type.source,
    ce_subject: event.aggregateId,
    ce_dataschema: event.type.dataSchema,
    ce_street: event.street,
    ce_partitionkey: key,
    ce_aggregateversion: String(event.aggregateVersion),
    ...(event.causationId ? { ce_causationid: event.causationId } : {}),
    'content-type': 'application/json',
  };
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const TYPE = /^mulin\.([a-zA-Z]{1,60})\.[a-zA-Z]{1,60}\.v[1-9][0-9]{0,3}$/;
const SUBJECT = /^[\x21-\x7e]{1,100}$/;

/**
 * Reads the headers, or answers the name of the first one that is missing or not what it must be.
 *
 * @param aggregateOf the aggregate of a type; of one that is not known, the first word of its name
 */
export function envelopeOf(
  headers: Record<string, string>,
  aggregateOf: (ceType: string) => string | undefined,
): Envelope | { badHeader: string } {
  const { ce_id: id = '', ce_type: ceType = '', ce_subject: subject = '' } = headers;
  const aggregateVersion = Number(headers.ce_aggregateversion);
  const time = new Date(headers.ce_time ?? '');
  const aggregate = aggregateOf(ceType) ?? TYPE.exec(ceType)?.[1];
  if (headers.ce_specversion !== '1.0') return { badHeader: 'ce_specversion' };
  if (!UUID.test(id)) return { badHeader: 'ce_id' };
  if (!aggregate) return { badHeader: 'ce_type' };
  if (!SUBJECT.test(subject)) return { badHeader: 'ce_subject' };
  if (!/^[0-9]{9}$/.test(headers.ce_street ?? '')) return { badHeader: 'ce_street' };
  if (Number.isNaN(time.getTime())) return { badHeader: 'ce_time' };
  if (!Number.isInteger(aggregateVersion) || aggregateVersion < 1 || aggregateVersion >= 2 ** 31)
    return { badHeader: 'ce_aggregateversion' };
  return {
    id,
    ceType,
    subject,
    street: headers.ce_street ?? '',
    time,
    aggregateVersion,
    stream: `${aggregate}:${subject}`,
  };
}
