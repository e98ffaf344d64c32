import { type ServiceConfig, SubgraphModule } from '@mulin/graphql';
import { MessagingModule } from '@mulin/messaging';
import { type DynamicModule, Module } from '@nestjs/common';
import { Organisation } from './organisation/organisation.entity.js';
import { OrganisationResolver } from './organisation/organisation.resolver.js';
import { OrganisationService } from './organisation/organisation.service.js';
import { Person, Post } from './person/person.entity.js';
import {
  OrganisationPostsResolver,
  PersonResolver,
  PostResolver,
} from './person/person.resolver.js';
import { PersonService } from './person/person.service.js';
import { policy } from './policy.js';
import { Relation } from './relation/relation.entity.js';
import { RelationResolver } from './relation/relation.resolver.js';
import { RelationService } from './relation/relation.service.js';
import { OrganisationsSchema } from './schema.js';

/** Wiring only. */
@Module({})
export class OrganisationsModule {
  static for(config: ServiceConfig): DynamicModule {
    return {
      module: OrganisationsModule,
      imports: [
        SubgraphModule.forService({
          config,
          schema: OrganisationsSchema,
          entities: [Organisation, Person, Post, Relation],
          policy,
        }),
        MessagingModule.forService({ config }),
      ],
      providers: [
        OrganisationService,
        OrganisationResolver,
        PersonService,
        PersonResolver,
        OrganisationPostsResolver,
        PostResolver,
        RelationService,
        RelationResolver,
      ],
    };
  }
}
