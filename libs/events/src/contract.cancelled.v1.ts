import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, instant, nullable, object, word } from './parts.js';

export interface ContractCancelledPayload {
  contractId: string;
  organisationId: string;
  tenderId: string | null;
  reasonCode: string;
  cancelledAt: string;
}

export const ContractCancelled = defineEvent<ContractCancelledPayload>({
  name: 'contract.cancelled',
  version: 1,
  aggregate: 'contract',
  source: '/contracts',
  topic: 'mulin.contract.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.contractId,
  title: 'A contract was given up while it was drafted',
  description:
    'No money was asked for or reserved at that time. One that waited for its money, or had it, tells contract.fundsReleased instead; either way nobody signs it any more, and the award it was drafted from has fallen.',
  article: '政府采购法 art. 46; 政府采购法实施条例 art. 49',
  schema: object<ContractCancelledPayload>({
    contractId: id('con', 'The contract.'),
    organisationId: id('org', 'The organisation that would have been contracted.'),
    tenderId: nullable(id('ten', 'The tender it was awarded by; null: none.')),
    reasonCode: word(['givenUp', 'awardInvalid', 'expired'], 'Why.'),
    cancelledAt: instant('When.'),
  }),
  good: {
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    tenderId: EXAMPLE.tender,
    reasonCode: 'givenUp',
    cancelledAt: '2025-12-02T10:00:00+08:00',
  },
  bad: {
    payload: {
      contractId: EXAMPLE.contract,
      organisationId: EXAMPLE.organisation,
      tenderId: EXAMPLE.tender,
      cancelledAt: '2025-12-02T10:00:00+08:00',
    },
    because: 'it does not say why',
  },
});
