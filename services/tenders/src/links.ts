import { Directive, Field, ID, ObjectType } from '@nestjs/graphql';
import { TendersSchema } from './schema.js';

const registerIn = () => TendersSchema;

/** Organisations' type; tenders only points to it. What an actor may read of it is decided there. */
@ObjectType({ registerIn })
@Directive('@key(fields: "id", resolvable: false)')
export class Organisation {
  @Field(() => ID)
  id: string;
}

/** Contracts' type; tenders only points to it. */
@ObjectType({ registerIn })
@Directive('@key(fields: "id", resolvable: false)')
export class Contract {
  @Field(() => ID)
  id: string;
}
