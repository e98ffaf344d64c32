import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { Database } from '@mulin/database';
import {
  CivilDateScalar,
  type GraphqlContext,
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
  Field,
  Int,
  Mutation,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { Organisation } from '../organisation/organisation.entity.js';
import { OrganisationsSchema } from '../schema.js';
import { BadRecord, Rating, TrackRecord } from './record.entity.js';
import { RecordBadRecordInput, RecordRatingInput, RecordStepInput } from './record.inputs.js';
import { BadRecordUnlawful, GradeTooLong } from './record.refusals.js';
import { RecordService } from './record.service.js';

const registerIn = () => OrganisationsSchema;
const STEP = [SecondPersonNeeded, StateConflict, IdempotencyKeyReused, InvalidInput] as const;

export const RecordRatingResult = createUnionType({
  name: 'RecordRatingResult',
  registerIn,
  types: () => [Rating, GradeTooLong, IdAlreadyUsed, InvalidInput] as const,
});
export const ConfirmRatingResult = createUnionType({
  name: 'ConfirmRatingResult',
  registerIn,
  types: () => [Rating, ...STEP] as const,
});
export const RecordBadRecordResult = createUnionType({
  name: 'RecordBadRecordResult',
  registerIn,
  types: () => [BadRecord, BadRecordUnlawful, IdAlreadyUsed, InvalidInput] as const,
});
export const BadRecordStepResult = createUnionType({
  name: 'BadRecordStepResult',
  registerIn,
  types: () => [BadRecord, ...STEP] as const,
});

@ObjectType({ registerIn, description: 'A kind of bad record, by law, and how long it may last.' })
export class BadRecordKind {
  @Field()
  code: string;

  @Field(() => Int)
  leastMonths: number;

  @Field(() => Int)
  mostMonths: number;

  @Field()
  article: string;
}

/** What is known of how an organisation did. */
@Resolver(() => Organisation)
export class RecordResolver {
  constructor(
    @Inject(RecordService) private readonly records: RecordService,
    @Inject(Database) private readonly database: Database,
  ) {}

  @Query(() => [BadRecordKind], {
    nullable: true,
    description: 'Kinds of bad records in force, by law.',
  })
  @Allow('organisations.organisation.read')
  badRecordKinds(@Context() context: GraphqlContext) {
    return this.database.read(context.actor, (tx) =>
      tx.query<BadRecordKind[]>(
        `select distinct on (code) code, least_months as "leastMonths", most_months as "mostMonths", article
         from bad_record_kind where in_force_from <= (mulin.now() at time zone 'Asia/Shanghai')::date
         order by code, in_force_from desc`,
      ),
    );
  }

  @Mutation(() => RecordRatingResult, {
    description: 'Writes down a grade of the social-organisation evaluation; a second confirms it.',
  })
  @Allow('organisations.record.write')
  recordRating(@Args('input') input: RecordRatingInput, @CurrentActor() actor: Actor) {
    return this.records.rate(actor, input);
  }

  @Mutation(() => ConfirmRatingResult, { description: 'Confirms a grade; it counts from here on.' })
  @Allow('organisations.record.confirm')
  confirmRating(@Args('input') input: RecordStepInput, @CurrentActor() actor: Actor) {
    return this.records.confirmRating(actor, input);
  }

  @Mutation(() => RecordBadRecordResult, {
    description:
      'Writes down a bad record with its term (政府采购法 第七十七条); a second confirms it.',
  })
  @Allow('organisations.record.write')
  recordBadRecord(@Args('input') input: RecordBadRecordInput, @CurrentActor() actor: Actor) {
    return this.records.enterBadRecord(actor, input);
  }

  @Mutation(() => BadRecordStepResult, {
    description: 'Confirms a bad record: the organisation gets no new contract until it ends.',
  })
  @Allow('organisations.record.confirm')
  confirmBadRecord(@Args('input') input: RecordStepInput, @CurrentActor() actor: Actor) {
    return this.records.confirmBadRecord(actor, input);
  }

  @Mutation(() => BadRecordStepResult, {
    description: 'Revokes a bad record that should not stand; not by who confirmed it.',
  })
  @Allow('organisations.record.confirm')
  revokeBadRecord(@Args('input') input: RecordStepInput, @CurrentActor() actor: Actor) {
    return this.records.revokeBadRecord(actor, input);
  }

  @ResolveField(() => TrackRecord, {
    nullable: true,
    description:
      'How it stood on a day; today where none is given. Null for who is not signed in; results are for staff and itself.',
  })
  @Allow('organisations.record.read')
  trackRecord(
    @Parent() { id }: Organisation,
    @Args('asOf', { type: () => CivilDateScalar, nullable: true }) asOf: string | undefined,
    @Context() context: GraphqlContext,
    @CurrentActor() actor: Actor,
  ) {
    const day = asOf ?? undefined;
    return loader(context, `trackRecord ${day ?? ''}`, (ids: readonly string[]) =>
      this.records.trackRecords(actor, ids, day),
    ).load(id);
  }
}
