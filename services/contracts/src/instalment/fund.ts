import { Directive, Field, ID, ObjectType } from '@nestjs/graphql';
import { ContractsSchema } from '../schema.js';

/** Payments' type; contracts only points to it. */
@ObjectType({ registerIn: () => ContractsSchema })
@Directive('@key(fields: "id", resolvable: false)')
export class Fund {
  @Field(() => ID)
  id: string;
}
