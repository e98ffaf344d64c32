import { type Actor, Allow, CurrentActor, isStaff } from '@mulin/auth';
import { Database } from '@mulin/database';
import {
  byKey,
  connection,
  type GraphqlContext,
  groupedBy,
  IdempotencyKeyReused,
  InvalidInput,
  loader,
  paginate,
  SecondPersonNeeded,
  StateConflict,
  within,
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
import { Bid } from '../bid/bid.entity.js';
import { BidderNotAdmitted } from '../bidder/may-bid.js';
import { ChallengeUndecided, TenderOnHold } from '../challenge/challenge.refusals.js';
import { TendersSchema } from '../schema.js';
import { Tender } from '../tender/tender.entity.js';
import { TenderStepInput } from '../tender/tender.inputs.js';
import { Award, BidRank } from './award.entity.js';
import { AwardOrderField, AwardsArgs, AwardStepInput, RefuseAwardInput } from './award.inputs.js';
import {
  AnswerNotDue,
  AnswerTooLate,
  NothingToChoose,
  NotTheWinner,
  StandStill,
} from './award.refusals.js';
import { AwardService, loadAward } from './award.service.js';

const registerIn = () => TendersSchema;
const STEP = [StateConflict, IdempotencyKeyReused, InvalidInput] as const;

export const ChooseWinnersResult = createUnionType({
  name: 'ChooseWinnersResult',
  registerIn,
  types: () => [Tender, NothingToChoose, TenderOnHold, ...STEP] as const,
});

export const AnnounceResultResult = createUnionType({
  name: 'AnnounceResultResult',
  registerIn,
  types: () => [Tender, NothingToChoose, TenderOnHold, SecondPersonNeeded, ...STEP] as const,
});

export const NoticeAwardResult = createUnionType({
  name: 'NoticeAwardResult',
  registerIn,
  types: () =>
    [Award, StandStill, TenderOnHold, ChallengeUndecided, BidderNotAdmitted, ...STEP] as const,
});

export const AcceptAwardResult = createUnionType({
  name: 'AcceptAwardResult',
  registerIn,
  types: () =>
    [
      ...[Award, AnswerTooLate, TenderOnHold, ChallengeUndecided],
      ...[BidderNotAdmitted, NotTheWinner, ...STEP],
    ] as const,
});

export const RefuseAwardResult = createUnionType({
  name: 'RefuseAwardResult',
  registerIn,
  types: () => [Award, NotTheWinner, ...STEP] as const,
});

export const RecordRefusalResult = createUnionType({
  name: 'RecordRefusalResult',
  registerIn,
  types: () => [Award, AnswerNotDue, TenderOnHold, ChallengeUndecided, ...STEP] as const,
});

@ObjectType({ registerIn })
export class AwardConnection extends connection(Award, TendersSchema) {}

/** Awards, from the choice to the winner's answer. */
@Resolver(() => Award)
export class AwardResolver {
  constructor(
    @Inject(AwardService) private readonly awards: AwardService,
    @Inject(Database) private readonly database: Database,
  ) {}

  @Query(() => Award, {
    nullable: true,
    description: 'One award. NOT_FOUND where it is not visible.',
  })
  @Allow('tenders.tender.read')
  award(@Args('id', { type: () => ID }) id: string, @Context() context: GraphqlContext) {
    return this.database.read(context.actor, (tx) => loadAward(tx, id));
  }

  @Query(() => AwardConnection, {
    nullable: true,
    name: 'awards',
    description: 'Awards, page by page: announced ones for everyone, proposed ones for the staff.',
  })
  @Allow('tenders.tender.read')
  page(@Args() { filter, orderBy, ...page }: AwardsArgs, @Context() context: GraphqlContext) {
    return paginate<Award>({
      read: (work) => this.database.read(context.actor, work),
      alias: 'award',
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
      query: (tx) => {
        const query = tx.createQueryBuilder(Award, 'award').where('true');
        if (filter?.tenderId)
          query.andWhere('award.tenderId = :tender', { tender: filter.tenderId });
        if (filter?.organisationId)
          query.andWhere('award.organisationId = :whose', { whose: filter.organisationId });
        if (filter?.state) query.andWhere('award.state = :state', { state: filter.state });
        if (filter?.states)
          query.andWhere('award.state = any (:states)', { states: filter.states });
        if (orderBy?.field === AwardOrderField.ANNOUNCED_AT)
          query.andWhere('award.announcedAt is not null');
        return within(query, 'award.announcedAt', filter?.announced);
      },
    });
  }

  @Mutation(() => ChooseWinnersResult, {
    description:
      'Chooses the winner of each lot: the first candidate of the report who has not refused and may still bid (实施条例 第四十三条). A second person announces it.',
  })
  @Allow('tenders.award.choose')
  chooseWinners(@Args('input') input: TenderStepInput, @CurrentActor() actor: Actor) {
    return this.awards.choose(actor, input);
  }

  @Mutation(() => AnnounceResultResult, {
    description:
      'Announces the result with the names of the experts; not by who chose. The stand-still begins, and bidders are told their score and rank.',
  })
  @Allow('tenders.award.announce')
  announceResult(@Args('input') input: TenderStepInput, @CurrentActor() actor: Actor) {
    return this.awards.announce(actor, input);
  }

  @Mutation(() => NoticeAwardResult, {
    description: 'Sends the award notice (中标通知书), when the stand-still is over.',
  })
  @Allow('tenders.award.announce')
  noticeAward(@Args('input') input: AwardStepInput, @CurrentActor() actor: Actor) {
    return this.awards.notice(actor, input);
  }

  @Mutation(() => AcceptAwardResult, {
    description: 'The winner will sign, in its time: the contract is drafted from the tender file.',
  })
  @Allow('tenders.award.answer')
  acceptAward(@Args('input') input: AwardStepInput, @CurrentActor() actor: Actor) {
    return this.awards.accept(actor, input);
  }

  @Mutation(() => RefuseAwardResult, {
    description: 'The winner does not sign; the next candidate may be chosen (法 第四十六条).',
  })
  @Allow('tenders.award.answer')
  refuseAward(@Args('input') input: RefuseAwardInput, @CurrentActor() actor: Actor) {
    return this.awards.refuse(actor, input);
  }

  @Mutation(() => RecordRefusalResult, {
    description:
      'The winner let its term pass without an answer: that is a refusal. One that may not bid any more loses the award at once.',
  })
  @Allow('tenders.award.announce')
  recordAwardRefusal(@Args('input') input: RefuseAwardInput, @CurrentActor() actor: Actor) {
    return this.awards.recordRefusal(actor, input);
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Why the winner refused or the award fell, for the staff and for the winner.',
  })
  @Allow('tenders.bid.read')
  refusal(@Parent() { refusal, organisationId }: Award, @CurrentActor() actor: Actor) {
    const mayKnow = isStaff(actor) || actor.organisation === organisationId;
    return mayKnow ? refusal : null;
  }

  @ResolveReference()
  @Allow('tenders.tender.read')
  resolveReference(reference: { id: string }, context: GraphqlContext) {
    return loader(context, 'award', async (ids: readonly string[]) =>
      byKey(
        await this.database.read(context.actor, (tx) => tx.findBy(Award, { id: In([...ids]) })),
        (each) => each.id,
      ),
    ).load(reference.id);
  }
}

/** What came of a tender, on the tender. */
@Resolver(() => Tender)
export class TenderAwardsResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @ResolveField(() => [Award], { description: 'Its awards, refused ones too.' })
  @Allow('tenders.tender.read')
  awards(@Parent() { id }: Tender, @Context() context: GraphqlContext) {
    return loader(context, 'awardsOf', async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.database.read(context.actor, (tx) =>
          tx.find(Award, { where: { tenderId: In([...ids]) }, order: { id: 'ASC' } }),
        ),
        (each) => each.tenderId,
      ),
    ).load(id);
  }
}

/** What a bid came to, on the bid. */
@Resolver(() => Bid)
export class BidRankResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @ResolveField(() => BidRank, {
    nullable: true,
    description: 'Its score and rank, once the result is announced.',
  })
  @Allow('tenders.bid.read')
  rank(@Parent() { id }: Bid, @Context() context: GraphqlContext) {
    return loader(context, 'bidRank', async (ids: readonly string[]) =>
      byKey(
        await this.database.read(context.actor, (tx) =>
          tx.findBy(BidRank, { bidId: In([...ids]) }),
        ),
        (each) => each.bidId,
      ),
    ).load(id);
  }
}
