import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { civilDate, id, object } from './parts.js';

export interface OrganisationRestrictedPayload {
  organisationId: string;
  until: string;
}

export const OrganisationRestricted = defineEvent<OrganisationRestrictedPayload>({
  name: 'organisation.restricted',
  version: 1,
  aggregate: 'organisation',
  source: '/organisations',
  topic: 'mulin.organisation.events.v1',
  key: (payload) => payload.organisationId,
  subject: (payload) => payload.organisationId,
  title: 'An organisation may win no contract for a time',
  description:
    'A bad record was entered. Until the end of the named day the organisation may not be given new contracts; running contracts and payments for evaluated work go on.',
  article: '政府采购法 art. 77 (1–3 years)',
  schema: object<OrganisationRestrictedPayload>({
    organisationId: id('org', 'The organisation.'),
    until: civilDate('Last day of the restriction.'),
  }),
  good: { organisationId: EXAMPLE.organisation, until: '2027-11-23' },
  bad: {
    payload: { organisationId: EXAMPLE.organisation, until: '23.11.2027' },
    because: 'dates are written YYYY-MM-DD',
  },
});
