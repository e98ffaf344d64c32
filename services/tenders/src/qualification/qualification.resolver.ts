import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { Database } from '@mulin/database';
import {
  byKey,
  type GraphqlContext,
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
  Mutation,
  Parent,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { In } from 'typeorm';
import { Bid } from '../bid/bid.entity.js';
import { TendersSchema } from '../schema.js';
import { Tender } from '../tender/tender.entity.js';
import { TenderStepInput } from '../tender/tender.inputs.js';
import { QualificationReview } from './qualification-review.entity.js';
import { ConfirmQualificationInput, ReviewQualificationInput } from './qualification.inputs.js';
import {
  DisqualificationReasonMissing,
  QualificationUnfinished,
  RecordSaysOtherwise,
} from './qualification.refusals.js';
import { QualificationService } from './qualification.service.js';

const registerIn = () => TendersSchema;
const STEP = [StateConflict, IdempotencyKeyReused, InvalidInput] as const;

export const ReviewQualificationResult = createUnionType({
  name: 'ReviewQualificationResult',
  registerIn,
  types: () =>
    [QualificationReview, DisqualificationReasonMissing, RecordSaysOtherwise, ...STEP] as const,
});

export const ConfirmQualificationResult = createUnionType({
  name: 'ConfirmQualificationResult',
  registerIn,
  types: () => [QualificationReview, SecondPersonNeeded, ...STEP] as const,
});

export const CloseQualificationResult = createUnionType({
  name: 'CloseQualificationResult',
  registerIn,
  types: () => [Tender, QualificationUnfinished, ...STEP] as const,
});

/** The review of qualifications (资格审查), between the two openings. */
@Resolver(() => Bid)
export class QualificationResolver {
  constructor(
    @Inject(QualificationService) private readonly qualification: QualificationService,
    @Inject(Database) private readonly database: Database,
  ) {}

  @Mutation(() => ReviewQualificationResult, {
    description: 'Writes down whether a bidder qualifies; a second person confirms it.',
  })
  @Allow('tenders.qualification.review')
  reviewQualification(
    @Args('input') input: ReviewQualificationInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.qualification.review(actor, input);
  }

  @Mutation(() => ConfirmQualificationResult, {
    description: 'Confirms a finding; not by who wrote it. It is final.',
  })
  @Allow('tenders.qualification.confirm')
  confirmQualification(
    @Args('input') input: ConfirmQualificationInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.qualification.confirm(actor, input);
  }

  @Mutation(() => CloseQualificationResult, {
    description:
      'All bids are reviewed: the prices may be opened, or fewer qualify than the procedure asks for and the tender has failed.',
  })
  @Allow('tenders.qualification.confirm')
  closeQualification(@Args('input') input: TenderStepInput, @CurrentActor() actor: Actor) {
    return this.qualification.close(actor, input);
  }

  @ResolveField(() => QualificationReview, {
    nullable: true,
    description: 'What was found of its bidder; null before.',
  })
  @Allow('tenders.bid.read')
  qualificationReview(
    @Parent() { id }: Bid,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    return loader(context, 'qualificationReview', async (ids: readonly string[]) =>
      byKey(
        await this.database.read(actor, (tx) =>
          tx.findBy(QualificationReview, { id: In([...ids]) }),
        ),
        (each) => each.id,
      ),
    ).load(id);
  }
}
