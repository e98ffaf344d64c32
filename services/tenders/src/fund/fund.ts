import { Directive, Field, ID, ObjectType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

/** Payments' type; tenders only points to it. Its balance is read through the supergraph. */
@ObjectType({ registerIn: () => TendersSchema })
@Directive('@key(fields: "id", resolvable: false)')
export class Fund {
  @Field(() => ID)
  id: string;
}
