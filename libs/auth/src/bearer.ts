import { createRemoteJWKSet, errors, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { actorFrom, excludingRoles, type Actor } from './actor.js';

export interface IssuerConfig {
  /** Exactly as the token's `iss` says it. */
  issuer: string;
  /** What the token must be for. Default `mulin`. */
  audience?: string;
  /** Where the issuer's keys are; found by OIDC discovery below the issuer when not given. */
  jwksUrl?: string;
  /** The claim that holds the person's `per_…` id, for issuers that cannot set `sub`. Default `sub`. */
  personClaim?: string;
  /** How long the issuer may take to answer. Default 5,000 ms. */
  timeoutMs?: number;
}

/** The bearer token is not one of ours, or no longer. The client should sign in again: 401. */
export class InvalidToken extends Error {
  override readonly name = 'InvalidToken';
}

/** The issuer could not be asked for its keys: nobody can be recognised just now: 503. */
export class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable';
}

// Signatures by a public key only: with an HMAC in this list, the public key would be the secret.
const ALGORITHMS = ['RS256', 'ES256', 'EdDSA'];
const TYPES = new Set(['at+jwt', 'application/at+jwt', 'jwt']);
const CLOCK_TOLERANCE_SECONDS = 30;

/**
 * Makes the function that turns an Authorization header into an Actor: null without a header,
 * InvalidToken for anything that is not a valid bearer token, IssuerUnreachable when keys cannot be had.
 */
export function verifyBearer(
  config: IssuerConfig,
): (authorization: string | undefined) => Promise<Actor | null> {
  const { issuer, audience = 'mulin', personClaim = 'sub' } = config;
  let keys: Promise<JWTVerifyGetKey> | undefined;
  // Found at first use and not at start, so that the gateway and the issuer may start in any order.
  const keySet = (): Promise<JWTVerifyGetKey> =>
    (keys ??= discover(config).catch((cause: unknown) => {
      keys = undefined;
      throw new IssuerUnreachable('the issuer did not say where its keys are', { cause });
    }));

  return async (authorization) => {
    if (authorization === undefined) return null;
    const token = /^bearer ([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i.exec(
      authorization,
    )?.[1];
    if (token === undefined) throw new InvalidToken('not a bearer token');
    const { payload, protectedHeader } = await jwtVerify(token, await keySet(), {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      requiredClaims: ['exp', 'sub'],
    }).catch((cause: unknown) => {
      if (cause instanceof InvalidToken || cause instanceof IssuerUnreachable) throw cause;
      if (isAboutTheToken(cause)) throw new InvalidToken('the token is not valid', { cause });
      throw new IssuerUnreachable('the issuer did not give its keys', { cause });
    });
    // An ID token proves a sign-in to a client; it is not a permission to call us.
    if (!TYPES.has((protectedHeader.typ ?? '').toLowerCase()) || payload.typ === 'ID') {
      throw new InvalidToken('not an access token');
    }
    const actor = actorFrom({
      id: payload[personClaim],
      street: payload.street,
      organisation: payload.organisation,
      roles: payload.roles,
    });
    if (!actor) throw new InvalidToken('the token does not say who acts, or in which street');
    // To drop one of them would be to choose for the issuer.
    if (excludingRoles(actor.roles).length > 0) {
      throw new InvalidToken('the token gives roles that exclude each other');
    }
    return actor;
  };
}

const isAboutTheToken = (cause: unknown): boolean =>
  cause instanceof errors.JOSEError &&
  !(cause instanceof errors.JWKSTimeout) &&
  !(cause instanceof errors.JWKSInvalid) &&
  // jose's plain error code means that the key set answered, but not with 200 or not with JSON.
  cause.code !== 'ERR_JOSE_GENERIC';

async function discover(config: IssuerConfig): Promise<JWTVerifyGetKey> {
  const timeoutDuration = config.timeoutMs ?? 5_000;
  return createRemoteJWKSet(
    new URL(config.jwksUrl ?? (await jwksUrlOf(config.issuer, timeoutDuration))),
    {
      timeoutDuration,
      // A stranger who invents key ids must not make us ask the issuer more often than this.
      cooldownDuration: 10_000,
      cacheMaxAge: 600_000,
    },
  );
}

async function jwksUrlOf(issuer: string, timeoutMs: number): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const found = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (found.issuer !== issuer) throw new Error(`${url} names another issuer`);
  if (typeof found.jwks_uri !== 'string') throw new Error(`${url} names no key set`);
  return found.jwks_uri;
}
