import { registerEnumType } from '@nestjs/graphql';
import { ContractsSchema } from '../schema.js';

/** Where a contract stands. */
export enum ContractState {
  DRAFTED = 'drafted',
  AWAITING_FUNDS = 'awaitingFunds',
  FUNDED = 'funded',
  SIGNED = 'signed',
  ACTIVE = 'active',
  COMPLETED = 'completed',
  TERMINATED = 'terminated',
  CANCELLED = 'cancelled',
}

/** Every step there is. The database has the same table and refuses every other one. */
export const NEXT: Readonly<Record<ContractState, readonly ContractState[]>> = {
  drafted: [ContractState.AWAITING_FUNDS, ContractState.CANCELLED],
  awaitingFunds: [ContractState.FUNDED, ContractState.DRAFTED, ContractState.CANCELLED],
  funded: [ContractState.SIGNED, ContractState.CANCELLED],
  signed: [ContractState.ACTIVE, ContractState.TERMINATED],
  active: [ContractState.COMPLETED, ContractState.TERMINATED],
  completed: [],
  terminated: [],
  cancelled: [],
};

registerEnumType(ContractState, {
  name: 'ContractState',
  registerIn: () => ContractsSchema,
  description: 'Where a contract stands.',
  valuesMap: {
    DRAFTED: { description: 'Its terms can be revised.' },
    AWAITING_FUNDS: {
      description: 'Its terms are fixed; payments was asked to reserve the money.',
    },
    FUNDED: { description: 'The money is reserved; both sides may sign.' },
    SIGNED: { description: 'Both sides signed; the payment rule is frozen.' },
    ACTIVE: { description: 'Within its term.' },
    COMPLETED: { description: 'Its term ran out.' },
    TERMINATED: { description: 'Ended before its term, for a ground the law knows.' },
    CANCELLED: { description: 'Given up before both sides signed.' },
  },
});

/** The two sides of a contract. */
export enum Side {
  BUYER = 'buyer',
  PROVIDER = 'provider',
}
registerEnumType(Side, {
  name: 'ContractSide',
  registerIn: () => ContractsSchema,
  valuesMap: {
    BUYER: { description: '购买主体: the street office' },
    PROVIDER: { description: '承接主体: the social organisation' },
  },
});

/** How messages call the sides. */
export const SIDE_NAMES: Record<Side, { zh: string; en: string }> = {
  buyer: { zh: '购买主体', en: 'the buyer' },
  provider: { zh: '承接主体', en: 'the provider' },
};
