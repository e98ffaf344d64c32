import {
  AcceptanceSigned,
  EvaluationAppealed,
  EvaluationFinalised,
  EvaluationNotified,
  EvaluationPlanned,
  RectificationLapsed,
  RectificationSubmitted,
} from '@mulin/events';
import { type ServiceConfig, SubgraphModule } from '@mulin/graphql';
import { type ConsumerDefinition, deadLetterResolver, MessagingModule } from '@mulin/messaging';
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
import { EvaluationEvents } from './record/evaluation.events.js';
import { BadRecord, EvaluationResult, Rating } from './record/record.entity.js';
import { RecordResolver } from './record/record.resolver.js';
import { RecordService } from './record/record.service.js';
import { Relation } from './relation/relation.entity.js';
import { RelationResolver } from './relation/relation.resolver.js';
import { RelationService } from './relation/relation.service.js';
import { OrganisationsSchema } from './schema.js';

/** How organisations were evaluated: that is all the register needs to hear. */
export const consumer: ConsumerDefinition = {
  name: 'organisations',
  topics: ['mulin.evaluation.events.v1'],
  handles: [EvaluationFinalised],
  ignores: [
    EvaluationPlanned,
    EvaluationNotified,
    EvaluationAppealed,
    RectificationSubmitted,
    RectificationLapsed,
    AcceptanceSigned,
  ],
};

// Once: the call registers GraphQL types, and a process may build the module twice.
const OrganisationsDeadLetters = deadLetterResolver({
  service: 'organisations',
  schema: OrganisationsSchema,
});

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
          entities: [Organisation, Person, Post, Relation, Rating, BadRecord, EvaluationResult],
          policy,
        }),
        MessagingModule.forService({ config, consumer }),
      ],
      controllers: [EvaluationEvents],
      providers: [
        OrganisationService,
        OrganisationResolver,
        PersonService,
        PersonResolver,
        OrganisationPostsResolver,
        PostResolver,
        RelationService,
        RelationResolver,
        RecordService,
        RecordResolver,
        OrganisationsDeadLetters,
      ],
    };
  }
}
