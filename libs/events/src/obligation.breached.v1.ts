import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { code, id, instant, object } from './parts.js';

export interface ObligationBreachedPayload {
  breachId: string;
  contractId: string;
  organisationId: string;
  /** Code of the obligation. */
  obligation: string;
  occurredAt: string;
}

export const ObligationBreached = defineEvent<ObligationBreachedPayload>({
  name: 'obligation.breached',
  version: 1,
  aggregate: 'breach',
  source: '/contracts',
  topic: 'mulin.contract.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.breachId,
  title: 'A breach of an obligation was confirmed',
  description:
    'Recorded by one person with evidence and confirmed by another. It is charged once, to the instalment whose period holds occurredAt, by the deduction the payment rule names for the code.',
  article: '民法典 arts. 582, 585; 政府采购法实施条例 art. 45',
  schema: object<ObligationBreachedPayload>({
    breachId: id('brc', 'The breach.'),
    contractId: id('con', 'The contract.'),
    organisationId: id('org', 'The organisation that provides the service.'),
    obligation: code('Code of the obligation.'),
    occurredAt: instant('When it happened.'),
  }),
  good: {
    breachId: EXAMPLE.firstBreach,
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    obligation: 'hotline-response',
    occurredAt: '2026-04-03T15:20:00.000Z',
  },
  bad: {
    payload: {
      breachId: EXAMPLE.firstBreach,
      contractId: EXAMPLE.contract,
      organisationId: EXAMPLE.organisation,
      obligation: 'hotline-response',
      occurredAt: '2026-04-03 15:20',
    },
    because: 'an instant names its offset',
  },
});
