import { Directive, Field, ID, ObjectType } from '@nestjs/graphql';
import { InsightsSchema } from '../schema.js';

const registerIn = () => InsightsSchema;

/** Tenders' type; a flag only points to it, and whoever may see the tender reads it there. */
@ObjectType({ registerIn })
@Directive('@key(fields: "id", resolvable: false)')
export class Tender {
  @Field(() => ID)
  id: string;
}

/** The register's type; a flag only points to it. */
@ObjectType({ registerIn })
@Directive('@key(fields: "id", resolvable: false)')
export class Organisation {
  @Field(() => ID)
  id: string;
}
