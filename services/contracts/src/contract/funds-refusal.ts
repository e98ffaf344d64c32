import { Money } from '@mulin/graphql';
import { fen } from '@mulin/money';
import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { ContractsSchema } from '../schema.js';
import type { FundsRefusalFacts } from './contract.entity.js';

/** Why payments could not reserve the money of a contract (commitment.refused). */
@ObjectType({
  registerIn: () => ContractsSchema,
  description: 'Why the money of a contract could not be reserved.',
})
export class FundsRefusal {
  @Field(() => Int, { description: 'Which request it answers.' })
  requestNo: number;

  @Field({
    description:
      'budgetExceeded, fundUnknown, fundClosed, fundYearOver, fundOfOtherYear (the fund of a later instalment is of an earlier year, 预算法 第十八条) or discarded (two people put the request aside: ask again).',
  })
  code: string;

  @Field(() => ID)
  fundId: string;

  @Field(() => Money, { description: 'Asked of this fund.' })
  requested: Money;

  @Field(() => Money, {
    nullable: true,
    description: 'Still available; null where the fund is unknown.',
  })
  remaining: Money | null;

  static from({
    requestNo,
    code,
    fundId,
    requestedFen,
    remainingFen,
  }: FundsRefusalFacts): FundsRefusal {
    return {
      requestNo,
      code,
      fundId,
      requested: Money.cny(fen(requestedFen)),
      remaining: remainingFen === null ? null : Money.cny(fen(remainingFen)),
    };
  }
}
