import { printSubgraphSchema } from '@apollo/subgraph';
import { signedCallsOnly } from '@mulin/auth';
import { Database } from '@mulin/database';
import type { DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import type { ServiceConfig } from './config.js';
import { nestLogger } from './logger.js';
import { LOGGER } from './tokens.js';

/** A service that is up: where it listens, and how to end it in order. */
export interface RunningService {
  url: string;
  port: number;
  app: NestFastifyApplication;
  database: Database;
  close: () => Promise<void>;
}

export interface BootOptions {
  config: ServiceConfig;
  module: DynamicModule;
  /** Connects what must stand before the service listens, such as its event handlers. */
  attach?: (app: NestFastifyApplication) => Promise<void>;
}

/** Starts a service: database, event handlers, HTTP. Ends by `close()`, events first, database last. */
export async function bootService({
  config,
  module,
  attach,
}: BootOptions): Promise<RunningService> {
  const app = await createApp(module);
  const log = app.get<Logger>(LOGGER);
  app.useLogger(nestLogger(log));
  signedCallsOnly(app.getHttpAdapter().getInstance(), {
    publicJwk: config.callKey,
    audience: config.service,
  });
  const database = app.get(Database);
  await database.connect();
  database.cleanUp.start((error) => log.warn({ error }, 'clean-up: will try again in an hour'));
  await attach?.(app);
  await app.listen(config.port, config.host);
  const address = app.getHttpServer().address();
  const port = typeof address === 'object' && address ? address.port : config.port;
  log.info({ port }, 'listening');
  return {
    url: `http://${config.host}:${port}/graphql`,
    port,
    app,
    database,
    close: async () => {
      await app.close();
      await database.close();
    },
  };
}

/** Ends a service in order on SIGTERM or Ctrl-C; a second signal ends it at once. */
export function closeOnSignals(service: Pick<RunningService, 'close'>): void {
  let closing = false;
  const end = () => {
    if (closing) process.exit(1);
    closing = true;
    service.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
}

/** The service's federated schema as text; needs neither database nor broker. */
export async function printSdl(module: DynamicModule): Promise<string> {
  const app = await createApp(module);
  await app.init();
  const { schema } = app.get(GraphQLSchemaHost, { strict: false });
  const sdl = printSubgraphSchema(schema);
  await app.close();
  return `${sdl}\n`;
}

/** A configuration that reaches nothing, for printing the schema. */
export function offlineConfig(service: string): ServiceConfig {
  const url = 'postgres://nobody@127.0.0.1:1/none';
  return {
    service,
    host: '127.0.0.1',
    port: 0,
    database: { app: url, consumer: url, relay: url, checks: url, migrate: url },
    kafka: { brokers: ['127.0.0.1:1'] },
    callKey: {},
    environment: 'test',
    logLevel: 'silent',
    consume: false,
    relay: false,
  };
}

function createApp(module: DynamicModule): Promise<NestFastifyApplication> {
  return NestFactory.create<NestFastifyApplication>(
    module,
    new FastifyAdapter({ forceCloseConnections: true }),
    { logger: false, abortOnError: false },
  );
}
