import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { count, fen, id, list, object } from './parts.js';

export interface ContractFundsRequestedPayload {
  contractId: string;
  organisationId: string;
  requestNo: number;
  instalments: { id: string; no: number; amountFen: string; fundId: string }[];
  /** Of later fiscal years: nothing of them is reserved yet, but a fund that can never carry one is named at once. */
  later?: { id: string; no: number; amountFen: string; fundId: string; fiscalYear: number }[];
}

const INSTALMENT = {
  id: id('ins', 'The instalment.'),
  no: count('Number within the contract.'),
  amountFen: fen('Amount to reserve.'),
  fundId: id('fun', 'The fund it is to come from.'),
};

export const ContractFundsRequested = defineEvent<ContractFundsRequestedPayload>({
  name: 'contract.fundsRequested',
  version: 1,
  aggregate: 'contract',
  source: '/contracts',
  topic: 'mulin.contract.events.v1',
  key: (payload) => payload.contractId,
  subject: (payload) => payload.contractId,
  title: 'A drafted contract asks for its money to be reserved',
  description:
    'Nobody signs before the money is committed. Payments answers with commitment.reserved or commitment.refused, naming the same requestNo; a contract that was refused may ask again with the next number.',
  article: '预算法 art. 13; 政府购买服务管理办法 art. 14 (no purchase without budget)',
  schema: object<ContractFundsRequestedPayload>(
    {
      contractId: id('con', 'The contract.'),
      organisationId: id('org', 'The organisation that will be paid.'),
      requestNo: count('1, 2, 3 … per contract.'),
      instalments: list(
        object<ContractFundsRequestedPayload['instalments'][number]>(INSTALMENT),
        'What is to be reserved, by instalment.',
        { minItems: 1 },
      ),
      later: list(
        object<NonNullable<ContractFundsRequestedPayload['later']>[number]>({
          ...INSTALMENT,
          fiscalYear: count('The calendar year whose budget carries it.', 2000),
        }),
        'Instalments of later years, told before anyone signs. Nothing of them is reserved; the request is refused where a fund of theirs can never carry them.',
      ),
    },
    { optional: ['later'] },
  ),
  good: {
    contractId: EXAMPLE.contract,
    organisationId: EXAMPLE.organisation,
    requestNo: 1,
    instalments: [
      { id: EXAMPLE.advance, no: 1, amountFen: '30000000', fundId: EXAMPLE.fund },
      { id: EXAMPLE.secondInstalment, no: 2, amountFen: '60000000', fundId: EXAMPLE.fund },
    ],
  },
  bad: {
    payload: {
      contractId: EXAMPLE.contract,
      organisationId: EXAMPLE.organisation,
      requestNo: 1,
      instalments: [{ id: EXAMPLE.advance, no: 1, amountFen: 30000000.5, fundId: EXAMPLE.fund }],
    },
    because: 'money is whole fen in a string, never a number',
  },
});
