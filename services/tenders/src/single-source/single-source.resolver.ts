import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { Database } from '@mulin/database';
import {
  connection,
  type GraphqlContext,
  groupedBy,
  IdAlreadyUsed,
  IdempotencyKeyReused,
  InvalidInput,
  loader,
  NotFound,
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
} from '@nestjs/graphql';
import { In } from 'typeorm';
import { BidderNotAdmitted } from '../bidder/may-bid.js';
import { Organisation } from '../links.js';
import { ThresholdsNotSet } from '../plan/plan.refusals.js';
import { TendersSchema } from '../schema.js';
import {
  SingleSourceObjection,
  SingleSourceProposal,
  SingleSourceReason,
} from './proposal.entity.js';
import {
  AnswerSingleSourceObjectionInput,
  ObjectToSingleSourceInput,
  ProposeSingleSourceInput,
  ReviseSingleSourceInput,
  SingleSourceProposalOrderField,
  SingleSourceProposalsArgs,
  SingleSourceStepInput,
} from './proposal.inputs.js';
import { NoticeNotRunning, SingleSourceNotAllowed } from './proposal.refusals.js';
import { ProposingService } from './proposing.service.js';
import { SingleSourceService } from './single-source.service.js';

const registerIn = () => TendersSchema;
const STEP = [StateConflict, IdempotencyKeyReused, InvalidInput] as const;

@ObjectType({ registerIn })
export class SingleSourceProposalConnection extends connection(
  SingleSourceProposal,
  TendersSchema,
) {}

export const ProposeSingleSourceResult = createUnionType({
  name: 'ProposeSingleSourceResult',
  registerIn,
  types: () =>
    [
      SingleSourceProposal,
      SingleSourceNotAllowed,
      BidderNotAdmitted,
      ThresholdsNotSet,
      IdAlreadyUsed,
      InvalidInput,
    ] as const,
});
export const ReviseSingleSourceResult = createUnionType({
  name: 'ReviseSingleSourceResult',
  registerIn,
  types: () => [SingleSourceProposal, SingleSourceNotAllowed, ThresholdsNotSet, ...STEP] as const,
});
export const WithdrawSingleSourceResult = createUnionType({
  name: 'WithdrawSingleSourceResult',
  registerIn,
  types: () => [SingleSourceProposal, ...STEP] as const,
});
export const NoticeSingleSourceResult = createUnionType({
  name: 'NoticeSingleSourceResult',
  registerIn,
  types: () =>
    [
      SingleSourceProposal,
      SingleSourceNotAllowed,
      ThresholdsNotSet,
      SecondPersonNeeded,
      ...STEP,
    ] as const,
});
export const ObjectToSingleSourceResult = createUnionType({
  name: 'ObjectToSingleSourceResult',
  registerIn,
  types: () => [SingleSourceObjection, NoticeNotRunning, IdAlreadyUsed, InvalidInput] as const,
});
export const AnswerSingleSourceObjectionResult = createUnionType({
  name: 'AnswerSingleSourceObjectionResult',
  registerIn,
  types: () => [SingleSourceObjection, SecondPersonNeeded, ...STEP] as const,
});

/** Single source (单一来源): proposed, noticed to the public, objected to, settled. */
@Resolver(() => SingleSourceProposal)
export class SingleSourceResolver {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ProposingService) private readonly proposing: ProposingService,
    @Inject(SingleSourceService) private readonly singleSource: SingleSourceService,
  ) {}

  @Query(() => [SingleSourceReason], {
    nullable: true,
    description: 'The grounds on which one supplier alone may be asked, with what each asks for.',
  })
  @Allow('tenders.plan.read')
  singleSourceReasons(@Context() context: GraphqlContext) {
    return this.database.read(context.actor, (tx) =>
      tx.find(SingleSourceReason, { order: { code: 'ASC' } }),
    );
  }

  @Query(() => SingleSourceProposal, {
    nullable: true,
    description: 'NOT_FOUND where it is not visible.',
  })
  @Allow('tenders.plan.read')
  singleSourceProposal(
    @Args('id', { type: () => ID }) id: string,
    @Context() context: GraphqlContext,
  ) {
    return this.database.read(context.actor, async (tx) => {
      const found = await tx.findOneBy(SingleSourceProposal, { id });
      if (!found) throw new NotFound('singleSourceProposal', id);
      return found;
    });
  }

  @Query(() => SingleSourceProposalConnection, {
    nullable: true,
    name: 'singleSourceProposals',
    description: 'Page by page: all for the staff, those that were noticed for everyone.',
  })
  @Allow('tenders.plan.read')
  page(@Args() args: SingleSourceProposalsArgs, @Context() context: GraphqlContext) {
    const { state, planId, filter, orderBy, ...page } = args;
    return paginate<SingleSourceProposal>({
      read: (work) => this.database.read(context.actor, work),
      alias: 'proposal',
      query: (tx) => {
        const query = tx.createQueryBuilder(SingleSourceProposal, 'proposal').where('true');
        if (state) query.andWhere('proposal.state = :state', { state });
        if (planId) query.andWhere('proposal.planId = :planId', { planId });
        const { states, organisationId, noticed } = filter ?? {};
        if (states) query.andWhere('proposal.state = any (:states)', { states });
        if (organisationId)
          query.andWhere('proposal.organisationId = :organisationId', { organisationId });
        if (orderBy?.field === SingleSourceProposalOrderField.NOTICED_AT)
          query.andWhere('proposal.noticedAt is not null');
        return within(query, 'proposal.noticedAt', noticed);
      },
      page,
      orderBy: orderBy && { property: orderBy.field, direction: orderBy.direction },
    });
  }

  @Mutation(() => ProposeSingleSourceResult, {
    description:
      'Proposes to buy what a plan says from one named supplier, on a ground of the law. A plan has one living proposal.',
  })
  @Allow('tenders.plan.write')
  proposeSingleSource(
    @Args('input') input: ProposeSingleSourceInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.proposing.propose(actor, input);
  }

  @Mutation(() => ReviseSingleSourceResult, {
    description: 'Puts a proposal right that is not public yet. The supplier stays.',
  })
  @Allow('tenders.plan.write')
  reviseSingleSource(@Args('input') input: ReviseSingleSourceInput, @CurrentActor() actor: Actor) {
    return this.proposing.revise(actor, input);
  }

  @Mutation(() => WithdrawSingleSourceResult, {
    description: 'Takes a proposal back that is not public yet; its plan has room for another.',
  })
  @Allow('tenders.plan.write')
  withdrawSingleSource(@Args('input') input: SingleSourceStepInput, @CurrentActor() actor: Actor) {
    return this.proposing.withdraw(actor, input);
  }

  @Mutation(() => NoticeSingleSourceResult, {
    description:
      'Makes it public (单一来源公示), by somebody who did not write it; objections are taken until the notice is over.',
  })
  @Allow('tenders.plan.approve')
  noticeSingleSource(@Args('input') input: SingleSourceStepInput, @CurrentActor() actor: Actor) {
    return this.singleSource.notice(actor, input);
  }

  @Mutation(() => ObjectToSingleSourceResult, {
    description: 'Says that others could do it too; anybody may, while the notice runs.',
  })
  @Allow('tenders.singleSource.object')
  objectToSingleSource(
    @Args('input') input: ObjectToSingleSourceInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.singleSource.object(actor, input);
  }

  @Mutation(() => AnswerSingleSourceObjectionResult, {
    description:
      'What arguing it again came to (补充论证). An objection that is right ends the proposal: it must be bought in another way.',
  })
  @Allow('tenders.plan.approve')
  answerSingleSourceObjection(
    @Args('input') input: AnswerSingleSourceObjectionInput,
    @CurrentActor() actor: Actor,
  ) {
    return this.singleSource.answer(actor, input);
  }

  @ResolveField(() => Organisation, { nullable: true, description: 'The one supplier.' })
  @Allow('tenders.plan.read')
  organisation(@Parent() { organisationId }: SingleSourceProposal): Organisation {
    return { id: organisationId };
  }

  @ResolveField(() => [SingleSourceObjection], {
    description: 'In their order: all for the office, one’s own for everyone else.',
  })
  @Allow('tenders.plan.read')
  objections(@Parent() { id }: SingleSourceProposal, @Context() context: GraphqlContext) {
    return loader(context, 'objectionsOf', async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.database.read(context.actor, (tx) =>
          tx.find(SingleSourceObjection, {
            where: { proposalId: In([...ids]) },
            order: { id: 'ASC' },
          }),
        ),
        (each) => each.proposalId,
      ),
    ).load(id);
  }
}
