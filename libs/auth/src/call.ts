import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { jwtVerify, SignJWT, type CryptoKey, type JWK } from 'jose';
import { actorFrom, isTraceparent, type Actor } from './actor.js';

/** Authorization scheme of a call from the gateway to a subgraph: `Mulin-Call <JWT>`. */
export const CALL_SCHEME = 'Mulin-Call';

const ISSUER = 'mulin-gateway';
const TYPE = 'mulin-call+jwt';
const LIFETIME_SECONDS = 60;
const CLOCK_TOLERANCE_SECONDS = 5;

/** The longest time after which a call can still be accepted; a replay guard must remember as long. */
export const CALL_MEMORY_MS = (LIFETIME_SECONDS + 2 * CLOCK_TOLERANCE_SECONDS) * 1000;

/** The call does not prove that the gateway made it, for this service, just now, with this body. */
export class InvalidCall extends Error {
  override readonly name = 'InvalidCall';
}

/** What a verified token says, before its body was compared. */
export interface CallClaims {
  /** Unique per call, so that a replay can be seen. */
  callId: string;
  bodySha256: string;
  actor: Actor | null;
}

const sha256 = (body: Uint8Array | string): string =>
  createHash('sha256').update(body).digest('base64url');

/**
 * Signs one call of the gateway to a subgraph (EdDSA, valid for 60 seconds).
 * `body` is the exact bytes sent, `audience` the subgraph's name, `actor` null when nobody is signed in.
 */
export function signCall(
  key: CryptoKey | JWK,
  call: { audience: string; body: Uint8Array | string; actor: Actor | null; now?: Date },
): Promise<string> {
  const issuedAt = Math.floor((call.now ?? new Date()).getTime() / 1000);
  return new SignJWT({ bodySha256: sha256(call.body), actor: call.actor })
    .setProtectedHeader({ alg: 'EdDSA', typ: TYPE })
    .setIssuer(ISSUER)
    .setAudience(call.audience)
    .setJti(randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + LIFETIME_SECONDS)
    .sign(key);
}

/** Checks everything that can be checked without the body. Throws InvalidCall. */
export async function verifyCallToken(
  publicKey: CryptoKey | JWK,
  call: { audience: string; token: string },
): Promise<CallClaims> {
  const { payload } = await jwtVerify(call.token, publicKey, {
    algorithms: ['EdDSA'],
    typ: TYPE,
    issuer: ISSUER,
    audience: call.audience,
    requiredClaims: ['iat', 'exp', 'jti', 'bodySha256', 'actor'],
    maxTokenAge: LIFETIME_SECONDS,
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
  }).catch((cause: unknown) => {
    throw new InvalidCall('the call is not signed as it should be', { cause });
  });
  const { jti, bodySha256, actor } = payload;
  if (typeof jti !== 'string' || typeof bodySha256 !== 'string') {
    throw new InvalidCall('the call lacks its id or the hash of its body');
  }
  return { callId: jti, bodySha256, actor: actor === null ? null : readActor(actor) };
}

/** Throws InvalidCall unless `body` is, byte for byte, what the gateway signed. */
export function verifyCallBody(claims: CallClaims, body: Uint8Array | string): void {
  const signed = Buffer.from(claims.bodySha256);
  const arrived = Buffer.from(sha256(body));
  if (signed.length !== arrived.length || !timingSafeEqual(signed, arrived)) {
    throw new InvalidCall('the body is not the one that was signed');
  }
}

/** Verifies a whole call; answers who asks, or null when nobody is signed in. Throws InvalidCall. */
export async function verifyCall(
  publicKey: CryptoKey | JWK,
  call: { audience: string; body: Uint8Array | string; token: string },
): Promise<Actor | null> {
  const claims = await verifyCallToken(publicKey, call);
  verifyCallBody(claims, call.body);
  return claims.actor;
}

function readActor(claim: unknown): Actor {
  if (typeof claim !== 'object' || claim === null)
    throw new InvalidCall('the actor is not readable');
  const { id, street, organisation, roles, trace } = claim as Record<string, unknown>;
  const actor = actorFrom({ id, street, organisation, roles });
  if (!actor) throw new InvalidCall('the actor is not readable');
  return isTraceparent(trace) ? { ...actor, trace } : actor;
}
