import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, instant, object } from './parts.js';

export interface ContractResumedPayload {
  contractId: string;
  organisationId: string;
  tenderId: string;
  resumedAt: string;
}

export const ContractResumed = defineEvent<ContractResumedPayload>({
  name: 'contract.resumed',
  version: 1,
  aggregate: 'contract',
  source: '/contracts',
  topic: 'mulin.contract.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.contractId,
  title: 'A contract was resumed',
  description:
    'Its tender goes on: it may be signed, performed and paid again; of one that was terminated meanwhile, what was worked is paid.',
  article: '政府采购法实施条例 art. 54',
  schema: object<ContractResumedPayload>({
    contractId: id('con', 'The contract.'),
    organisationId: id('org', 'The organisation that provides the service.'),
    tenderId: id('ten', 'The tender.'),
    resumedAt: instant('When.'),
  }),
  good: {
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    tenderId: EXAMPLE.tender,
    resumedAt: '2025-12-03T10:00:00+08:00',
  },
  bad: {
    payload: { contractId: EXAMPLE.contract, organisationId: EXAMPLE.organisation },
    because: 'it does not say when',
  },
});
