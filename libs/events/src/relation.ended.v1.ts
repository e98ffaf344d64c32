import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { civilDate, id, object } from './parts.js';

export interface RelationEndedPayload {
  relationId: string;
  personId: string;
  organisationId: string;
  to: string;
}

export const RelationEnded = defineEvent<RelationEndedPayload>({
  name: 'relation.ended',
  version: 1,
  aggregate: 'relation',
  source: '/organisations',
  topic: 'mulin.organisation.events.v1',
  key: (payload) => payload.organisationId,
  subject: (payload) => payload.relationId,
  title: 'A relation between a person and an organisation ended',
  description:
    'The last day of a recorded relation is now known. The duty to recuse oneself goes on for three years after it.',
  article: '政府采购法实施条例 art. 9',
  schema: object<RelationEndedPayload>({
    relationId: id('rel', 'The relation.'),
    personId: id('per', 'The person, by pseudonymous id.'),
    organisationId: id('org', 'The organisation.'),
    to: civilDate('Last day of the relation.'),
  }),
  good: {
    relationId: EXAMPLE.relation,
    personId: EXAMPLE.person,
    organisationId: EXAMPLE.organisation,
    to: '2026-03-01',
  },
  bad: {
    payload: {
      relationId: EXAMPLE.relation,
      personId: EXAMPLE.person,
      organisationId: EXAMPLE.organisation,
      to: null,
    },
    because: 'an ended relation has a last day',
  },
});
