/** Who runs where: the list of services, their ports, and the environment each of them is given. */
import { join } from 'node:path';
import { LOOPBACK, takePort } from './ports.mjs';
import { readJson, ROOT } from './state.mjs';

export const GATEWAY = 'gateway';
const IDENTITY = 'identity';
const TENDERS = 'tenders';

/** Who can sign in on a development machine; production has none of them. */
export const DEMO_ACCOUNTS = join(ROOT, 'infra/dev/demo-accounts.json');

/** `npm run token` is for people, who paste; in production a token lives for half a minute. */
const DEVELOPMENT_TOKENS = { ACCESS_TOKEN_SECONDS: process.env.ACCESS_TOKEN_SECONDS ?? '300' };

/** Seconds: the story is over in a minute, and its heads are part of it. */
const DEVELOPMENT_HEADS_EVERY = '10';

const listed = () => readJson(join(ROOT, 'infra/dev/services.json')) ?? [];

/**
 * Names of the services that exist, in the order in which they start (infra/dev/services.json). Where
 * OIDC_ISSUER names the district's own identity provider, the embedded one stays away.
 */
export const serviceNames = () =>
  listed().filter((name) => name !== GATEWAY && !(name === IDENTITY && process.env.OIDC_ISSUER));

export const hasGateway = () => listed().includes(GATEWAY);

/** The gateway on the wanted port, every service on one of the next; 0 takes any free ones. */
export async function choosePorts({ names, wanted, say }) {
  const ports = { [GATEWAY]: await takePort({ wanted, what: 'the gateway', say }) };
  const taken = [ports[GATEWAY]];
  for (const name of names) {
    const next = wanted === 0 ? 0 : Math.max(...taken) + 1;
    ports[name] = await takePort({ wanted: next, what: name, avoid: taken });
    taken.push(ports[name]);
  }
  return ports;
}

export const originOf = (port) => `http://${LOOPBACK}:${port}`;

export const issuerOf = (ports) =>
  process.env.OIDC_ISSUER ?? (ports.identity ? originOf(ports.identity) : undefined);

/** The variables of one service, as a Kubernetes deployment would set them (libs/graphql, configFromEnv). */
export function serviceEnvironment({
  name,
  ports,
  databases,
  brokers,
  callKey,
  receiptKey,
  auditKey,
  issuer,
}) {
  const urls = databases[name];
  return {
    ...commonEnvironment(name, ports, issuer),
    MULIN_DB_APP: urls.app,
    MULIN_DB_CONSUMER: urls.consumer,
    MULIN_DB_RELAY: urls.relay,
    MULIN_DB_CHECKS: urls.checks,
    MULIN_DB_MIGRATE: urls.migrate,
    KAFKA_BROKERS: brokers,
    MULIN_CALL_KEY: JSON.stringify(callKey.public),
    MULIN_AUDIT_KEY: JSON.stringify(auditKey),
    MULIN_HEADS_EVERY: process.env.MULIN_HEADS_EVERY ?? DEVELOPMENT_HEADS_EVERY,
    ...(name === TENDERS ? { MULIN_RECEIPT_KEY: JSON.stringify(receiptKey) } : {}),
    ...(name === IDENTITY && process.env.NODE_ENV !== 'production'
      ? { MULIN_DEMO_ACCOUNTS: DEMO_ACCOUNTS, ...DEVELOPMENT_TOKENS }
      : {}),
  };
}

/** The variables of the gateway: where the services are, and the key it signs its calls with. */
export function gatewayEnvironment({ names, ports, callKey, issuer }) {
  const subgraphs = names.map((name) => [
    `SUBGRAPH_${name.toUpperCase()}_URL`,
    `${originOf(ports[name])}/graphql`,
  ]);
  return {
    ...commonEnvironment(GATEWAY, ports, issuer),
    ...Object.fromEntries(subgraphs),
    MULIN_CALL_PRIVATE_KEY: JSON.stringify(callKey.private),
    ...(process.env.SUPERGRAPH ? { SUPERGRAPH: process.env.SUPERGRAPH } : {}),
    ...(process.env.MULIN_CORS_ORIGINS
      ? { MULIN_CORS_ORIGINS: process.env.MULIN_CORS_ORIGINS }
      : {}),
  };
}

function commonEnvironment(name, ports, issuer) {
  const passedOn = ['LOG_LEVEL', 'MULIN_TOPIC_PREFIX'].filter((key) => process.env[key]);
  return {
    ...Object.fromEntries(passedOn.map((key) => [key, process.env[key]])),
    NODE_ENV: process.env.NODE_ENV ?? 'development',
    HOST: LOOPBACK,
    PORT: String(ports[name]),
    ...(issuer ? { OIDC_ISSUER: issuer } : {}),
  };
}
