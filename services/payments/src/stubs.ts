import { Directive, Field, ID, ObjectType } from '@nestjs/graphql';
import { PaymentsSchema } from './schema.js';

/** Contracts' type; payments adds what it knows about the money. */
@ObjectType({ registerIn: () => PaymentsSchema })
@Directive('@key(fields: "id")')
export class Contract {
  @Field(() => ID)
  id: string;
}

/** Contracts' type; payments adds what was decided about it. */
@ObjectType({ registerIn: () => PaymentsSchema })
@Directive('@key(fields: "id")')
export class Instalment {
  @Field(() => ID)
  id: string;
}

/** Organisations' type; payments only points to it. */
@ObjectType({ registerIn: () => PaymentsSchema })
@Directive('@key(fields: "id", resolvable: false)')
export class Organisation {
  @Field(() => ID)
  id: string;
}
