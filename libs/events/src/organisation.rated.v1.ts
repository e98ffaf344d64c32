import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { civilDate, count, id, object } from './parts.js';

export interface OrganisationRatedPayload {
  ratingId: string;
  organisationId: string;
  grade: number;
  from: string;
  to: string;
}

export const OrganisationRated = defineEvent<OrganisationRatedPayload>({
  name: 'organisation.rated',
  version: 1,
  aggregate: 'organisation',
  source: '/organisations',
  topic: 'mulin.organisation.events.v1',
  key: (payload) => payload.organisationId,
  subject: (payload) => payload.organisationId,
  title: 'An organisation was graded',
  description:
    'A grade of the social-organisation evaluation (社会组织评估等级) was entered and confirmed by a second person. It holds from its first to its last day, five years at the longest.',
  article: '民政部令第39号 (社会组织评估管理办法)',
  schema: object<OrganisationRatedPayload>({
    ratingId: id('rtg', 'The rating.'),
    organisationId: id('org', 'The organisation.'),
    grade: count('1 to 5: 1A to 5A.'),
    from: civilDate('First day it holds.'),
    to: civilDate('Last day it holds.'),
  }),
  good: {
    ratingId: EXAMPLE.rating,
    organisationId: EXAMPLE.organisation,
    grade: 4,
    from: '2024-07-01',
    to: '2029-06-30',
  },
  bad: {
    payload: { ratingId: EXAMPLE.rating, organisationId: EXAMPLE.organisation, grade: 4 },
    because: 'a grade without its days holds for ever',
  },
});
