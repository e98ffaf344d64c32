import type { Fen } from '@mulin/money';
import { Directive, Field, ObjectType } from '@nestjs/graphql';
import { FenScalar } from './scalars.js';

@ObjectType({ description: 'An amount of money: integer fen and its currency.' })
@Directive('@shareable')
export class Money {
  @Field(() => FenScalar)
  fen: Fen;

  @Field({ description: 'ISO 4217; CNY everywhere today.' })
  currency: string;

  static cny(fen: Fen): Money {
    return Object.assign(new Money(), { fen, currency: 'CNY' });
  }
}
