import { Allow } from '@mulin/auth';
import type { GraphqlContext } from '@mulin/graphql';
import { Inject } from '@nestjs/common';
import { Args, Context, Field, ID, ObjectType, Query, Resolver } from '@nestjs/graphql';
import { InsightsSchema } from '../schema.js';
import { OcdsService } from './ocds.service.js';

@ObjectType({
  registerIn: () => InsightsSchema,
  description: 'A package of the Open Contracting Data Standard 1.1.5.',
})
export class OcdsPackage {
  @Field({ description: 'The package, JSON. Amounts are CNY with two decimals.' })
  json: string;
}

/** Open contracting data of a tender. */
@Resolver(() => OcdsPackage)
export class OcdsResolver {
  constructor(@Inject(OcdsService) private readonly ocds: OcdsService) {}

  @Query(() => OcdsPackage, {
    nullable: true,
    description:
      'The releases of a tender, OCDS 1.1.5: planning, tender, award, contract, implementation, each step as it was told; for everyone what was published. NOT_FOUND where nothing was.',
  })
  @Allow('insights.ocds.read')
  async ocdsReleasePackage(
    @Args('tenderId', { type: () => ID }) tenderId: string,
    @Context() { actor }: GraphqlContext,
  ): Promise<OcdsPackage> {
    return { json: await this.ocds.releasePackage(actor, tenderId) };
  }

  @Query(() => OcdsPackage, {
    nullable: true,
    description:
      'The record of a tender, OCDS 1.1.5, with its releases; for everyone what was published.',
  })
  @Allow('insights.ocds.read')
  async ocdsRecordPackage(
    @Args('tenderId', { type: () => ID }) tenderId: string,
    @Context() { actor }: GraphqlContext,
  ): Promise<OcdsPackage> {
    return { json: await this.ocds.recordPackage(actor, tenderId) };
  }
}
