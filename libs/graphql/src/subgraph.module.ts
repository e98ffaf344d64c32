import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { permissionGuard, type PolicyTable } from '@mulin/auth';
import { Database, type DatabaseOptions } from '@mulin/database';
import { ApolloFederationDriver, type ApolloFederationDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { ServiceConfig } from './config.js';
import { type GraphqlContext, languageOf } from './context.js';
import { logDenied } from './denied-log.js';
import { maskError } from './errors.js';
import { errorsInLanguage } from './in-language.js';
import { hideWhatIsNotAllowed } from './hidden-fields.js';
import { HealthController } from './health.js';
import { InputCheck } from './input-check.js';
import { serviceLogger } from './logger.js';
import { MetricsController } from './metrics.controller.js';
import { SCALARS } from './scalars.js';
import { CONFIG, LOGGER, READINESS, Readiness } from './tokens.js';
import { UserErrors } from './user-errors.js';

export interface SubgraphOptions {
  config: ServiceConfig;
  /** The service's bare marker class: types that name it in `registerIn` belong to this schema only. */
  schema: Type<unknown>;
  entities: DatabaseOptions['entities'];
  policy: PolicyTable;
}

/** What every service is made of besides its own folders: federation, permissions, database, health. */
@Module({})
export class SubgraphModule {
  static forService({ config, schema, entities, policy }: SubgraphOptions): DynamicModule {
    const log = serviceLogger(config.service, config.logLevel);
    const database = new Database({
      ...{ service: config.service, urls: config.database, entities },
      ...(config.poolSize === undefined ? {} : { appPoolSize: config.poolSize }),
      ...(config.poolWaitMs === undefined ? {} : { appPoolWaitMs: config.poolWaitMs }),
    });
    return {
      module: SubgraphModule,
      global: true,
      imports: [GraphQLModule.forRoot<ApolloFederationDriverConfig>(graphql(config, schema, log))],
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: LOGGER, useValue: log },
        { provide: Database, useValue: database },
        { provide: READINESS, useClass: Readiness },
        { provide: APP_INTERCEPTOR, useClass: InputCheck },
        { provide: APP_FILTER, useClass: UserErrors },
        ...permissionGuard(policy),
        ...SCALARS,
      ],
      exports: [CONFIG, LOGGER, Database, READINESS],
    };
  }
}

function graphql(
  config: ServiceConfig,
  schema: Type<unknown>,
  log: Logger,
): ApolloFederationDriverConfig {
  return {
    driver: ApolloFederationDriver,
    autoSchemaFile: { federation: 2 },
    // Internal to @nestjs/graphql (pinned; a test watches it): without it, services hosted in one
    // process would find each other's types in their schema.
    buildSchemaOptions: { includeModules: [schema] } as never,
    sortSchema: true,
    graphiql: false,
    introspection: false,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: config.environment === 'production',
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    stopOnTerminationSignals: false,
    persistedQueries: false,
    fieldResolverEnhancers: ['guards'],
    transformSchema: hideWhatIsNotAllowed,
    plugins: [ApolloServerPluginInlineTraceDisabled(), errorsInLanguage, logDenied(log)],
    formatError: maskError(({ id, error, path }) => log.error({ id, path, error }, 'masked error')),
    context: (request: FastifyRequest): GraphqlContext => ({
      actor: request.actor,
      language: languageOf(request.headers['accept-language']),
      loaders: new Map(),
      requestId: String(request.headers['x-request-id'] ?? request.id),
      traceparent: request.headers.traceparent,
    }),
  };
}
