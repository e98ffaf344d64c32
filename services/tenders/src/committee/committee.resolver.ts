import { type Actor, Allow, CurrentActor } from '@mulin/auth';
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
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { In } from 'typeorm';
import { TendersSchema } from '../schema.js';
import { Tender } from '../tender/tender.entity.js';
import {
  CommitteeDraw,
  CommitteeMember,
  SeatReplacement,
  TenderCommittee,
} from './committee.entity.js';
import {
  AnswerInvitationInput,
  CommitteeStepInput,
  DrawCommitteeInput,
  ExpertsArgs,
  ExpertStepInput,
  RegisterExpertInput,
  ReplaceMemberInput,
  ReplaceRecusedInput,
} from './committee.inputs.js';
import {
  CommitteeInvalid,
  MemberNotAbsent,
  MustRecuse,
  NotOnCommittee,
  PoolTooSmall,
} from './committee.refusals.js';
import { CommitteeService } from './committee.service.js';
import { Expert } from './expert.entity.js';
import { ExpertService } from './expert.service.js';
import { ReplacingService } from './replacing.service.js';

const registerIn = () => TendersSchema;
const STEP = [StateConflict, IdempotencyKeyReused, InvalidInput] as const;

export const RegisterExpertResult = createUnionType({
  name: 'RegisterExpertResult',
  registerIn,
  types: () => [Expert, IdAlreadyUsed, InvalidInput] as const,
});
export const ListExpertResult = createUnionType({
  name: 'ListExpertResult',
  registerIn,
  types: () => [Expert, SecondPersonNeeded, ...STEP] as const,
});
export const RemoveExpertResult = createUnionType({
  name: 'RemoveExpertResult',
  registerIn,
  types: () => [Expert, ...STEP] as const,
});
@ObjectType({ registerIn })
export class ExpertConnection extends connection(Expert, TendersSchema) {}

/** The pool of experts. */
@Resolver(() => Expert)
export class ExpertResolver {
  constructor(@Inject(ExpertService) private readonly pool: ExpertService) {}

  @Query(() => ExpertConnection, {
    nullable: true,
    name: 'experts',
    description: 'The pool of experts, page by page, for those who keep it.',
  })
  @Allow('tenders.expert.read')
  page(@Args() args: ExpertsArgs, @CurrentActor() actor: Actor) {
    return this.pool.page(actor, args);
  }

  @Mutation(() => RegisterExpertResult, {
    description: 'Writes an expert into the pool; a second person lists the expert.',
  })
  @Allow('tenders.expert.write')
  registerExpert(@Args('input') input: RegisterExpertInput, @CurrentActor() actor: Actor) {
    return this.pool.register(actor, input);
  }

  @Mutation(() => ListExpertResult, {
    description: 'Lists an expert, who may be drawn from here on; not by who registered.',
  })
  @Allow('tenders.expert.list')
  listExpert(@Args('input') input: ExpertStepInput, @CurrentActor() actor: Actor) {
    return this.pool.list(actor, input);
  }

  @Mutation(() => RemoveExpertResult, { description: 'Takes an expert out of the pool.' })
  @Allow('tenders.expert.list')
  removeExpert(@Args('input') input: ExpertStepInput, @CurrentActor() actor: Actor) {
    return this.pool.remove(actor, input);
  }
}

export const DrawCommitteeResult = createUnionType({
  name: 'DrawCommitteeResult',
  registerIn,
  types: () => [TenderCommittee, CommitteeInvalid, PoolTooSmall, MustRecuse, ...STEP] as const,
});
export const AnswerInvitationResult = createUnionType({
  name: 'AnswerInvitationResult',
  registerIn,
  types: () => [TenderCommittee, NotOnCommittee, MustRecuse, ...STEP] as const,
});
export const DrawAgainResult = createUnionType({
  name: 'DrawAgainResult',
  registerIn,
  types: () => [TenderCommittee, PoolTooSmall, ...STEP] as const,
});
export const ReplaceRecusedResult = createUnionType({
  name: 'ReplaceRecusedResult',
  registerIn,
  types: () => [TenderCommittee, CommitteeInvalid, MustRecuse, ...STEP] as const,
});
export const ReplaceMemberResult = createUnionType({
  name: 'ReplaceMemberResult',
  registerIn,
  types: () =>
    [
      TenderCommittee,
      MemberNotAbsent,
      NotOnCommittee,
      CommitteeInvalid,
      MustRecuse,
      ...STEP,
    ] as const,
});

/** Forming a committee. */
@Resolver(() => TenderCommittee)
export class CommitteeResolver {
  constructor(
    @Inject(CommitteeService) private readonly committees: CommitteeService,
    @Inject(ReplacingService) private readonly replacing: ReplacingService,
    @Inject(Database) private readonly database: Database,
  ) {}

  @Query(() => [CommitteeMember], {
    nullable: true,
    description: 'One’s own seats and invitations; the newest first, at most 100.',
  })
  @Allow('tenders.committee.sit')
  myCommitteeSeats(@CurrentActor() actor: Actor) {
    return this.database.read(actor, (tx) =>
      tx.find(CommitteeMember, {
        where: { personId: actor.id },
        order: { id: 'DESC' },
        take: 100,
      }),
    );
  }

  @Mutation(() => DrawCommitteeResult, {
    description:
      'Draws a committee when it is settled who qualifies (实施条例 第三十九条). Whoever is related to a bidder or had a hand in the tender is left out; the names stay secret until the result.',
  })
  @Allow('tenders.committee.draw')
  drawCommittee(@Args('input') input: DrawCommitteeInput, @CurrentActor() actor: Actor) {
    return this.committees.draw(actor, input);
  }

  @Mutation(() => AnswerInvitationResult, {
    description: 'Takes the seat one was drawn for, or declines; then the next drawn is invited.',
  })
  @Allow('tenders.committee.sit')
  answerInvitation(@Args('input') input: AnswerInvitationInput, @CurrentActor() actor: Actor) {
    return this.committees.answer(actor, input);
  }

  @Mutation(() => DrawAgainResult, {
    description:
      'Invitations that were not answered in time lapse and the next drawn are invited; draws anew when nobody is left in the draw before.',
  })
  @Allow('tenders.committee.draw')
  drawAgain(@Args('input') input: CommitteeStepInput, @CurrentActor() actor: Actor) {
    return this.committees.drawAgain(actor, input);
  }

  @Mutation(() => ReplaceRecusedResult, {
    description:
      'Unseats members who turned out to be related to a bidder; what they found is void, and the next drawn are invited (87号令 第四十九条).',
  })
  @Allow('tenders.committee.draw')
  replaceRecused(@Args('input') input: ReplaceRecusedInput, @CurrentActor() actor: Actor) {
    return this.replacing.replaceRecused(actor, input);
  }

  @Mutation(() => ReplaceMemberResult, {
    description:
      'Replaces a member for whom the committee has waited too long (缺席); by its leader or who draws, with the reason. What that member gave is void (87号令 第四十九条).',
  })
  @Allow('tenders.committee.sit')
  replaceMember(@Args('input') input: ReplaceMemberInput, @CurrentActor() actor: Actor) {
    return this.replacing.replaceMember(actor, input);
  }

  @ResolveField(() => [SeatReplacement], {
    description: 'Members who did not judge any more and were replaced, with the reason.',
  })
  @Allow('tenders.committee.read')
  replacements(@Parent() { id }: TenderCommittee, @Context() context: GraphqlContext) {
    return loader(context, 'seatReplacements', async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.database.read(context.actor, (tx) =>
          tx.find(SeatReplacement, {
            where: { committeeId: In([...ids]) },
            order: { place: 'ASC' },
          }),
        ),
        (each) => each.committeeId,
      ),
    ).load(id);
  }

  @ResolveField(() => Int, { description: 'Seats nobody has confirmed yet.' })
  @Allow('tenders.tender.read')
  vacantSeats(@Parent() { id }: TenderCommittee, @Context() context: GraphqlContext) {
    return loader(context, 'vacantSeats', async (ids: readonly string[]) => {
      const rows = await this.database.read(context.actor, (tx) =>
        tx.query<{ id: string; vacant: number }[]>(
          'select id, vacant_seats(id) as vacant from unnest($1::text[]) as each (id)',
          [[...ids]],
        ),
      );
      return new Map(rows.map(({ id: of, vacant }) => [of, vacant]));
    }).load(id);
  }

  @ResolveField(() => [CommitteeMember], {
    description: 'Its seats; empty for all but its members until the result is announced.',
  })
  @Allow('tenders.tender.read')
  members(@Parent() { id }: TenderCommittee, @Context() context: GraphqlContext) {
    return loader(context, 'committeeMembers', async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.database.read(context.actor, (tx) =>
          tx.find(CommitteeMember, {
            where: { committeeId: In([...ids]) },
            order: { place: 'ASC' },
          }),
        ),
        (each) => each.committeeId,
      ),
    ).load(id);
  }

  @ResolveField(() => [CommitteeDraw], {
    description: 'Its draws, for anyone to make again; empty until the result is announced.',
  })
  @Allow('tenders.tender.read')
  draws(@Parent() { id }: TenderCommittee, @Context() context: GraphqlContext) {
    return loader(context, 'committeeDraws', async (ids: readonly string[]) =>
      groupedBy(
        ids,
        await this.database.read(context.actor, (tx) =>
          tx.find(CommitteeDraw, {
            where: { committeeId: In([...ids]) },
            order: { round: 'ASC' },
          }),
        ),
        (each) => each.committeeId,
      ),
    ).load(id);
  }
}

/** The committee, on the tender. */
@Resolver(() => Tender)
export class TenderCommitteeResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @ResolveField(() => TenderCommittee, {
    nullable: true,
    description: 'The committee that judges it: for the staff, and for all with the result.',
  })
  @Allow('tenders.tender.read')
  committee(@Parent() { id }: Tender, @Context() context: GraphqlContext) {
    return loader(context, 'committeeOf', async (ids: readonly string[]) =>
      byKey(
        await this.database.read(context.actor, (tx) =>
          tx.findBy(TenderCommittee, { tenderId: In([...ids]) }),
        ),
        (each) => each.tenderId,
      ),
    ).load(id);
  }
}
