import { SecondPersonNeeded, StateConflict } from '@mulin/graphql';
import { Directive, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { OrganisationsSchema } from '../schema.js';
import { isCreditCode } from './credit-code.js';
import { CreditCodeInvalid } from './organisation.refusals.js';

export enum OrganisationType {
  ASSOCIATION = 'association',
  SERVICE_ORGANISATION = 'serviceOrganisation',
  FOUNDATION = 'foundation',
  DEPARTMENT = 'department',
  NEIGHBOURHOOD_COMMITTEE = 'neighbourhoodCommittee',
  PARTNER = 'partner',
}
registerEnumType(OrganisationType, {
  name: 'OrganisationType',
  registerIn: () => OrganisationsSchema,
  description: 'What kind of party this is.',
  valuesMap: {
    ASSOCIATION: { description: '社会团体' },
    SERVICE_ORGANISATION: { description: '民办非企业单位（社会服务机构）' },
    FOUNDATION: { description: '基金会' },
    DEPARTMENT: { description: '街道科室，购买主体' },
    NEIGHBOURHOOD_COMMITTEE: { description: '居民委员会' },
    PARTNER: { description: '联盟成员：高校社团、企业志愿者等' },
  },
});

export enum OrganisationState {
  REGISTERED = 'registered',
  VERIFIED = 'verified',
}
registerEnumType(OrganisationState, {
  name: 'OrganisationState',
  registerIn: () => OrganisationsSchema,
  valuesMap: {
    REGISTERED: { description: 'Entered by one officer.' },
    VERIFIED: { description: 'Its papers were checked by a second person; it may sign contracts.' },
  },
});

const NEXT: Record<OrganisationState, readonly OrganisationState[]> = {
  [OrganisationState.REGISTERED]: [OrganisationState.VERIFIED],
  [OrganisationState.VERIFIED]: [],
};

/** A party of the street's register (Popolo Organization): who funds, runs, guides or helps a service. */
@Entity('organisation')
@ObjectType({
  registerIn: () => OrganisationsSchema,
  description: 'A party of the street’s register (Popolo Organization).',
})
@Directive('@key(fields: "id")')
export class Organisation {
  @PrimaryColumn('text')
  @Field(() => ID)
  id: string;

  @Column('text')
  @Field({ description: '县以下行政区划代码, nine digits.' })
  street: string;

  @Column('text')
  @Field(() => OrganisationType)
  type: OrganisationType;

  @Column('text')
  @Field({ description: 'Its public name.' })
  name: string;

  @Column('text', { name: 'credit_code', nullable: true })
  @Field(() => String, { nullable: true, description: '统一社会信用代码, GB 32100.' })
  creditCode: string | null;

  @Column('text')
  @Field(() => OrganisationState)
  state: OrganisationState;

  @Column('text', { name: 'registered_by' })
  registeredBy: string;

  @Column('text', { name: 'verified_by', nullable: true })
  verifiedBy: string | null;

  @Column('int')
  @Field(() => Int, { description: 'Hand it back as expectedVersion when you change the row.' })
  version: number;

  /** How many events of this organisation were sent. */
  @Column('int')
  events: number;

  static register(facts: {
    id: string;
    street: string;
    type: OrganisationType;
    name: string;
    creditCode: string | null;
    registeredBy: string;
  }): Organisation | CreditCodeInvalid {
    const needsCode = ![
      OrganisationType.DEPARTMENT,
      OrganisationType.NEIGHBOURHOOD_COMMITTEE,
      OrganisationType.PARTNER,
    ].includes(facts.type);
    const code = facts.creditCode;
    if (code === null ? needsCode : !isCreditCode(code)) return new CreditCodeInvalid(code ?? '');
    return Object.assign(new Organisation(), facts, {
      state: OrganisationState.REGISTERED,
      verifiedBy: null,
      version: 1,
      events: 1,
    });
  }

  /** A second person has seen the papers. */
  verify(by: string, expectedVersion: number): StateConflict | SecondPersonNeeded | undefined {
    const possible = NEXT[this.state].includes(OrganisationState.VERIFIED);
    if (!possible || expectedVersion !== this.version) {
      return new StateConflict({
        expectedVersion,
        actualVersion: this.version,
        state: this.state,
        wanted: 'verify',
      });
    }
    if (by === this.registeredBy) {
      return new SecondPersonNeeded({ firstPersonId: by, step: 'register / verify' });
    }
    this.state = OrganisationState.VERIFIED;
    this.verifiedBy = by;
    this.version += 1;
    this.events += 1;
    return undefined;
  }
}
