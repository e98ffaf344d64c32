import { type ServiceConfig, SubgraphModule } from '@mulin/graphql';
import { deadLetterResolver, MessagingModule } from '@mulin/messaging';
import { type DynamicModule, Module } from '@nestjs/common';
import { HeadKeeper } from './audit/head-keeper.js';
import { consumer } from './fact/consumer.js';
import { FactKeeper } from './fact/fact-keeper.js';
import { Fact } from './fact/fact.entity.js';
import { Indicator, RedFlag } from './flag/flag.entity.js';
import { FlagResolver } from './flag/flag.resolver.js';
import { ImportedRelease, OcdsImport } from './import/import.entity.js';
import { ImportResolver, ImportService } from './import/import.resolver.js';
import { OcdsJsonScalar } from './import/ocds-json.scalar.js';
import { OcdsResolver } from './ocds/ocds.resolver.js';
import { OcdsService } from './ocds/ocds.service.js';
import { policy } from './policy.js';
import { InsightsSchema } from './schema.js';

// Once: the call registers GraphQL types, and a process may build the module twice.
const InsightsDeadLetters = deadLetterResolver({ service: 'insights', schema: InsightsSchema });

/** Wiring only. */
@Module({})
export class InsightsModule {
  static for(config: ServiceConfig): DynamicModule {
    return {
      module: InsightsModule,
      imports: [
        SubgraphModule.forService({
          config,
          schema: InsightsSchema,
          entities: [Fact, Indicator, RedFlag, OcdsImport, ImportedRelease],
          policy,
        }),
        MessagingModule.forService({ config, consumer }),
      ],
      controllers: [FactKeeper, HeadKeeper],
      providers: [
        FlagResolver,
        OcdsService,
        OcdsResolver,
        OcdsJsonScalar,
        ImportService,
        ImportResolver,
        InsightsDeadLetters,
      ],
    };
  }
}
