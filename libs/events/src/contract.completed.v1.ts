import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { civilDate, id, object } from './parts.js';

export interface ContractCompletedPayload {
  contractId: string;
  organisationId: string;
  completedOn: string;
}

export const ContractCompleted = defineEvent<ContractCompletedPayload>({
  name: 'contract.completed',
  version: 1,
  aggregate: 'contract',
  source: '/contracts',
  topic: 'mulin.contract.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.contractId,
  title: 'A contract ran to its end',
  description:
    'The term is over and nothing of the work is open. Instalments may still be evaluated and paid afterwards.',
  article: '政府采购法 art. 41; 政府采购法实施条例 art. 45',
  schema: object<ContractCompletedPayload>({
    contractId: id('con', 'The contract.'),
    organisationId: id('org', 'The organisation that provided the service.'),
    completedOn: civilDate('Last day of performance.'),
  }),
  good: {
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    completedOn: '2026-12-31',
  },
  bad: {
    payload: { contractId: EXAMPLE.contract, organisationId: EXAMPLE.organisation },
    because: 'the day is missing',
  },
});
