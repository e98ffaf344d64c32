import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { code, id, instant, object, oneOf } from './parts.js';

export interface ObligationFulfilledPayload {
  fulfilmentId: string;
  contractId: string;
  organisationId: string;
  /** Code of the obligation. */
  obligation: string;
  status: 'fulfilled' | 'waived' | 'atRisk';
  /** When it was so, as opposed to when a second person confirmed it (the event's time). */
  occurredAt: string;
}

export const ObligationFulfilled = defineEvent<ObligationFulfilledPayload>({
  name: 'obligation.fulfilled',
  version: 1,
  aggregate: 'fulfilment',
  source: '/contracts',
  topic: 'mulin.contract.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.fulfilmentId,
  title: 'A report on an obligation was confirmed',
  description:
    'Two people, one to record and one to confirm, agree on how an obligation stands: fulfilled, waived (counts as fulfilled) or at risk (does not). The latest occurredAt of a code is what a gate looks at.',
  article: '政府采购法实施条例 art. 45; 财库〔2021〕22号 art. 24',
  schema: object<ObligationFulfilledPayload>({
    fulfilmentId: id('ful', 'The confirmed report.'),
    contractId: id('con', 'The contract.'),
    organisationId: id('org', 'The organisation that provides the service.'),
    obligation: code('Code of the obligation.'),
    status: oneOf(['fulfilled', 'waived', 'atRisk'], 'How it stands.'),
    occurredAt: instant('When it was so.'),
  }),
  good: {
    fulfilmentId: EXAMPLE.fulfilment,
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    obligation: 'volunteer-team',
    status: 'fulfilled',
    occurredAt: '2026-05-12T06:30:00.000Z',
  },
  bad: {
    payload: {
      fulfilmentId: EXAMPLE.fulfilment,
      contractId: EXAMPLE.contract,
      organisationId: EXAMPLE.organisation,
      obligation: 'volunteer-team',
      status: 'mostly',
      occurredAt: '2026-05-12T06:30:00.000Z',
    },
    because: 'the status is one of three words',
  },
});
