import type { EventType, Topic } from './event-type.js';
import { EVENT_TYPES, TOPICS } from './registry.js';

const ABOUT_TOPIC: Record<Topic, string> = {
  'mulin.organisation.events.v1':
    'Organisations and the relations that people have to them. Record key: organisation id.',
  'mulin.tender.events.v1':
    'Procurement plans and tenders. Record key: tender id; of plans their own id.',
  'mulin.contract.events.v1':
    'Contracts, their obligations, and the requests for their money. Record key: contract id.',
  'mulin.evaluation.events.v1':
    'Evaluations, rectifications and acceptances. Record key: contract id.',
  'mulin.payment.events.v1': 'Commitments, decisions and payments. Record key: contract id.',
  'mulin.audit.events.v1':
    'What each service sealed of its record, signed. Record key: name of the service.',
};

/** The CloudEvents attributes as Kafka headers (binary mode). */
const HEADERS = {
  type: 'object',
  required: [
    ...['ce_specversion', 'ce_type', 'ce_id', 'ce_source', 'ce_subject', 'ce_time'],
    ...['ce_dataschema', 'ce_street', 'ce_partitionkey', 'ce_aggregateversion', 'content-type'],
  ],
  properties: {
    ce_specversion: { type: 'string', const: '1.0' },
    ce_type: { type: 'string', description: 'Event type, such as mulin.payment.decided.v1.' },
    ce_id: {
      type: 'string',
      format: 'uuid',
      description: 'UUIDv7. The same event may arrive twice: keep each id once.',
    },
    ce_source: { type: 'string', description: 'Service that says so, such as /payments.' },
    ce_subject: { type: 'string', description: 'Id of the aggregate it happened to.' },
    ce_time: { type: 'string', format: 'date-time', description: 'When it was recorded.' },
    ce_dataschema: { type: 'string', description: 'URN of the schema in libs/events/schemas.' },
    ce_street: {
      type: 'string',
      pattern: '^[0-9]{9}$',
      description: 'Street the event belongs to: 县以下行政区划代码, such as 310110015.',
    },
    ce_partitionkey: { type: 'string', description: 'The record key again.' },
    ce_aggregateversion: {
      type: 'string',
      pattern: '^[1-9][0-9]*$',
      description: '1, 2, 3 … per aggregate and subject, without gaps.',
    },
    traceparent: {
      type: 'string',
      description:
        'W3C trace context of the request that caused the event; absent where an event or the clock caused it.',
    },
    'content-type': { type: 'string', const: 'application/json' },
  },
};

const messageId = (type: EventType): string => type.pattern;
const channelId = (topic: Topic): string => topic.replace(/^mulin\./, '').replaceAll('.', '-');

/** The whole product as one AsyncAPI 3.0 document: every topic, every event, headers and examples. */
export function asyncApi(): unknown {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Mulin (睦邻) events',
      version: '1.0.0',
      description:
        'Facts of a street office that funds public-welfare services and pays by the result. CloudEvents 1.0 in Kafka binary mode, kept for ever. Order holds within one topic and record key. Amounts are whole fen in decimal strings, scores and shares basis points, instants RFC 3339, dates Asia/Shanghai. Within a version only optional fields are added.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    servers: {
      local: { host: '127.0.0.1:9092', protocol: 'kafka', description: 'The broker of npm start.' },
    },
    channels: Object.fromEntries(TOPICS.map((topic) => [channelId(topic), channel(topic)])),
    operations: Object.fromEntries(
      TOPICS.map((topic) => [
        `publish-${channelId(topic)}`,
        { action: 'send', channel: { $ref: `#/channels/${channelId(topic)}` } },
      ]),
    ),
    components: {
      messages: Object.fromEntries(EVENT_TYPES.map((type) => [messageId(type), message(type)])),
      messageTraits: { cloudEvent: { headers: HEADERS, contentType: 'application/json' } },
    },
  };
}

function channel(topic: Topic): unknown {
  const types = EVENT_TYPES.filter((type) => type.topic === topic);
  return {
    address: topic,
    title: topic,
    description: ABOUT_TOPIC[topic],
    servers: [{ $ref: '#/servers/local' }],
    messages: Object.fromEntries(
      types.map((type) => [messageId(type), { $ref: `#/components/messages/${messageId(type)}` }]),
    ),
    bindings: { kafka: { topic, bindingVersion: '0.5.0' } },
  };
}

function message(type: EventType): unknown {
  return {
    name: type.ceType,
    title: type.title,
    summary: type.title,
    description: `${type.description}\n\nRests on: ${type.article}.`,
    traits: [{ $ref: '#/components/messageTraits/cloudEvent' }],
    payload: type.schema,
    bindings: {
      kafka: {
        key: { type: 'string', description: `Record key, such as ${type.key(type.good)}.` },
        bindingVersion: '0.5.0',
      },
    },
    examples: [{ name: type.name, payload: type.good }],
  };
}

/** One event's schema as the file that data teams take: JSON Schema 2020-12 with the good example in it. */
export function printedSchema(type: EventType): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: type.dataSchema,
    title: type.title,
    description: `${type.description} Rests on: ${type.article}.`,
    ...type.schema,
    examples: [type.good],
  };
}
