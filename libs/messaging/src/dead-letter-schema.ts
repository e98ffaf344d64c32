import { connection, Refusal } from '@mulin/graphql';
import type { Type } from '@nestjs/common';
import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { DeadLetter, DeadLetterAction } from './dead-letters.js';

export enum DeadLetterStatus {
  open = 'open',
  replaying = 'replaying',
  discarding = 'discarding',
  replayed = 'replayed',
  discarded = 'discarded',
}

export interface DecideInput {
  id: string;
  expectedVersion: number;
  idempotencyKey: string;
  because: string;
}

/** A class under the name that its GraphQL type has in this service. */
function named<T extends Type<unknown>>(name: string, type: T): T {
  Object.defineProperty(type, 'name', { value: name });
  return type;
}

/**
 * The GraphQL types for the dead letters of one service. They are made per service, because two services
 * in one supergraph each have letters of their own, under names of their own.
 */
export function deadLetterTypes(prefix: string, schema: Type<unknown>) {
  const registerIn = () => schema;
  const name = `${prefix}DeadLetter`;
  const Status = { ...DeadLetterStatus };
  registerEnumType(Status, { name: `${name}Status`, registerIn });

  class Node {
    constructor(letter: DeadLetter) {
      Object.assign(this, letter, {
        version: letter.tries,
        aggregateId: letter.subject,
        detail: JSON.stringify(letter.detail),
      });
    }
    @Field(() => ID)
    id: string;
    @Field(() => Int, { description: 'How often it has died; hand it back as expectedVersion.' })
    version: number;
    @Field(() => Status)
    status: DeadLetterStatus;
    @Field({ description: 'Why, as a code: schemaViolated, databaseRefused, handlerFailed, …' })
    reason: string;
    @Field({ description: 'Facts about the reason, as JSON: ids and codes only.' })
    detail: string;
    @Field(() => String, { nullable: true, description: 'ce_id of the event, if it was one.' })
    eventId: string | null;
    @Field(() => String, { nullable: true, description: 'ce_type of the event.' })
    type: string | null;
    @Field(() => String, { nullable: true, description: 'What the event was about.' })
    aggregateId: string | null;
    @Field(() => String, { nullable: true, description: 'The record key: what waits behind it.' })
    key: string | null;
    @Field()
    topic: string;
    @Field(() => Int)
    partition: number;
    @Field()
    offset: string;
    @Field({ description: 'sha256 of what was sent, to compare it with its producer.' })
    payloadHash: string;
    @Field(() => Date)
    deadAt: Date;
    @Field({ description: 'Whether two people must decide, because it is about money.' })
    twoPeople: boolean;
    @Field(() => String, { nullable: true, description: 'replay or discard.' })
    proposedAction: DeadLetterAction | null;
    @Field(() => ID, { nullable: true })
    proposedBy: string | null;
    @Field(() => String, { nullable: true })
    proposedBecause: string | null;
    @Field(() => ID, { nullable: true })
    decidedBy: string | null;
  }
  const description = 'An event that could not be handled, put aside for a person to look at.';
  ObjectType(name, { registerIn, description })(named(name, Node));

  class Connection extends connection(Node, schema) {}
  ObjectType(`${name}Connection`, { registerIn })(named(`${name}Connection`, Connection));

  class ChangedFact extends Refusal {
    constructor() {
      super(
        {
          id: 'event.sameIdOtherContent',
          article: '平台规则 platform policy',
          title: { zh: '事实不得改写', en: 'A fact is not rewritten' },
        },
        {
          zh: '同一事件编号的内容已被更改，只能丢弃；更正须另发新事件。',
          en: 'The content under this event id was changed. It can only be discarded; a correction is a new event.',
        },
      );
    }
  }
  ObjectType(`${prefix}ChangedFact`, {
    registerIn,
    implements: () => Refusal,
    description: 'The letter holds other content under an id that was received before.',
  })(named(`${prefix}ChangedFact`, ChangedFact));

  class Input implements DecideInput {
    @Field(() => ID)
    id: string;
    @Field(() => Int)
    expectedVersion: number;
    @Field()
    idempotencyKey: string;
    @Field({ description: 'Why, for those who read it later; 1 to 500 characters, no names.' })
    because: string;
  }
  InputType(`Decide${name}Input`, { registerIn })(named(`Decide${name}Input`, Input));

  return { Node, Connection, ChangedFact: ChangedFact as new () => Refusal, Input, Status };
}
