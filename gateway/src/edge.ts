import type { ApolloServerPlugin } from '@apollo/server';
import { InvalidToken, IssuerUnreachable, verifyBearer, type Actor } from '@mulin/auth';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { printSchema } from 'graphql';
import type { Logger } from 'pino';
import type { GatewayConfig } from './config.js';
import { languageFrom, requestIdFrom, traceparentFrom, type GatewayContext } from './context.js';
import { refusal } from './errors.js';
import { checkCost, DEFAULT_LIMITS, Measured, type Limits } from './limits.js';
import { OperationBudget, type RateLimit } from './rate-limit.js';
import { bothOf, wordsOf } from './words.js';

const NO_OPERATION = bothOf({
  zh: '请求中没有该名称的操作，请检查 operationName。',
  en: 'There is no operation of that name; check operationName.',
});
const NO_SUBSCRIPTIONS = bothOf({
  zh: '此处不支持订阅，请改用查询。',
  en: 'There are no subscriptions here; ask with a query.',
});
const SIGN_IN_AWAY = bothOf({
  zh: '暂时无法核验登录，请稍后再试。',
  en: 'Sign-in cannot be checked just now; try again in a moment.',
});

const PRODUCTION_RATE: RateLimit = { perMinute: 1_200, burst: 300 };

/** What stands between a stranger's request and the query planner: who asks, how much, how often. */
export class Edge {
  readonly limits: Limits;
  private readonly measured: Measured;
  private readonly budget: OperationBudget | null;
  private readonly whoAsks: (authorization: string | undefined) => Promise<Actor | null>;

  constructor(
    config: GatewayConfig,
    private readonly log: Logger,
  ) {
    this.limits = { ...DEFAULT_LIMITS, ...config.limits };
    this.measured = new Measured(this.limits);
    const rate =
      config.rateLimit ?? (config.environment === 'production' ? PRODUCTION_RATE : false);
    this.budget = rate ? new OperationBudget(rate) : null;
    this.whoAsks = verifyBearer(config.oidc);
  }

  /** Apollo's context: it runs before the operation is validated, so a refusal here costs next to nothing. */
  readonly context = async (
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<GatewayContext> => {
    const requestId = requestIdFrom(request.headers['x-request-id']);
    void reply.header('x-request-id', requestId);
    const query = queryOf(request.body);
    const shape = query === undefined ? null : this.measured.of(query);
    const actor = await this.actorOf(request);
    this.spend(actor?.id ?? request.ip, shape?.rootFields ?? 1);
    return {
      actor,
      language: languageFrom(request.headers['accept-language']),
      requestId,
      traceparent: traceparentFrom(request.headers.traceparent),
    };
  };

  /** Counts the cost once the operation is known to be valid, and lets nothing but the answer out. */
  readonly plugin: ApolloServerPlugin<GatewayContext> = {
    requestDidStart: async () => ({
      didResolveOperation: async ({ schema, document, operation, request }) => {
        if (!operation) throw refusal('BAD_USER_INPUT', NO_OPERATION, 400);
        if (operation.operation === 'subscription') {
          throw refusal('BAD_USER_INPUT', NO_SUBSCRIPTIONS, 400);
        }
        checkCost({ schema, document, operation, variables: request.variables ?? {} }, this.limits);
      },
      willSendResponse: async ({ response }) => {
        // The gateway reports values it had to drop here, in words about the subgraphs.
        if (response.body.kind === 'single') delete response.body.singleResult.extensions;
      },
    }),
  };

  private async actorOf(request: FastifyRequest): Promise<Actor | null> {
    try {
      return await this.whoAsks(request.headers.authorization);
    } catch (error) {
      if (error instanceof InvalidToken) {
        throw refusal('UNAUTHENTICATED', wordsOf(401), 401, {
          'www-authenticate': 'Bearer error="invalid_token"',
        });
      }
      if (error instanceof IssuerUnreachable) {
        this.log.error({ err: error }, 'the issuer cannot be reached');
        throw refusal('SERVICE_UNAVAILABLE', SIGN_IN_AWAY, 503, {
          'retry-after': '5',
        });
      }
      throw error;
    }
  }

  private spend(caller: string, operations: number): void {
    const waitSeconds = this.budget?.take(caller, operations) ?? null;
    if (waitSeconds !== null) {
      throw refusal('TOO_MANY_REQUESTS', wordsOf(429), 429, {
        'retry-after': String(waitSeconds),
      });
    }
  }
}

/** Keeps the text of the API schema for `/schema.graphql`, and knows whether there is one. */
export class ApiSchema {
  private text: string | null = null;

  get sdl(): string | null {
    return this.text;
  }

  readonly plugin: ApolloServerPlugin<GatewayContext> = {
    serverWillStart: async () => ({
      schemaDidLoadOrUpdate: ({ apiSchema }) => {
        this.text = `${printSchema(apiSchema)}\n`;
      },
    }),
  };
}

function queryOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('query' in body)) return undefined;
  return typeof body.query === 'string' ? body.query : undefined;
}
