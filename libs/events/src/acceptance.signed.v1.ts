import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, instant, object, oneOf } from './parts.js';

export interface AcceptanceSignedPayload {
  acceptanceId: string;
  contractId: string;
  organisationId: string;
  outcome: 'accepted' | 'failed';
  signedAt: string;
}

export const AcceptanceSigned = defineEvent<AcceptanceSignedPayload>({
  name: 'acceptance.signed',
  version: 1,
  aggregate: 'acceptance',
  source: '/evaluations',
  topic: 'mulin.evaluation.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.acceptanceId,
  title: 'The final acceptance of a contract was signed',
  description:
    'Decides the retained money (尾款) of every instalment: accepted releases it, failed reduces it. Payments answers with one payment.decided of kind acceptance per instalment that retained something.',
  article: '政府采购法 art. 41; 政府采购法实施条例 art. 45 (履约验收书)',
  schema: object<AcceptanceSignedPayload>({
    acceptanceId: id('acc', 'The acceptance record.'),
    contractId: id('con', 'The contract.'),
    organisationId: id('org', 'The organisation that provided the service.'),
    outcome: oneOf(['accepted', 'failed'], 'Result of the acceptance.'),
    signedAt: instant('When it was signed.'),
  }),
  good: {
    acceptanceId: EXAMPLE.acceptance,
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    outcome: 'accepted',
    signedAt: '2027-01-15T02:00:00.000Z',
  },
  bad: {
    payload: {
      acceptanceId: EXAMPLE.acceptance,
      contractId: EXAMPLE.contract,
      organisationId: EXAMPLE.organisation,
      outcome: 'partly',
      signedAt: '2027-01-15T02:00:00.000Z',
    },
    because: 'an acceptance is given or not',
  },
});
