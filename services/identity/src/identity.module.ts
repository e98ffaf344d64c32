import { type ServiceConfig, SubgraphModule } from '@mulin/graphql';
import { type DynamicModule, Module } from '@nestjs/common';
import { Account } from './account/account.entity.js';
import { AccountResolver } from './account/account.resolver.js';
import { AccountService } from './account/account.service.js';
import { SignInService } from './password/sign-in.js';
import { policy } from './policy.js';
import { IdentitySchema } from './schema.js';
import { ViewerResolver } from './viewer/viewer.resolver.js';

/** Wiring only. */
@Module({})
export class IdentityModule {
  static for(config: ServiceConfig): DynamicModule {
    return {
      module: IdentityModule,
      imports: [
        SubgraphModule.forService({ config, schema: IdentitySchema, entities: [Account], policy }),
      ],
      providers: [AccountService, AccountResolver, ViewerResolver, SignInService],
    };
  }
}
