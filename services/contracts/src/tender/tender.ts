import { Directive, Field, ID, ObjectType } from '@nestjs/graphql';
import { ContractsSchema } from '../schema.js';

/** Tenders' type; contracts only points to it. */
@ObjectType({ registerIn: () => ContractsSchema })
@Directive('@key(fields: "id", resolvable: false)')
export class Tender {
  @Field(() => ID)
  id: string;
}
