import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, instant, object } from './parts.js';

export interface ContractSuspendedPayload {
  contractId: string;
  organisationId: string;
  tenderId: string;
  suspendedAt: string;
}

export const ContractSuspended = defineEvent<ContractSuspendedPayload>({
  name: 'contract.suspended',
  version: 1,
  aggregate: 'contract',
  source: '/contracts',
  topic: 'mulin.contract.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.contractId,
  title: 'A contract was suspended',
  description:
    'Its tender is suspended: it is neither signed nor performed, and no order of it is paid. What was evaluated is still decided.',
  article: '政府采购法实施条例 art. 54',
  schema: object<ContractSuspendedPayload>({
    contractId: id('con', 'The contract.'),
    organisationId: id('org', 'The organisation that provides the service.'),
    tenderId: id('ten', 'The tender.'),
    suspendedAt: instant('When.'),
  }),
  good: {
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    tenderId: EXAMPLE.tender,
    suspendedAt: '2025-12-03T10:00:00+08:00',
  },
  bad: {
    payload: { contractId: EXAMPLE.contract, organisationId: EXAMPLE.organisation },
    because: 'it does not say when',
  },
});
