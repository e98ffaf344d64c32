import { Directive, Field, ID, ObjectType } from '@nestjs/graphql';
import { EvaluationsSchema } from '../schema.js';

const registerIn = () => EvaluationsSchema;

/** Entities of other services, by their key; the gateway joins the rest. */
@ObjectType({ registerIn })
@Directive('@key(fields: "id")')
export class Instalment {
  @Field(() => ID)
  id: string;

  static of(id: string): Instalment {
    return Object.assign(new Instalment(), { id });
  }
}

@ObjectType({ registerIn })
@Directive('@key(fields: "id")')
export class Contract {
  @Field(() => ID)
  id: string;

  static of(id: string): Contract {
    return Object.assign(new Contract(), { id });
  }
}

/** Only named here, never extended: another service must not be asked for what it does not know. */
@ObjectType({ registerIn })
@Directive('@key(fields: "id", resolvable: false)')
export class Organisation {
  @Field(() => ID)
  id: string;

  static of(id: string): Organisation {
    return Object.assign(new Organisation(), { id });
  }
}
