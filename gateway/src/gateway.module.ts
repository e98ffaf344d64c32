import { ApolloGatewayDriver, type ApolloGatewayDriverConfig } from '@nestjs/apollo';
import { Module, type DynamicModule } from '@nestjs/common';
import { GraphQLModule } from '@nestjs/graphql';
import type { Logger } from 'pino';
import type { GatewayConfig } from './config.js';
import { ApiSchema, Edge } from './edge.js';
import { errorMask } from './errors.js';
import { HealthController } from './health.controller.js';
import { SignedDataSource, SubgraphPools } from './signed-data-source.js';
import { supergraphFrom } from './supergraph-file.js';

export interface GatewayParts {
  config: GatewayConfig;
  log: Logger;
  edge: Edge;
  apiSchema: ApiSchema;
  pools: SubgraphPools;
}

@Module({})
export class GatewayModule {
  static of({ config, log, edge, apiSchema, pools }: GatewayParts): DynamicModule {
    const showDetails = config.environment !== 'production';
    return {
      module: GatewayModule,
      controllers: [HealthController],
      providers: [{ provide: ApiSchema, useValue: apiSchema }],
      imports: [
        GraphQLModule.forRoot<ApolloGatewayDriverConfig>({
          driver: ApolloGatewayDriver,
          server: {
            path: '/graphql',
            context: edge.context,
            plugins: [edge.plugin, apiSchema.plugin],
            formatError: errorMask(log),
            logger: log,
            // Everything Apollo would otherwise choose by NODE_ENV, or allow unless told not to.
            nodeEnv: config.environment,
            introspection: showDetails,
            hideSchemaDetailsFromClientErrors: !showDetails,
            includeStacktraceInErrorResponses: false,
            allowBatchedHttpRequests: false,
            persistedQueries: false,
            csrfPrevention: true,
            graphiql: false,
            autoTransformHttpErrors: false,
            stopOnTerminationSignals: false,
            parseOptions: { maxTokens: edge.limits.maxTokens },
            maxRecursiveSelections: edge.limits.maxSelections,
          },
          gateway: {
            supergraphSdl: supergraphFrom(config.supergraph, {
              log,
              pollMs: config.supergraphPollMs ?? 1_000,
            }),
            buildService: ({ name, url }) =>
              new SignedDataSource({
                name,
                url: urlOf({ name, url: config.subgraphUrls?.[name] ?? url }, log),
                callKey: config.callKey,
                pools,
              }),
            logger: log,
            validateSupergraph: true,
            // The planner compares plans exhaustively up to this number; ours need a handful.
            queryPlannerConfig: { debug: { maxEvaluatedPlans: 1_000 } },
          },
        }),
      ],
    };
  }
}

/** A service nobody gave an address for is down like any other: its fields are null, the rest stands. */
function urlOf({ name, url }: { name: string; url: string | undefined }, log: Logger): string {
  const address = url || `http://${name}.invalid/graphql`;
  if (new URL(address).hostname.endsWith('.invalid')) {
    log.warn({ subgraph: name }, `no address: set SUBGRAPH_${name.toUpperCase()}_URL`);
  }
  return address;
}
