import './no-telemetry.js';
import 'reflect-metadata';
import type { AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino, type Logger } from 'pino';
import type { GatewayConfig } from './config.js';
import { allowOrigins } from './cors.js';
import { ApiSchema, Edge } from './edge.js';
import { GatewayModule } from './gateway.module.js';
import { HttpErrorsFilter } from './http-errors.filter.js';
import { SubgraphPools } from './signed-data-source.js';
import { wordsOf } from './words.js';

export interface RunningGateway {
  /** `http://host:port`; GraphQL is at `/graphql`. */
  url: string;
  port: number;
  app: NestFastifyApplication;
  /** Takes no new requests, answers those it has, and lets go of every connection. */
  close(): Promise<void>;
}

/** Starts the gateway. Subgraphs and issuer need not be there yet; the supergraph file must. */
export async function boot(config: GatewayConfig): Promise<RunningGateway> {
  const log = config.logger ?? pino({ level: config.logLevel ?? 'info', name: 'gateway' });
  const edge = new Edge(config, log);
  const apiSchema = new ApiSchema();
  const pools = new SubgraphPools({ timeoutMs: config.subgraphTimeoutMs ?? 10_000 });

  const adapter = new FastifyAdapter({
    bodyLimit: edge.limits.maxBodyBytes,
    trustProxy: config.trustProxy ?? false,
    requestTimeout: 15_000,
    routerOptions: { maxParamLength: 100 },
  });
  allowOrigins(adapter.getInstance(), config);
  prepareHttp(adapter);
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.of({ config, log, edge, apiSchema, pools }),
    adapter,
    { logger: nestLogger(log), bodyParser: false, abortOnError: false },
  );
  app.useGlobalFilters(new HttpErrorsFilter(log));
  await app.listen(config.port, config.host);

  const { port } = app.getHttpServer().address() as AddressInfo;
  const url = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
  log.info({ url }, 'the gateway answers');
  return {
    url,
    port,
    app,
    close: async () => {
      await app.close();
      await pools.close();
    },
  };
}

/** One way in: POST with JSON. The rest is refused by Fastify before GraphQL hears of it. */
function prepareHttp(adapter: FastifyAdapter): void {
  const fastify = adapter.getInstance();
  fastify.removeContentTypeParser('text/plain');
  fastify.addHook('onRequest', async (request, reply) => {
    if (request.method !== 'POST' && request.url.split('?', 1)[0] === '/graphql') {
      const errors = [{ message: wordsOf(405), extensions: { code: 'BAD_REQUEST' } }];
      return reply.code(405).header('allow', 'POST').send({ errors });
    }
  });
  fastify.addHook('onSend', async (_request, reply) => {
    void reply.header('x-content-type-options', 'nosniff').header('cache-control', 'no-store');
  });
}

/**
 * Nest tells its own start-up here; what it warns of and fails at is kept, the rest is noise. Nest has one
 * logger per process: where services run beside the gateway, their errors come here too. Of an error its
 * message stays out, because a database quotes in it what somebody typed.
 */
const nestLogger = (log: Logger) => ({
  log: (message: unknown) => log.debug(textOf(message)),
  warn: (message: unknown) => log.warn(textOf(message)),
  error: (message: unknown) => log.error(textOf(message)),
});

const textOf = (message: unknown): string =>
  message instanceof Error ? `${message.name}, logged by its service` : String(message);
