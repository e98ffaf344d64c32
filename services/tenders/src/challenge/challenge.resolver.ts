import { type Actor, Allow, CurrentActor, isStaff } from '@mulin/auth';
import { Database, now } from '@mulin/database';
import {
  byKey,
  connection,
  type GraphqlContext,
  IdAlreadyUsed,
  IdempotencyKeyReused,
  InvalidInput,
  loader,
  paginate,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  createUnionType,
  ID,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
  ResolveReference,
} from '@nestjs/graphql';
import { In } from 'typeorm';
import { TendersSchema } from '../schema.js';
import { Challenge } from './challenge.entity.js';
import {
  AnswerChallengeInput,
  ChallengeReasonInput,
  ChallengesArgs,
  ChallengeStepInput,
  FileChallengeInput,
  HoldByNoticeInput,
} from './challenge.inputs.js';
import {
  ChallengeOutOfTime,
  HoldTooLong,
  NotAParty,
  NotChallengedBefore,
} from './challenge.refusals.js';
import { ChallengeService, loadChallenge } from './challenge.service.js';

const registerIn = () => TendersSchema;
const STEP = [StateConflict, IdempotencyKeyReused, InvalidInput] as const;

export const FileChallengeResult = createUnionType({
  name: 'FileChallengeResult',
  registerIn,
  types: () =>
    [
      Challenge,
      ChallengeOutOfTime,
      NotAParty,
      NotChallengedBefore,
      IdAlreadyUsed,
      InvalidInput,
    ] as const,
});
export const ChallengeStepResult = createUnionType({
  name: 'ChallengeStepResult',
  registerIn,
  types: () => [Challenge, ...STEP] as const,
});
export const ConfirmChallengeExemptionResult = createUnionType({
  name: 'ConfirmChallengeExemptionResult',
  registerIn,
  types: () => [Challenge, SecondPersonNeeded, ...STEP] as const,
});
export const HoldByNoticeResult = createUnionType({
  name: 'HoldByNoticeResult',
  registerIn,
  types: () => [Challenge, HoldTooLong, ...STEP] as const,
});

@ObjectType({ registerIn })
export class ChallengeConnection extends connection(Challenge, TendersSchema) {}

/** Inquiries, challenges, complaints. */
@Resolver(() => Challenge)
export class ChallengeResolver {
  constructor(
    @Inject(ChallengeService) private readonly challenges: ChallengeService,
    @Inject(Database) private readonly database: Database,
  ) {}

  @Query(() => Challenge, { description: 'One of them. NOT_FOUND where it is not visible.' })
  @Allow('tenders.challenge.read')
  challenge(@Args('id', { type: () => ID }) id: string, @CurrentActor() actor: Actor) {
    return this.database.read(actor, (tx) => loadChallenge(tx, id));
  }

  @Query(() => ChallengeConnection, {
    name: 'challenges',
    description: 'Page by page: one’s own, for the staff all; answered complaints for everyone.',
  })
  @Allow('tenders.challenge.read')
  async page(@Args() { filter, ...page }: ChallengesArgs, @CurrentActor() actor: Actor) {
    const at = await this.database.read(actor, now);
    return paginate<Challenge>({
      read: (work) => this.database.read(actor, work),
      alias: 'challenge',
      page,
      query: (tx) => {
        const query = tx.createQueryBuilder(Challenge, 'challenge').where('true');
        if (filter?.tenderId)
          query.andWhere('challenge.tenderId = :tender', { tender: filter.tenderId });
        if (filter?.kind) query.andWhere('challenge.kind = :kind', { kind: filter.kind });
        if (filter?.state) query.andWhere('challenge.state = :state', { state: filter.state });
        if (filter?.overdue)
          query.andWhere(`challenge.state = 'accepted' and challenge.dueAt <= :at`, { at });
        return query;
      },
    });
  }

  @Mutation(() => FileChallengeResult, {
    description:
      'Files an inquiry, a challenge or a complaint in its time: grounds, evidence, remedy (94号令 第十至十八条).',
  })
  @Allow('tenders.challenge.file')
  fileChallenge(@Args('input') input: FileChallengeInput, @CurrentActor() actor: Actor) {
    return this.challenges.file(actor, input);
  }

  @Mutation(() => ChallengeStepResult, {
    description:
      'Takes it in. An inquiry or challenge holds the tender, its awards and contracts until it is answered (实施条例 第五十四条).',
  })
  @Allow('tenders.challenge.handle')
  acceptChallenge(@Args('input') input: ChallengeStepInput, @CurrentActor() actor: Actor) {
    return this.challenges.accept(actor, input);
  }

  @Mutation(() => ChallengeStepResult, { description: 'Does not take it in, with the reason.' })
  @Allow('tenders.challenge.handle')
  rejectChallenge(@Args('input') input: ChallengeReasonInput, @CurrentActor() actor: Actor) {
    return this.challenges.reject(actor, input);
  }

  @Mutation(() => ChallengeStepResult, { description: 'Takes back what one filed.' })
  @Allow('tenders.challenge.file')
  withdrawChallenge(@Args('input') input: ChallengeStepInput, @CurrentActor() actor: Actor) {
    return this.challenges.withdraw(actor, input);
  }

  @Mutation(() => ChallengeStepResult, {
    description: 'Records why it cannot affect the result; it holds on until a second confirms.',
  })
  @Allow('tenders.challenge.handle')
  exemptChallenge(@Args('input') input: ChallengeReasonInput, @CurrentActor() actor: Actor) {
    return this.challenges.exempt(actor, input);
  }

  @Mutation(() => ConfirmChallengeExemptionResult, {
    description: 'Confirms that it cannot affect the result; the tender goes on.',
  })
  @Allow('tenders.challenge.decide')
  confirmChallengeExemption(
    @Args('input') input: ChallengeStepInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.challenges.confirmExemption(actor, input);
  }

  @Mutation(() => HoldByNoticeResult, {
    description:
      'Records the finance department’s notice that a complaint holds the tender, for at most 30 days (法 第五十七条).',
  })
  @Allow('tenders.challenge.decide')
  holdByNotice(@Args('input') input: HoldByNoticeInput, @CurrentActor() actor: Actor) {
    return this.challenges.hold(actor, input);
  }

  @Mutation(() => ChallengeStepResult, {
    description: 'Stops the clock of a complaint, for tests, experts or corrections.',
  })
  @Allow('tenders.challenge.handle')
  stopChallengeClock(@Args('input') input: ChallengeStepInput, @CurrentActor() actor: Actor) {
    return this.challenges.stopClock(actor, input);
  }

  @Mutation(() => ChallengeStepResult, {
    description: 'The clock goes on with the working days that were left.',
  })
  @Allow('tenders.challenge.handle')
  startChallengeClock(@Args('input') input: ChallengeStepInput, @CurrentActor() actor: Actor) {
    return this.challenges.startClock(actor, input);
  }

  @Mutation(() => ChallengeStepResult, {
    description: 'Answers it in writing, or records the decision on a complaint, with its effect.',
  })
  @Allow('tenders.challenge.decide')
  answerChallenge(@Args('input') input: AnswerChallengeInput, @CurrentActor() actor: Actor) {
    return this.challenges.answer(actor, input);
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Why it cannot affect the result, for the staff.',
  })
  @Allow('tenders.challenge.read')
  exemption(@Parent() { exemption }: Challenge, @CurrentActor() actor: Actor) {
    return isStaff(actor) ? exemption : null;
  }

  @ResolveReference()
  @Allow('tenders.challenge.read')
  resolveReference(reference: { id: string }, context: GraphqlContext) {
    return loader(context, 'challenge', async (ids: readonly string[]) =>
      byKey(
        await this.database.read(context.actor, (tx) => tx.findBy(Challenge, { id: In([...ids]) })),
        (each) => each.id,
      ),
    ).load(reference.id);
  }
}
