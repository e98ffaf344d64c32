import { type Actor, Allow, CurrentActor } from '@mulin/auth';
import { Database } from '@mulin/database';
import { CivilDateScalar, connection, PageArgs, paginate } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import {
  Args,
  ArgsType,
  Field,
  ID,
  InputType,
  Int,
  ObjectType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { Contract, Instalment } from '../evaluation/stubs.js';
import { EvaluationsSchema } from '../schema.js';

const registerIn = () => EvaluationsSchema;

/** A row of the work list: an instalment whose period is over and which nobody has evaluated. */
@Entity('evaluation_due')
@ObjectType({
  registerIn,
  description: 'An instalment that waits for somebody to plan its evaluation.',
})
export class EvaluationDue {
  @PrimaryColumn('text')
  @Field(() => ID, { description: 'Of the instalment.' })
  id: string;

  @Column('text', { name: 'contract_id' })
  contractId: string;

  @Column('int')
  @Field(() => Int)
  no: number;

  @Column('date', { name: 'period_to' })
  @Field(() => CivilDateScalar, { description: 'Last day of its period.' })
  periodTo: string;

  @Column('int')
  @Field(() => Int, { description: '1; or 2 when the rectification report is in.' })
  attempt: number;

  @Column('text', { name: 'previous_id', nullable: true })
  @Field(() => ID, { nullable: true, description: 'The failed first evaluation, for attempt 2.' })
  previousEvaluationId: string | null;
}

@InputType({ registerIn, description: 'All of what is given must hold.' })
export class EvaluationDueFilter {
  @Field(() => ID, { nullable: true })
  contractId?: string;

  @Field(() => CivilDateScalar, {
    nullable: true,
    description: 'The period was over by the end of this day.',
  })
  overBy?: string;

  @Field(() => Int, { nullable: true, description: '1; or 2 after a rectification.' })
  attempt?: number;
}

@ArgsType()
export class EvaluationsDueArgs extends PageArgs {
  @Field(() => EvaluationDueFilter, { nullable: true })
  filter?: EvaluationDueFilter;
}

@ObjectType({ registerIn })
export class EvaluationDueConnection extends connection(EvaluationDue, EvaluationsSchema) {}

@Resolver(() => EvaluationDue)
@Allow('evaluations.due.read')
export class EvaluationDueResolver {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Query(() => EvaluationDueConnection, {
    nullable: true,
    description: 'Instalments whose period is over and which have no evaluation yet.',
  })
  evaluationsDue(@Args() { filter, ...page }: EvaluationsDueArgs, @CurrentActor() actor: Actor) {
    return paginate<EvaluationDue>({
      read: (work) => this.database.read(actor, work),
      alias: 'due',
      page,
      query: (tx) => {
        const query = tx.createQueryBuilder(EvaluationDue, 'due').where('true');
        const { contractId, overBy, attempt } = filter ?? {};
        if (contractId) query.andWhere('due.contractId = :contractId', { contractId });
        if (overBy) query.andWhere('due.periodTo <= :overBy', { overBy });
        if (attempt) query.andWhere('due.attempt = :attempt', { attempt });
        return query;
      },
    });
  }

  @ResolveField(() => Instalment, { nullable: true })
  instalment(@Parent() { id }: EvaluationDue): Instalment {
    return Instalment.of(id);
  }

  @ResolveField(() => Contract, { nullable: true })
  contract(@Parent() { contractId }: EvaluationDue): Contract {
    return Contract.of(contractId);
  }
}
