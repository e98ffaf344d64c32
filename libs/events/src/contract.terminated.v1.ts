import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { civilDate, flag, id, object, word } from './parts.js';

export interface ContractTerminatedPayload {
  contractId: string;
  organisationId: string;
  reasonCode: string;
  terminatedOn: string;
  /** Its tender is held by a challenge that is not answered yet. */
  staysSuspended?: boolean;
  /** It ended before its first day. */
  neverBegan?: boolean;
}

export const ContractTerminated = defineEvent<ContractTerminatedPayload>({
  name: 'contract.terminated',
  version: 1,
  aggregate: 'contract',
  source: '/contracts',
  topic: 'mulin.contract.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.contractId,
  title: 'A contract ended before its term',
  description:
    'Payments gives back what was committed for instalments that nobody will evaluate any more. What was already decided stays decided, but for the advance of a contract that never began: unless it is on its way to the bank, it goes back too.',
  article: '政府采购法 art. 50; 民法典 arts. 562–566',
  schema: object<ContractTerminatedPayload>(
    {
      contractId: id('con', 'The contract.'),
      organisationId: id('org', 'The organisation that provided the service.'),
      reasonCode: word(['publicInterest', 'breach', 'agreement'], 'Ground of the termination.'),
      terminatedOn: civilDate(
        'Last day of the contract; the day before its first, where it never began.',
      ),
      staysSuspended: flag(
        'A challenge to its tender is not answered yet: its orders wait until contract.resumed. Otherwise a suspension ends here.',
      ),
      neverBegan: flag(
        'It ended before its first day: nothing was performed, and no order of it is approved any more.',
      ),
    },
    { optional: ['staysSuspended', 'neverBegan'] },
  ),
  good: {
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    reasonCode: 'agreement',
    terminatedOn: '2026-09-30',
    staysSuspended: false,
    neverBegan: false,
  },
  bad: {
    payload: {
      contractId: EXAMPLE.contract,
      organisationId: EXAMPLE.organisation,
      reasonCode: 'They never answered the telephone.',
      terminatedOn: '2026-09-30',
    },
    because: 'the ground is a word, not prose',
  },
});
