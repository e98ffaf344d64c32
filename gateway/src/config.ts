import type { IssuerConfig } from '@mulin/auth';
import type { JWK } from 'jose';
import type { Logger } from 'pino';
import { originsFrom } from './cors.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import type { RateLimit } from './rate-limit.js';

export type Environment = 'production' | 'development' | 'test';

export interface GatewayConfig {
  host: string;
  /** 0 takes a free one. */
  port: number;
  environment: Environment;
  /** Who vouches for people: any OIDC issuer. */
  oidc: IssuerConfig;
  /** The gateway's private Ed25519 key; subgraphs hold the public half. */
  callKey: JWK;
  /** Path of the committed supergraph; read again when it changes. */
  supergraph: string;
  /** Subgraph name → URL of its GraphQL endpoint, instead of the one in the supergraph. */
  subgraphUrls?: Readonly<Record<string, string>>;
  limits?: Partial<Limits>;
  /** Operations per actor; false switches it off. Default: on in production only. */
  rateLimit?: RateLimit | false;
  /** How long a subgraph may take. Default 10,000 ms. */
  subgraphTimeoutMs?: number;
  /** How often the supergraph file is looked at. Default 1,000 ms. */
  supergraphPollMs?: number;
  /** Proxies whose X-Forwarded-For is believed; false believes none. Default false. */
  trustProxy?: boolean | string;
  /** Whose pages may ask from a browser, each origin in full. Default: nobody’s; in development the own machine’s. */
  corsOrigins?: readonly string[];
  logLevel?: string;
  logger?: Logger;
}

/** Reads the configuration from the environment; README.md lists the variables. Throws when one is missing. */
export function configFromEnv(env: NodeJS.ProcessEnv = process.env): GatewayConfig {
  const rateLimit = rateLimitFrom(env.RATE_LIMIT_PER_MINUTE);
  return {
    host: env.HOST ?? '127.0.0.1',
    port: Number(env.PORT ?? 4000),
    environment: environmentFrom(env.NODE_ENV),
    oidc: {
      issuer: required(env, 'OIDC_ISSUER'),
      audience: env.OIDC_AUDIENCE ?? 'mulin',
      ...(env.OIDC_JWKS_URL === undefined ? {} : { jwksUrl: env.OIDC_JWKS_URL }),
      ...(env.OIDC_PERSON_CLAIM === undefined ? {} : { personClaim: env.OIDC_PERSON_CLAIM }),
    },
    callKey: JSON.parse(required(env, 'MULIN_CALL_PRIVATE_KEY')) as JWK,
    supergraph: env.SUPERGRAPH ?? 'gateway/supergraph.graphql',
    subgraphUrls: subgraphUrlsFrom(env),
    limits: limitsFrom(env),
    corsOrigins: originsFrom(env.MULIN_CORS_ORIGINS),
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(env.TRUST_PROXY === undefined ? {} : { trustProxy: env.TRUST_PROXY }),
    ...(env.SUBGRAPH_TIMEOUT_MS === undefined
      ? {}
      : { subgraphTimeoutMs: Number(env.SUBGRAPH_TIMEOUT_MS) }),
    ...(env.LOG_LEVEL === undefined ? {} : { logLevel: env.LOG_LEVEL }),
  };
}

function required(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (value === undefined || value === '')
    throw new Error(`The gateway needs ${name}; see gateway/README.md`);
  return value;
}

// What is not clearly a development machine is treated as production: details stay hidden.
const environmentFrom = (value: string | undefined): Environment =>
  value === 'development' || value === 'test' ? value : 'production';

const subgraphUrlsFrom = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, url]) => {
      const subgraph = /^SUBGRAPH_([A-Z0-9_]+)_URL$/.exec(name)?.[1];
      return subgraph !== undefined && url ? [[subgraph.toLowerCase(), url]] : [];
    }),
  );

/** `LIMIT_MAX_DEPTH=15` for `maxDepth`, and so on. */
function limitsFrom(env: NodeJS.ProcessEnv): Partial<Limits> {
  const limits: Partial<Limits> = {};
  for (const name of Object.keys(DEFAULT_LIMITS) as (keyof Limits)[]) {
    const variable = `LIMIT_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
    const value = env[variable];
    if (value === undefined) continue;
    if (!/^[1-9][0-9]*$/.test(value))
      throw new Error(`${variable} must be a positive whole number`);
    limits[name] = Number(value);
  }
  return limits;
}

function rateLimitFrom(value: string | undefined): RateLimit | false | undefined {
  if (value === undefined) return undefined;
  if (value === 'off') return false;
  if (!/^[1-9][0-9]*$/.test(value))
    throw new Error('RATE_LIMIT_PER_MINUTE is a whole number, or off');
  return { perMinute: Number(value), burst: Math.max(1, Math.ceil(Number(value) / 4)) };
}
