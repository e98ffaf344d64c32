import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { civilDate, id, nullable, object, word } from './parts.js';

export interface RelationRecordedPayload {
  relationId: string;
  personId: string;
  organisationId: string;
  kind: string;
  from: string;
  to: string | null;
}

export const RelationRecorded = defineEvent<RelationRecordedPayload>({
  name: 'relation.recorded',
  version: 1,
  aggregate: 'relation',
  source: '/organisations',
  topic: 'mulin.organisation.events.v1',
  key: (payload) => payload.organisationId,
  subject: (payload) => payload.relationId,
  title: 'A person was found to be related to an organisation',
  description:
    'Ground for recusal (回避): while the relation lasts, and for three years after it, the person may not evaluate, approve or decide on the organisation. The person is a pseudonymous id.',
  article: '政府采购法实施条例 art. 9',
  schema: object<RelationRecordedPayload>({
    relationId: id('rel', 'The relation.'),
    personId: id('per', 'The person, by pseudonymous id.'),
    organisationId: id('org', 'The organisation.'),
    kind: word(
      [
        'head',
        'director',
        'supervisor',
        'employee',
        'controllingHolder',
        'relativeOfHead',
        'other',
      ],
      'Kind of relation.',
    ),
    from: civilDate('First day.'),
    to: nullable(civilDate('Last day; null while it lasts.')),
  }),
  good: {
    relationId: EXAMPLE.relation,
    personId: EXAMPLE.person,
    organisationId: EXAMPLE.organisation,
    kind: 'director',
    from: '2022-03-01',
    to: '2024-03-01',
  },
  bad: {
    payload: {
      relationId: EXAMPLE.relation,
      personId: '张三',
      organisationId: EXAMPLE.organisation,
      kind: 'director',
      from: '2022-03-01',
      to: null,
    },
    because: 'a person is named by id, never by name',
  },
});
