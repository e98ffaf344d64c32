import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { Database } from '@mulin/database';
import {
  byKey,
  type GraphqlContext,
  groupedBy,
  IdempotencyKeyReused,
  InvalidInput,
  loader,
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
import { TenderCommittee } from '../committee/committee.entity.js';
import { CommitteeStepInput } from '../committee/committee.inputs.js';
import { MustRecuse, NotOnCommittee, SeatsVacant } from '../committee/committee.refusals.js';
import {
  ExplanationTime,
  NonconformityReasonMissing,
  OpinionSettled,
  OtherReport,
  PriceExplanationsOpen,
  PriceNotExplained,
  RecheckOpen,
  ReportOpen,
  ScoresInvalid,
  CommitteeSheetsMissing,
} from './scoring.refusals.js';
import { TendersSchema } from '../schema.js';
import { ConformityService } from './conformity.service.js';
import {
  ConformityFinding,
  PriceExplanation,
  Rank,
  ReportSignature,
  ScoreRecheck,
  ScoreReport,
  ScoreSheet,
} from './scoring.entity.js';
import {
  ExplainPriceInput,
  JudgePriceInput,
  SignReportInput,
  SubmitConformityInput,
  SubmitScoresInput,
} from './scoring.inputs.js';
import { ScoringService } from './scoring.service.js';

const registerIn = () => TendersSchema;
const STEP = [StateConflict, IdempotencyKeyReused, InvalidInput] as const;
const SEAT = [NotOnCommittee, MustRecuse, SeatsVacant] as const;

export const SubmitConformityResult = createUnionType({
  name: 'SubmitConformityResult',
  registerIn,
  types: () =>
    [TenderCommittee, NonconformityReasonMissing, OpinionSettled, ...SEAT, ...STEP] as const,
});
export const CloseConformityResult = createUnionType({
  name: 'CloseConformityResult',
  registerIn,
  types: () => [TenderCommittee, CommitteeSheetsMissing, ...SEAT, ...STEP] as const,
});
export const ExplainPriceResult = createUnionType({
  name: 'ExplainPriceResult',
  registerIn,
  types: () => [Bid, ExplanationTime, ...STEP] as const,
});
export const JudgePriceResult = createUnionType({
  name: 'JudgePriceResult',
  registerIn,
  types: () => [TenderCommittee, ExplanationTime, PriceNotExplained, ...SEAT, ...STEP] as const,
});
export const SubmitScoresResult = createUnionType({
  name: 'SubmitScoresResult',
  registerIn,
  types: () => [TenderCommittee, ScoresInvalid, OpinionSettled, ...SEAT, ...STEP] as const,
});
export const OpenScoresResult = createUnionType({
  name: 'OpenScoresResult',
  registerIn,
  types: () =>
    [TenderCommittee, CommitteeSheetsMissing, PriceExplanationsOpen, ...SEAT, ...STEP] as const,
});
export const DrawUpReportResult = createUnionType({
  name: 'DrawUpReportResult',
  registerIn,
  types: () => [TenderCommittee, RecheckOpen, ScoresInvalid, ...SEAT, ...STEP] as const,
});
export const SignReportResult = createUnionType({
  name: 'SignReportResult',
  registerIn,
  types: () => [TenderCommittee, OtherReport, ...SEAT, ...STEP] as const,
});
export const DeliverReportResult = createUnionType({
  name: 'DeliverReportResult',
  registerIn,
  types: () => [TenderCommittee, ReportOpen, ...SEAT, ...STEP] as const,
});

/** What a committee does, step by step. */
@Resolver(() => TenderCommittee)
export class ScoringResolver {
  constructor(
    @Inject(ConformityService) private readonly conformity: ConformityService,
    @Inject(ScoringService) private readonly scoring: ScoringService,
  ) {}

  @Mutation(() => SubmitConformityResult, {
    description:
      'What one finds of one bid (符合性审查); may be found anew until all are in. Sealed until then.',
  })
  @Allow('tenders.committee.sit')
  submitConformity(@Args('input') input: SubmitConformityInput, @CurrentActor() actor: Actor) {
    return this.conformity.submit(actor, input);
  }

  @Mutation(() => CloseConformityResult, {
    description:
      'All findings are in: the majority decides on each bid. Too few are left: the tender has failed. Very low prices must be explained.',
  })
  @Allow('tenders.committee.sit')
  closeConformity(@Args('input') input: CommitteeStepInput, @CurrentActor() actor: Actor) {
    return this.conformity.close(actor, input);
  }

  @Mutation(() => ExplainPriceResult, {
    description: 'Explains one’s own very low price, in the time given.',
  })
  @Allow('tenders.bid.submit')
  explainPrice(@Args('input') input: ExplainPriceInput, @CurrentActor() actor: Actor) {
    return this.conformity.explain(actor, input);
  }

  @Mutation(() => JudgePriceResult, {
    description:
      'Whether one accepts what a bidder explained, and nothing that was not; when all members have judged, the majority decides.',
  })
  @Allow('tenders.committee.sit')
  judgePrice(@Args('input') input: JudgePriceInput, @CurrentActor() actor: Actor) {
    return this.conformity.judgePrice(actor, input);
  }

  @Mutation(() => SubmitScoresResult, {
    description:
      'One’s points for one bid. When the sheets are open only of what must be looked at again, with a reason: kept or changed.',
  })
  @Allow('tenders.committee.sit')
  submitScores(@Args('input') input: SubmitScoresInput, @CurrentActor() actor: Actor) {
    return this.scoring.submit(actor, input);
  }

  @Mutation(() => OpenScoresResult, {
    description: 'All sheets are in: they open together. What must be looked at again is listed.',
  })
  @Allow('tenders.committee.sit')
  openScores(@Args('input') input: CommitteeStepInput, @CurrentActor() actor: Actor) {
    return this.scoring.open(actor, input);
  }

  @Mutation(() => DrawUpReportResult, {
    description: 'Ranks the bids of each lot and draws up the report (87号令 第五十八条).',
  })
  @Allow('tenders.committee.sit')
  drawUpReport(@Args('input') input: CommitteeStepInput, @CurrentActor() actor: Actor) {
    return this.scoring.drawUp(actor, input);
  }

  @Mutation(() => SignReportResult, {
    description: 'Signs the report, or dissents in writing (实施条例 第四十一条).',
  })
  @Allow('tenders.committee.sit')
  signReport(@Args('input') input: SignReportInput, @CurrentActor() actor: Actor) {
    return this.scoring.sign(actor, input);
  }

  @Mutation(() => DeliverReportResult, {
    description:
      'Hands the report to the buyer when all have signed; after its term whoever is silent has agreed.',
  })
  @Allow('tenders.committee.sit')
  deliverReport(@Args('input') input: CommitteeStepInput, @CurrentActor() actor: Actor) {
    return this.scoring.deliver(actor, input);
  }
}

/** What a committee found, on the committee. Row-level security decides who sees what, and when. */
@Resolver(() => TenderCommittee)
export class CommitteeFindingsResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @ResolveField(() => [ConformityFinding], {
    description: 'One’s own until all are in; then all, for the staff. Empty for others.',
  })
  @Allow('tenders.committee.read')
  findings(@Parent() { id }: TenderCommittee, @Context() context: GraphqlContext) {
    return this.listOf(context, 'findingsOf', ConformityFinding).load(id);
  }

  @ResolveField(() => [ScoreSheet], {
    description: 'One’s own until all are in; then all, for the staff. Empty for others.',
  })
  @Allow('tenders.committee.read')
  sheets(@Parent() { id }: TenderCommittee, @Context() context: GraphqlContext) {
    return this.listOf(context, 'sheetsOf', ScoreSheet).load(id);
  }

  @ResolveField(() => [ScoreRecheck], {
    description: 'Sheets to be looked at again; empty for who is not of the staff.',
  })
  @Allow('tenders.committee.read')
  rechecks(@Parent() { id }: TenderCommittee, @Context() context: GraphqlContext) {
    return this.listOf(context, 'rechecksOf', ScoreRecheck).load(id);
  }

  @ResolveField(() => [PriceExplanation], {
    description: 'Prices that must be explained; empty for who is not of the staff.',
  })
  @Allow('tenders.committee.read')
  priceExplanations(@Parent() { id }: TenderCommittee, @Context() context: GraphqlContext) {
    return this.listOf(context, 'explanationsOf', PriceExplanation).load(id);
  }

  @ResolveField(() => [ScoreReport], {
    description: 'The scores of each lot; empty for who is not of the staff.',
  })
  @Allow('tenders.committee.read')
  reports(@Parent() { id }: TenderCommittee, @Context() context: GraphqlContext) {
    return this.listOf(context, 'reportsOf', ScoreReport).load(id);
  }

  @ResolveField(() => [ReportSignature], {
    description: 'Who signed, and who dissents; empty for who is not of the staff.',
  })
  @Allow('tenders.committee.read')
  signatures(@Parent() { id }: TenderCommittee, @Context() context: GraphqlContext) {
    return this.listOf(context, 'signaturesOf', ReportSignature).load(id);
  }

  private listOf<T extends { committeeId: string }>(
    context: GraphqlContext,
    name: string,
    entity: new () => T,
  ) {
    return loader(context, name, async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.database.read(context.actor, (tx) =>
          tx
            .createQueryBuilder(entity, 'each')
            .where('each.committee_id = any (:ids)', { ids: [...ids] })
            .getMany(),
        ),
        (each) => each.committeeId,
      ),
    );
  }
}

/** The ranking, on a report. */
@Resolver(() => ScoreReport)
export class ScoreReportResolver {
  @ResolveField(() => [Rank], { description: 'Best first.' })
  @Allow('tenders.bid.read')
  ranking(@Parent() { ranking }: ScoreReport) {
    return ranking;
  }
}

/** A price to be explained, on its bid: for its bidder too. */
@Resolver(() => Bid)
export class BidExplanationResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @ResolveField(() => PriceExplanation, {
    nullable: true,
    description: 'What must be explained of its price; null where nothing must.',
  })
  @Allow('tenders.bid.read')
  priceExplanation(@Parent() { id }: Bid, @Context() context: GraphqlContext) {
    return loader(context, 'priceExplanation', async (ids: readonly string[]) =>
      byKey(
        await this.database.read(context.actor, (tx) =>
          tx.findBy(PriceExplanation, { bidId: In([...ids]) }),
        ),
        (each) => each.bidId,
      ),
    ).load(id);
  }
}
