import { Field, Int, ObjectType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

/** One ground: what is wrong, what shows it, and what is asked for. */
@ObjectType('ChallengeGround', { registerIn })
export class Ground {
  @Field()
  ground: string;

  @Field()
  evidence: string;

  @Field()
  remedy: string;

  @Field(() => Int, {
    nullable: true,
    description: 'Of a complaint: the ground of the challenge that it goes on from, from 1.',
  })
  goesOnFrom?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Of a complaint: it is about the answer to the challenge (94号令 第二十条).',
  })
  aboutAnswer?: boolean | null;
}
