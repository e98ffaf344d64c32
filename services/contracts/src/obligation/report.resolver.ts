import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import {
  IdAlreadyUsed,
  IdempotencyKeyReused,
  InvalidInput,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, createUnionType, Mutation, Resolver } from '@nestjs/graphql';
import { ContractIsSuspended, NotYourSide } from '../contract/signing.refusals.js';
import { ContractsSchema } from '../schema.js';
import { Breach } from './breach.entity.js';
import { BreachService } from './breach.service.js';
import { Fulfilment } from './fulfilment.entity.js';
import { FulfilmentService } from './fulfilment.service.js';
import { DecideReportInput, RecordBreachInput, RecordFulfilmentInput } from './report.inputs.js';
import { ObligationUnknown, OccurredOutsideTerm } from './report.refusals.js';

const registerIn = () => ContractsSchema;
const RECORD = [
  ContractIsSuspended,
  ObligationUnknown,
  OccurredOutsideTerm,
  StateConflict,
  IdAlreadyUsed,
  InvalidInput,
] as const;
const DECIDE = [StateConflict, IdempotencyKeyReused, InvalidInput] as const;

export const RecordFulfilmentResult = createUnionType({
  name: 'RecordFulfilmentResult',
  registerIn,
  types: () => [Fulfilment, NotYourSide, ...RECORD] as const,
});
export const ConfirmFulfilmentResult = createUnionType({
  name: 'ConfirmFulfilmentResult',
  registerIn,
  types: () => [Fulfilment, SecondPersonNeeded, ...DECIDE] as const,
});
export const WithdrawFulfilmentResult = createUnionType({
  name: 'WithdrawFulfilmentResult',
  registerIn,
  types: () => [Fulfilment, NotYourSide, ...DECIDE] as const,
});
export const RecordBreachResult = createUnionType({
  name: 'RecordBreachResult',
  registerIn,
  types: () => [Breach, ...RECORD] as const,
});
export const ConfirmBreachResult = createUnionType({
  name: 'ConfirmBreachResult',
  registerIn,
  types: () => [Breach, SecondPersonNeeded, ...DECIDE] as const,
});
export const WithdrawBreachResult = createUnionType({
  name: 'WithdrawBreachResult',
  registerIn,
  types: () => [Breach, ...DECIDE] as const,
});

@Resolver(() => Fulfilment)
export class FulfilmentResolver {
  constructor(@Inject(FulfilmentService) private readonly fulfilments: FulfilmentService) {}

  @Mutation(() => RecordFulfilmentResult, {
    description: 'Reports how an obligation stands, with evidence.',
  })
  @Allow('contracts.fulfilment.record')
  recordFulfilment(@Args('input') input: RecordFulfilmentInput, @CurrentActor() actor: Actor) {
    return this.fulfilments.record(actor, input);
  }

  @Mutation(() => ConfirmFulfilmentResult, {
    description: 'A second person has seen the evidence.',
  })
  @Allow('contracts.fulfilment.confirm')
  confirmFulfilment(@Args('input') input: DecideReportInput, @CurrentActor() actor: Actor) {
    return this.fulfilments.confirm(actor, input);
  }

  @Mutation(() => WithdrawFulfilmentResult, {
    description: 'It was a mistake; nobody was told yet.',
  })
  @Allow('contracts.fulfilment.withdraw')
  withdrawFulfilment(@Args('input') input: DecideReportInput, @CurrentActor() actor: Actor) {
    return this.fulfilments.withdraw(actor, input);
  }
}

@Resolver(() => Breach)
export class BreachResolver {
  constructor(@Inject(BreachService) private readonly breaches: BreachService) {}

  @Mutation(() => RecordBreachResult, {
    description: 'Records a breach of an obligation, with evidence.',
  })
  @Allow('contracts.breach.record')
  recordBreach(@Args('input') input: RecordBreachInput, @CurrentActor() actor: Actor) {
    return this.breaches.record(actor, input);
  }

  @Mutation(() => ConfirmBreachResult, {
    description: 'A second person has seen the evidence: the breach will be charged.',
  })
  @Allow('contracts.breach.confirm')
  confirmBreach(@Args('input') input: DecideReportInput, @CurrentActor() actor: Actor) {
    return this.breaches.confirm(actor, input);
  }

  @Mutation(() => WithdrawBreachResult, { description: 'It was a mistake; nobody was told yet.' })
  @Allow('contracts.breach.withdraw')
  withdrawBreach(@Args('input') input: DecideReportInput, @CurrentActor() actor: Actor) {
    return this.breaches.withdraw(actor, input);
  }
}
