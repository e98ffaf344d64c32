import { readFileSync } from 'node:fs';
import type { AuditKey, DatabaseUrls } from '@mulin/database';
import type { JWK } from 'jose';

/** Everything a service must be told; the same shape from the environment, the host and the tests. */
export interface ServiceConfig {
  service: string;
  host: string;
  /** 0 takes a free one. */
  port: number;
  database: Omit<DatabaseUrls, 'dev'>;
  kafka: {
    brokers: string[];
    /** Keeps parallel test runs apart on one broker. */ topicPrefix?: string;
  };
  /** The gateway's public key: only calls signed with it are answered. */
  callKey: JWK;
  environment: 'production' | 'development' | 'test';
  logLevel?: string;
  /** Connections for requests, all the others wait for one; default 8. */
  poolSize?: number;
  /** How long they wait; default 5 s. A service says so itself where waiting is better than failing. */
  poolWaitMs?: number;
  /** Handle events here? Default true. */
  consume?: boolean;
  /** Publish this service's outbox here, and seal its record? Default true. */
  relay?: boolean;
  /** What the heads of its seals are signed with. Without one none are told; production refuses to start. */
  auditKey?: AuditKey;
  /** How often they are told at the most; default an hour. */
  headsEveryMs?: number;
}

/**
 * Reads the configuration of one deployment from its environment. A value may be a file instead:
 * `MULIN_DB_APP_FILE` names a file that holds `MULIN_DB_APP`, as Kubernetes secrets are mounted.
 *
 * @throws one sentence naming every variable that is missing
 */
export function configFromEnv(
  service: string,
  env: NodeJS.ProcessEnv = process.env,
): ServiceConfig {
  const missing: string[] = [];
  const find = (name: string): string => {
    const file = env[`${name}_FILE`];
    return (file ? readFileSync(file, 'utf8').trim() : env[name]) ?? '';
  };
  const need = (name: string): string => {
    const value = find(name);
    if (!value) missing.push(name);
    return value;
  };
  const environment = environmentOf(env.NODE_ENV);
  const config: ServiceConfig = {
    service,
    host: env.HOST ?? '127.0.0.1',
    port: Number(env.PORT ?? 0),
    database: {
      app: need('MULIN_DB_APP'),
      consumer: need('MULIN_DB_CONSUMER'),
      relay: need('MULIN_DB_RELAY'),
      checks: need('MULIN_DB_CHECKS'),
      migrate: env.MULIN_DB_MIGRATE ?? '',
    },
    kafka: {
      brokers: need('KAFKA_BROKERS').split(','),
      topicPrefix: env.MULIN_TOPIC_PREFIX ?? '',
    },
    callKey: parseKey(need('MULIN_CALL_KEY')),
    environment,
    logLevel: env.LOG_LEVEL ?? 'info',
    ...(env.MULIN_POOL_SIZE ? { poolSize: poolSizeOf(env.MULIN_POOL_SIZE) } : {}),
    consume: env.MULIN_CONSUME !== 'off',
    relay: env.MULIN_RELAY !== 'off',
    ...auditOf(environment === 'production' ? need('MULIN_AUDIT_KEY') : find('MULIN_AUDIT_KEY')),
    ...(env.MULIN_HEADS_EVERY ? { headsEveryMs: secondsOf(env.MULIN_HEADS_EVERY) * 1_000 } : {}),
  };
  if (missing.length) throw new Error(`${service} needs these variables: ${missing.join(', ')}`);
  if (environment === 'production' && env.MULIN_FAILPOINT) {
    throw new Error('MULIN_FAILPOINT is refused in production: it kills the process.');
  }
  return config;
}

function poolSizeOf(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new Error('MULIN_POOL_SIZE is how many connections, a whole number.');
  return Number(text);
}

/** What is not clearly a development machine is production, as at the gateway: a forgotten variable opens nothing. */
function environmentOf(value: string | undefined): ServiceConfig['environment'] {
  return value === 'development' || value === 'test' ? value : 'production';
}

function secondsOf(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new Error('MULIN_HEADS_EVERY is how many seconds, a whole number.');
  return Number(text);
}

/** Its first signature proves that it is a key pair. */
function auditOf(text: string): { auditKey?: AuditKey } {
  return text ? { auditKey: JSON.parse(text) as AuditKey } : {};
}

function parseKey(text: string): JWK {
  if (!text) return {};
  // A JWK is a JSON object; its use at the first call proves that it is a key.
  return JSON.parse(text) as JWK;
}
