import { readFileSync } from 'node:fs';
import { configFromEnv as serviceConfigFromEnv, type ServiceConfig } from '@mulin/graphql';

export interface IdentityConfig extends ServiceConfig {
  /** Public URL of this service, exactly as tokens say it. Default: where it listens. */
  issuer?: string;
  /** Encrypts what lies in the database and signs cookies: at least 32 characters. */
  secret?: string;
  /** Where the console may be sent back to after a sign-in. */
  redirectUris?: readonly string[];
  /** How long an access token lives. Default 30 s. */
  accessTokenSeconds?: number;
  /** Behind a proxy that appends the client's address to X-Forwarded-For. Default false. */
  trustProxy?: boolean;
  /** File of demo accounts to load at the start; refused in production. */
  demoAccounts?: string;
}

const LEAST_SECRET = 32;

/**
 * With the 30 s that the gateway allows for clocks that differ, a role that was taken away is gone within a
 * minute. Clients renew with their refresh token; a person notices nothing.
 */
export const ACCESS_TOKEN_SECONDS = 30;
const LONGEST_IN_DEVELOPMENT = 600;

/** Reads the configuration of one deployment; README.md lists the variables. Throws what is missing. */
export function configFromEnv(env: NodeJS.ProcessEnv = process.env): IdentityConfig {
  const config = serviceConfigFromEnv('identity', env);
  const secret = env.IDENTITY_SECRET_FILE
    ? readFileSync(env.IDENTITY_SECRET_FILE, 'utf8').trim()
    : env.IDENTITY_SECRET;
  return {
    ...config,
    ...(env.OIDC_ISSUER ? { issuer: env.OIDC_ISSUER } : {}),
    ...(secret ? { secret } : {}),
    redirectUris: (env.CONSOLE_REDIRECT_URIS ?? '').split(',').filter(Boolean),
    accessTokenSeconds: Number(env.ACCESS_TOKEN_SECONDS ?? ACCESS_TOKEN_SECONDS),
    trustProxy: env.TRUST_PROXY === 'true',
    ...(env.MULIN_DEMO_ACCOUNTS ? { demoAccounts: env.MULIN_DEMO_ACCOUNTS } : {}),
  };
}

/** @throws a sentence when this configuration must not run */
export function checked(config: IdentityConfig): IdentityConfig {
  const isProduction = config.environment === 'production';
  if (isProduction && config.demoAccounts !== undefined) {
    throw new Error('MULIN_DEMO_ACCOUNTS is refused in production: everyone knows its passwords.');
  }
  if (isProduction && !config.issuer?.startsWith('https://')) {
    throw new Error('In production OIDC_ISSUER must be the public https URL of identity.');
  }
  if (
    (isProduction || config.secret !== undefined) &&
    (config.secret ?? '').length < LEAST_SECRET
  ) {
    throw new Error(`IDENTITY_SECRET must have at least ${LEAST_SECRET} characters.`);
  }
  const seconds = config.accessTokenSeconds ?? ACCESS_TOKEN_SECONDS;
  const most = isProduction ? ACCESS_TOKEN_SECONDS : LONGEST_IN_DEVELOPMENT;
  if (!Number.isInteger(seconds) || seconds < 5 || seconds > most) {
    throw new Error(`ACCESS_TOKEN_SECONDS must be 5 to ${most}: a revoked role lives as long.`);
  }
  return config;
}

/** Outside production the database's password stands in, so that a restart keeps everybody signed in. */
export function secretOf(config: IdentityConfig): string {
  return config.secret ?? `development ${new URL(config.database.consumer).password}`;
}
