import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { count, id, object, oneOf } from './parts.js';

export interface ContractFundsReleasedPayload {
  contractId: string;
  organisationId: string;
  requestNo: number;
  because: 'cancelled' | 'expired';
}

export const ContractFundsReleased = defineEvent<ContractFundsReleasedPayload>({
  name: 'contract.fundsReleased',
  version: 1,
  aggregate: 'contract',
  source: '/contracts',
  topic: 'mulin.contract.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.contractId,
  title: 'A contract gives its reserved money back',
  description:
    'The contract was cancelled before both sides signed, or the time for signing ran out. Payments frees the commitment of this request and answers with commitment.released.',
  article: '政府采购法 art. 46 (30 days to sign)',
  schema: object<ContractFundsReleasedPayload>({
    contractId: id('con', 'The contract.'),
    organisationId: id('org', 'The organisation that would have been paid.'),
    requestNo: count('The request that is given up.'),
    because: oneOf(['cancelled', 'expired'], 'Why.'),
  }),
  good: {
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    requestNo: 1,
    because: 'cancelled',
  },
  bad: {
    payload: {
      contractId: EXAMPLE.contract,
      organisationId: EXAMPLE.organisation,
      requestNo: 1,
      because: 'changed our minds',
    },
    because: 'the reason is one of two words',
  },
});
