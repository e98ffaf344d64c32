import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { creditCode, id, nullable, object, publishedText, word } from './parts.js';

export interface OrganisationRegisteredPayload {
  organisationId: string;
  type: string;
  /** Public name, as the register of organisations publishes it. */
  name: string;
  creditCode: string | null;
}

export const OrganisationRegistered = defineEvent<OrganisationRegisteredPayload>({
  name: 'organisation.registered',
  version: 1,
  aggregate: 'organisation',
  source: '/organisations',
  topic: 'mulin.organisation.events.v1',
  key: (payload) => payload.organisationId,
  subject: (payload) => payload.organisationId,
  title: 'An organisation was entered in the register',
  description:
    'A social organisation, company, department or neighbourhood committee is now known to the street. It may not yet be contracted: wait for organisation.verified. The first event of each organisation.',
  article: '社会组织信用信息管理办法 art. 5; GB 32100-2015 (credit code)',
  schema: object<OrganisationRegisteredPayload>({
    organisationId: id('org', 'The organisation.'),
    type: word(
      [
        'serviceOrganisation',
        'association',
        'foundation',
        'department',
        'neighbourhoodCommittee',
        'partner',
      ],
      'Kind of organisation.',
    ),
    name: publishedText('Public name of the organisation.'),
    creditCode: nullable(creditCode('统一社会信用代码; null for a body that has none.')),
  }),
  good: {
    organisationId: EXAMPLE.organisation,
    type: 'serviceOrganisation',
    name: '延泽社会服务中心',
    creditCode: '52310110MJ5012342M',
  },
  bad: {
    payload: {
      organisationId: EXAMPLE.organisation,
      type: 'serviceOrganisation',
      name: '延泽社会服务中心',
      creditCode: '52310110MJ501234',
    },
    because: 'a credit code has 18 characters',
  },
});
