import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, object } from './parts.js';

export interface OrganisationVerifiedPayload {
  organisationId: string;
}

export const OrganisationVerified = defineEvent<OrganisationVerifiedPayload>({
  name: 'organisation.verified',
  version: 1,
  aggregate: 'organisation',
  source: '/organisations',
  topic: 'mulin.organisation.events.v1',
  key: (payload) => payload.organisationId,
  subject: (payload) => payload.organisationId,
  title: 'The street verified an organisation',
  description:
    'An officer compared the entry with the public register. From now on the organisation may be contracted.',
  article: '政府采购法 art. 22; 政府购买服务管理办法 art. 6',
  schema: object<OrganisationVerifiedPayload>({
    organisationId: id('org', 'The organisation.'),
  }),
  good: { organisationId: EXAMPLE.organisation },
  bad: { payload: {}, because: 'it does not say which organisation' },
});
