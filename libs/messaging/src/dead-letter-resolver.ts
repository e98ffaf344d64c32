import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { Database, type Tx } from '@mulin/database';
import {
  checkPageSize,
  changeOnce,
  type GraphqlContext,
  IdempotencyKeyReused,
  InvalidInput,
  NotFound,
  PageArgs,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { Inject, type Type } from '@nestjs/common';
import { Args, Context, createUnionType, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type DecideInput, deadLetterTypes, type DeadLetterStatus } from './dead-letter-schema.js';
import {
  countDeadLetters,
  type DeadLetterAction,
  decideDeadLetter,
  findDeadLetter,
  listDeadLetters,
  type Reach,
} from './dead-letters.js';

export interface DeadLetterResolverOptions {
  /** `payments`: the consumer's name, and the first word of the permissions. */
  service: string;
  /** The service's bare marker class. */
  schema: Type<unknown>;
}

/**
 * The dead letters of a service in GraphQL: `paymentsDeadLetters`, `paymentsDeadLetter`,
 * `replayPaymentsDeadLetter`, `discardPaymentsDeadLetter`. Put the answer into `providers`, and
 * `payments.deadLetter.read` and `payments.deadLetter.decide` into the policy table.
 *
 * Where two people must decide, the first call of a mutation proposes, and the same call by another
 * person carries it out.
 */
export function deadLetterResolver(options: DeadLetterResolverOptions): Type<unknown> {
  const made = resolvers.get(options.schema) ?? makeResolver(options);
  resolvers.set(options.schema, made);
  return made;
}

// GraphQL type metadata lives as long as the process, so a module built twice must get the same types.
const resolvers = new WeakMap<Type<unknown>, Type<unknown>>();

function makeResolver({ service, schema }: DeadLetterResolverOptions): Type<unknown> {
  const prefix = service.charAt(0).toUpperCase() + service.slice(1);
  const { Node, Connection, ChangedFact, Input, Status } = deadLetterTypes(prefix, schema);
  const Result = createUnionType({
    name: `Decide${prefix}DeadLetterResult`,
    registerIn: () => schema,
    types: () =>
      [
        Node,
        SecondPersonNeeded,
        StateConflict,
        ChangedFact,
        IdempotencyKeyReused,
        InvalidInput,
      ] as const,
  });

  @Resolver(() => Node)
  class DeadLetterResolver {
    constructor(@Inject(Database) private readonly database: Database) {}

    @Query(() => Connection, {
      nullable: true,
      name: `${service}DeadLetters`,
      description: 'Events that could not be handled, newest first.',
    })
    @Allow(`${service}.deadLetter.read`)
    page(
      @Args() { first, after }: PageArgs,
      @Args('status', { type: () => Status, nullable: true }) status: DeadLetterStatus | undefined,
      @Context() { actor }: GraphqlContext,
    ) {
      return pageOf(
        (work) => this.database.read(actor, work),
        { consumer: service, status, first, after, ...reachOf(actor) },
        Node,
      );
    }

    @Query(() => Node, {
      nullable: true,
      name: `${service}DeadLetter`,
      description: 'One dead letter.',
    })
    @Allow(`${service}.deadLetter.read`)
    one(@Args('id', { type: () => ID }) id: string, @Context() { actor }: GraphqlContext) {
      return this.database.read(actor, (tx) => load(tx, id, actor));
    }

    @Mutation(() => Result, {
      name: `replay${prefix}DeadLetter`,
      description: 'Has the event handled again, because its cause was mended.',
    })
    @Allow(`${service}.deadLetter.decide`)
    replay(@Args('input', { type: () => Input }) input: DecideInput, @CurrentActor() actor: Actor) {
      return this.decide(actor, 'replay', input);
    }

    @Mutation(() => Result, {
      name: `discard${prefix}DeadLetter`,
      description: 'Leaves the event out for good; what waited behind it goes on.',
    })
    @Allow(`${service}.deadLetter.decide`)
    discard(
      @Args('input', { type: () => Input }) input: DecideInput,
      @CurrentActor() actor: Actor,
    ) {
      return this.decide(actor, 'discard', input);
    }

    private decide(actor: Actor, action: DeadLetterAction, input: DecideInput) {
      const because = input.because.trim();
      if (because === '') return new InvalidInput('input.because', { problem: 'EMPTY', given: '' });
      if (because.length > 500)
        return new InvalidInput('input.because', {
          problem: 'TOO_LONG',
          given: because.slice(0, 80),
        });
      const { id, expectedVersion } = input;
      const request = { ...input, action };
      return this.database.as(actor, (tx) =>
        changeOnce(
          tx,
          {
            actor,
            input: request,
            type: 'DeadLetter',
            load: (known) => load(tx, known, actor),
          },
          async () => {
            const decided = await decideDeadLetter(
              tx,
              { id, expectedTries: expectedVersion, action, because, by: actor.id },
              reachOf(actor),
            );
            if ('id' in decided) return new Node(decided);
            switch (decided.because) {
              case 'notFound':
                throw new NotFound('dead letter', id);
              case 'sameIdOtherContent':
                return new ChangedFact();
              case 'secondPersonNeeded':
                return new SecondPersonNeeded({
                  firstPersonId: decided.firstPersonId,
                  step: action,
                });
              case 'changedMeanwhile':
                return new StateConflict({
                  expectedVersion,
                  actualVersion: decided.tries,
                  state: decided.status,
                  wanted: action,
                });
            }
          },
        ),
      );
    }
  }

  async function load(tx: Tx, id: string, actor: Actor | null) {
    const letter = await findDeadLetter(tx, id, reachOf(actor));
    if (!letter) throw new NotFound('dead letter', id);
    return new Node(letter);
  }

  return DeadLetterResolver;
}

const reachOf = (actor: Actor | null): Reach => ({
  withoutStreet: actor?.roles.includes('platformOperator') === true,
});

type Read = <R>(work: (tx: Tx) => Promise<R>) => Promise<R>;

async function pageOf<N extends { id: string }>(
  read: Read,
  { first, ...wanted }: Parameters<typeof listDeadLetters>[1],
  Node: new (letter: Awaited<ReturnType<typeof listDeadLetters>>[number]) => N,
) {
  checkPageSize(first);
  const found = await read((tx) => listDeadLetters(tx, { ...wanted, first: first + 1 }));
  const nodes = found.slice(0, first).map((letter) => new Node(letter));
  return {
    nodes,
    // The id is the cursor: letters are listed by it, and it says nothing that the node does not.
    edges: nodes.map((node) => ({ node, cursor: node.id })),
    pageInfo: { hasNextPage: found.length > first, endCursor: nodes.at(-1)?.id ?? null },
    totalCount: () => read((tx) => countDeadLetters(tx, wanted)),
  };
}
