import { InstantScalar, SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { TendersSchema } from '../schema.js';

/** Where an item of the catalogue stands. */
export enum ServiceItemState {
  DRAFT = 'draft',
  LISTED = 'listed',
  SUSPENDED = 'suspended',
  RETIRED = 'retired',
}

/** Every step there is. The database has the same table (`service_item_step`) and refuses others. */
export const NEXT: Readonly<Record<ServiceItemState, readonly ServiceItemState[]>> = {
  draft: [ServiceItemState.LISTED, ServiceItemState.RETIRED],
  listed: [ServiceItemState.SUSPENDED, ServiceItemState.RETIRED],
  suspended: [ServiceItemState.LISTED, ServiceItemState.RETIRED],
  retired: [],
};

registerEnumType(ServiceItemState, {
  name: 'ServiceItemState',
  registerIn: () => TendersSchema,
  description: 'Where an item of the catalogue stands.',
  valuesMap: {
    DRAFT: { description: 'Written, not yet in the catalogue.' },
    LISTED: { description: 'In the catalogue: plans may buy it.' },
    SUSPENDED: { description: 'No new plans; what was bought goes on.' },
    RETIRED: { description: 'Bought no more.' },
  },
});

/** What the street may write of an item. */
export interface ServiceItemTerms {
  categoryCode: string;
  title: string;
  standard: string;
  targetGroup: string;
  unit: string;
  legalBasis: string;
}

/** An item of the catalogue of services to be bought (指导性目录; HSDS: service). */
@Entity('service_item')
@ObjectType({
  registerIn: () => TendersSchema,
  description: 'An item of the catalogue of services to be bought (指导性目录; HSDS: service).',
})
@Directive('@key(fields: "id")')
export class ServiceItem implements ServiceItemTerms {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  @Field({ description: '县以下行政区划代码, nine digits.' })
  street: string;

  @Column('text')
  @Field({ description: 'Small letters, digits and hyphens; once in a street: elder-companion.' })
  code: string;

  @Column('text', { name: 'category_code' })
  categoryCode: string;

  @Column('text')
  @Field({ description: 'Published title.' })
  title: string;

  @Column('text')
  @Field({ description: 'What is owed to those served, as it goes into tender files (服务标准).' })
  standard: string;

  @Column('text', { name: 'target_group' })
  @Field({ description: 'Whom it is for (服务对象).' })
  targetGroup: string;

  @Column('text')
  @Field({ description: 'What one of it is: 人次, 小时, 场, 年 (计量单位).' })
  unit: string;

  @Column('text', { name: 'legal_basis' })
  @Field({ description: 'The law or policy that makes it a duty of government.' })
  legalBasis: string;

  @Column('text')
  @Field(() => ServiceItemState)
  state: ServiceItemState;

  @Column('text', { name: 'written_by' })
  writtenBy: string;

  @Column('text', { name: 'listed_by', nullable: true })
  listedBy: string | null;

  @Column('timestamptz', { name: 'listed_at', nullable: true })
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'When it last entered the catalogue.',
  })
  listedAt: Date | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change the item.' })
  version: number;

  static draft(
    facts: ServiceItemTerms & { id: string; street: string; code: string; by: string },
  ): ServiceItem {
    const { by, ...terms } = facts;
    return Object.assign(new ServiceItem(), terms, {
      state: ServiceItemState.DRAFT,
      writtenBy: by,
      listedBy: null,
      listedAt: null,
      version: 1,
    });
  }

  /** Its text is written anew: while drafted, or suspended, when no plan may use it. */
  revise(by: string, terms: ServiceItemTerms, expectedVersion: number): StateConflict | undefined {
    const open = [ServiceItemState.DRAFT, ServiceItemState.SUSPENDED].includes(this.state);
    if (!open || expectedVersion !== this.version) return this.conflict(expectedVersion, 'revise');
    Object.assign(this, terms, { writtenBy: by });
    this.version += 1;
    return undefined;
  }

  /** Into the catalogue, by somebody who did not write its text. */
  list(
    by: string,
    expectedVersion: number,
    now: Date,
  ): StateConflict | SecondPersonNeeded | undefined {
    if (!this.mayStep(ServiceItemState.LISTED, expectedVersion))
      return this.conflict(expectedVersion, 'list');
    if (by === this.writtenBy)
      return new SecondPersonNeeded({
        firstPersonId: by,
        step: 'draftServiceItem / listServiceItem',
      });
    this.step(ServiceItemState.LISTED);
    this.listedBy = by;
    this.listedAt = now;
    return undefined;
  }

  suspend(expectedVersion: number): StateConflict | undefined {
    if (!this.mayStep(ServiceItemState.SUSPENDED, expectedVersion))
      return this.conflict(expectedVersion, 'suspend');
    this.step(ServiceItemState.SUSPENDED);
    return undefined;
  }

  retire(expectedVersion: number): StateConflict | undefined {
    if (!this.mayStep(ServiceItemState.RETIRED, expectedVersion))
      return this.conflict(expectedVersion, 'retire');
    this.step(ServiceItemState.RETIRED);
    return undefined;
  }

  private conflict(expectedVersion: number, wanted: string): StateConflict {
    const { version: actualVersion, state } = this;
    return new StateConflict({ expectedVersion, actualVersion, state, wanted });
  }

  private mayStep(to: ServiceItemState, expectedVersion: number): boolean {
    return NEXT[this.state].includes(to) && expectedVersion === this.version;
  }

  private step(to: ServiceItemState): void {
    this.state = to;
    this.version += 1;
  }
}
