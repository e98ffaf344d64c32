import { CivilDateScalar, type Text } from '@mulin/graphql';
import { Field, ID, ObjectType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { ContractsSchema } from '../schema.js';
import type { Contract } from './contract.entity.js';

/** A ground on which the law lets a contract end before its term. */
@Entity('termination_reason')
@ObjectType({
  registerIn: () => ContractsSchema,
  description: 'A ground on which the law lets a contract end before its term.',
})
export class TerminationReason {
  @PrimaryColumn('text')
  @Field()
  code: string;

  @Column('text')
  @Field({ description: 'The article it rests on.' })
  article: string;

  @Column('text', { name: 'title_zh' })
  titleZh: string;

  @Column('text', { name: 'title_en' })
  titleEn: string;

  @Column('date', { name: 'in_force_from' })
  @Field(() => CivilDateScalar)
  inForceFrom: string;

  @Column('date', { name: 'in_force_to', nullable: true })
  @Field(() => CivilDateScalar, { nullable: true })
  inForceTo: string | null;

  get titles(): Text {
    return { zh: this.titleZh, en: this.titleEn };
  }

  isInForceOn(day: string): boolean {
    return this.inForceFrom <= day && (this.inForceTo === null || day <= this.inForceTo);
  }
}

/** How a contract ended early, or is about to. */
@ObjectType({ registerIn: () => ContractsSchema })
export class Termination {
  @Field({ description: 'A code of terminationReasons.' })
  reasonCode: string;

  @Field(() => CivilDateScalar, { description: 'Last day of the contract.' })
  lastDay: string;

  @Field(() => ID, { description: 'Who proposed it.' })
  proposedById: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The second person; null while it is a proposal.',
  })
  confirmedById: string | null;

  static of(contract: Contract): Termination | null {
    const {
      terminationReason: reasonCode,
      terminationDay: lastDay,
      terminationProposedBy,
    } = contract;
    if (reasonCode === null || lastDay === null || terminationProposedBy === null) return null;
    const confirmedById = contract.terminatedBy;
    return { reasonCode, lastDay, proposedById: terminationProposedBy, confirmedById };
  }
}
