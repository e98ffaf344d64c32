import { type Actor, Allow, CurrentActor, isOffice } from '@mulin/auth';
import { Database } from '@mulin/database';
import {
  byKey,
  connection,
  type GraphqlContext,
  groupedBy,
  IdAlreadyUsed,
  IdempotencyKeyReused,
  InvalidInput,
  loader,
  SecondPersonNeeded,
  StateConflict,
} from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  Context,
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
import { Ground } from './ground.js';
import { Challenge } from './challenge.entity.js';
import { ChallengePause } from './pause.entity.js';
import { ChallengeResponse } from './response.entity.js';
import { ChallengeKind } from './challenge.states.js';
import {
  AnswerChallengeInput,
  ChallengeReasonInput,
  ChallengesArgs,
  ChallengeStepInput,
  FileChallengeInput,
  HoldByNoticeInput,
  RespondToChallengeInput,
  StopChallengeClockInput,
} from './challenge.inputs.js';
import {
  ChallengeOutOfTime,
  DecisionBeforeComplaint,
  EffectWithoutCause,
  GroundNotChallenged,
  HoldTooLong,
  NotAParty,
  NotChallengedBefore,
  NoticeBeforeComplaint,
  NoticeBinds,
  PauseReasonUnknown,
} from './challenge.refusals.js';
import { ChallengeReads } from './challenge.reads.js';
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
      GroundNotChallenged,
      IdAlreadyUsed,
      InvalidInput,
    ] as const,
});
export const ChallengeStepResult = createUnionType({
  name: 'ChallengeStepResult',
  registerIn,
  types: () => [Challenge, ...STEP] as const,
});
export const ExemptChallengeResult = createUnionType({
  name: 'ExemptChallengeResult',
  registerIn,
  types: () => [Challenge, NoticeBinds, ...STEP] as const,
});
export const ConfirmChallengeExemptionResult = createUnionType({
  name: 'ConfirmChallengeExemptionResult',
  registerIn,
  types: () => [Challenge, SecondPersonNeeded, ...STEP] as const,
});
export const ConfirmChallengeRejectionResult = createUnionType({
  name: 'ConfirmChallengeRejectionResult',
  registerIn,
  types: () => [Challenge, SecondPersonNeeded, ...STEP] as const,
});
export const AnswerChallengeResult = createUnionType({
  name: 'AnswerChallengeResult',
  registerIn,
  types: () => [Challenge, DecisionBeforeComplaint, EffectWithoutCause, ...STEP] as const,
});
export const ConfirmChallengeAnswerResult = createUnionType({
  name: 'ConfirmChallengeAnswerResult',
  registerIn,
  types: () => [Challenge, DecisionBeforeComplaint, SecondPersonNeeded, ...STEP] as const,
});
export const StopChallengeClockResult = createUnionType({
  name: 'StopChallengeClockResult',
  registerIn,
  types: () => [Challenge, PauseReasonUnknown, ...STEP] as const,
});
export const HoldByNoticeResult = createUnionType({
  name: 'HoldByNoticeResult',
  registerIn,
  types: () => [Challenge, HoldTooLong, NoticeBeforeComplaint, ...STEP] as const,
});

@ObjectType({ registerIn })
export class ChallengeConnection extends connection(Challenge, TendersSchema) {}

/** Inquiries, challenges, complaints. */
@Resolver(() => Challenge)
export class ChallengeResolver {
  constructor(
    @Inject(ChallengeService) private readonly challenges: ChallengeService,
    @Inject(ChallengeReads) private readonly reads: ChallengeReads,
    @Inject(Database) private readonly database: Database,
  ) {}

  @Query(() => Challenge, {
    nullable: true,
    description: 'One of them. NOT_FOUND where it is not visible.',
  })
  @Allow('tenders.challenge.read')
  challenge(@Args('id', { type: () => ID }) id: string, @Context() { actor }: GraphqlContext) {
    return this.database.read(actor, (tx) => loadChallenge(tx, id));
  }

  @Query(() => ChallengeConnection, {
    nullable: true,
    name: 'challenges',
    description: 'Page by page: one’s own, for the office all; answered complaints for everyone.',
  })
  @Allow('tenders.challenge.read')
  page(@Args() args: ChallengesArgs, @Context() { actor }: GraphqlContext) {
    return this.reads.page(actor, args);
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

  @Mutation(() => ChallengeStepResult, {
    description:
      'Records why it is not taken in; it stays filed, and what waits for it waits on, until a second confirms.',
  })
  @Allow('tenders.challenge.handle')
  rejectChallenge(@Args('input') input: ChallengeReasonInput, @CurrentActor() actor: Actor) {
    return this.challenges.reject(actor, input);
  }

  @Mutation(() => ConfirmChallengeRejectionResult, {
    description:
      'Confirms that it is not taken in: who filed it is told the reason, and may complain.',
  })
  @Allow('tenders.challenge.decide')
  confirmChallengeRejection(
    @Args('input') input: ChallengeStepInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.challenges.confirmRejection(actor, input);
  }

  @Mutation(() => ChallengeStepResult, { description: 'Takes back what one filed.' })
  @Allow('tenders.challenge.file')
  withdrawChallenge(@Args('input') input: ChallengeStepInput, @CurrentActor() actor: Actor) {
    return this.challenges.withdraw(actor, input);
  }

  @Mutation(() => ExemptChallengeResult, {
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

  @Mutation(() => StopChallengeClockResult, {
    description: 'Stops the clock of a complaint, for tests, experts or corrections.',
  })
  @Allow('tenders.challenge.handle')
  stopChallengeClock(@Args('input') input: StopChallengeClockInput, @CurrentActor() actor: Actor) {
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
    description:
      'The winner says, once, what it has to say to what was taken in against its award (94号令 第二十二条).',
  })
  @Allow('tenders.award.answer')
  respondToChallenge(@Args('input') input: RespondToChallengeInput, @CurrentActor() actor: Actor) {
    return this.challenges.respond(actor, input);
  }

  @ResolveField(() => [ChallengeResponse], {
    description: 'What winners said to it, for the office and for who said it.',
  })
  @Allow('tenders.challenge.read')
  responses(@Parent() { id }: Challenge, @Context() context: GraphqlContext) {
    return loader(context, 'challengeResponses', async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.database.read(context.actor, (tx) =>
          tx.find(ChallengeResponse, {
            where: { challengeId: In([...ids]) },
            order: { respondedAt: 'ASC' },
          }),
        ),
        (each) => each.challengeId,
      ),
    ).load(id);
  }

  @Mutation(() => AnswerChallengeResult, {
    description:
      'Answers it in writing, or records the finance department’s decision on a complaint (政府采购法 第五十六条). An effect, and any decision on a complaint, holds on until a second person confirms it.',
  })
  @Allow('tenders.challenge.decide')
  answerChallenge(@Args('input') input: AnswerChallengeInput, @CurrentActor() actor: Actor) {
    return this.challenges.answer(actor, input);
  }

  @Mutation(() => ConfirmChallengeAnswerResult, {
    description:
      'A second person stands for an answer that changes the result, or for the record of a decision: it is given, and its effect carried out (94号令 第十六条).',
  })
  @Allow('tenders.challenge.decide')
  confirmChallengeAnswer(@Args('input') input: ChallengeStepInput, @CurrentActor() actor: Actor) {
    return this.challenges.confirmAnswer(actor, input);
  }

  @ResolveField(() => [Ground], {
    nullable: true,
    description:
      'What was written, for who filed it and the office; of a complaint that is taken in for the winner too (94号令 第二十一条).',
  })
  @Allow('tenders.challenge.read')
  async grounds(@Parent() challenge: Challenge, @Context() context: GraphqlContext) {
    const { actor } = context;
    if (actor && isParty(challenge, actor)) return challenge.written;
    const forwarded = challenge.kind === ChallengeKind.COMPLAINT && challenge.acceptedAt !== null;
    return forwarded && (await this.isWinner(challenge, context)) ? challenge.written : null;
  }

  private async isWinner({ tenderId }: Challenge, { actor }: GraphqlContext): Promise<boolean> {
    const organisationId = actor?.organisation;
    if (!organisationId) return false;
    const [row] = await this.database.read(actor, (tx) =>
      tx.query<{ won: boolean }[]>('select has_award($1, $2) as won', [tenderId, organisationId]),
    );
    return row?.won === true;
  }

  @ResolveField(() => [ChallengePause], {
    description: 'When its clock stood still, for its parties.',
  })
  @Allow('tenders.challenge.read')
  pauses(@Parent() { id }: Challenge, @Context() context: GraphqlContext) {
    return loader(context, 'challengePauses', async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.database.read(context.actor, (tx) =>
          tx.find(ChallengePause, {
            where: { challengeId: In([...ids]) },
            order: { stoppedAt: 'ASC' },
          }),
        ),
        (each) => each.challengeId,
      ),
    ).load(id);
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Why it was not taken in, for its parties.',
  })
  @Allow('tenders.challenge.read')
  rejection(@Parent() challenge: Challenge, @Context() { actor }: GraphqlContext) {
    return actor && isParty(challenge, actor) ? challenge.rejectedBecause : null;
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Why one person would not take it in, for the office; a second has to confirm it.',
  })
  @Allow('tenders.challenge.read')
  proposedRejection(
    @Parent() { rejectionProposedBecause }: Challenge,
    @Context() { actor }: GraphqlContext,
  ) {
    return actor && isOffice(actor) ? rejectionProposedBecause : null;
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Why it cannot affect the result, for the office.',
  })
  @Allow('tenders.challenge.read')
  exemption(@Parent() { exemption }: Challenge, @Context() { actor }: GraphqlContext) {
    return actor && isOffice(actor) ? exemption : null;
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

/** Who filed it, and the office that handles it: what was written is theirs, also when the decision is public. */
const isParty = ({ organisationId }: Challenge, actor: Actor): boolean =>
  isOffice(actor) || actor.organisation === organisationId;
