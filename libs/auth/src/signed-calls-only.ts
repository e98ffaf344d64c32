import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { importJWK, type CryptoKey, type JWK } from 'jose';
import type { Actor } from './actor.js';
import {
  CALL_MEMORY_MS,
  CALL_SCHEME,
  InvalidCall,
  verifyCallBody,
  verifyCallToken,
  type CallClaims,
} from './call.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; null when nobody is signed in. Set by `signedCallsOnly` and by nothing else. */
    actor: Actor | null;
  }
}

/** The only paths of a service that answer without the gateway's signature; they show no data. */
export const OPEN_PATHS: ReadonlySet<string> = new Set([
  '/health/live',
  '/health/ready',
  '/metrics',
]);

export interface SignedCallsOptions {
  /** The gateway's public key. */
  publicJwk: JWK;
  /** This service's name in the supergraph. */
  audience: string;
  /** Larger bodies are refused with 413. Default 1 MiB: entity batches are larger than operations. */
  maxBodyBytes?: number;
}

/**
 * Lets only the gateway in. Every request but the open paths must carry a signature over exactly its
 * body, made for this service within the last minute and not used before; otherwise it is 401 before
 * anything is parsed, `_service` and unknown paths included. Call it before the app is initialised:
 * `signedCallsOnly(app.getHttpAdapter().getInstance(), { publicJwk, audience: 'payments' })`.
 */
export function signedCallsOnly(fastify: FastifyInstance, options: SignedCallsOptions): void {
  const maxBodyBytes = options.maxBodyBytes ?? 1_048_576;
  const replays = new ReplayGuard();
  const claimsOf = new WeakMap<FastifyRequest, CallClaims>();
  let key: Promise<CryptoKey | Uint8Array> | undefined;
  const publicKey = async (): Promise<CryptoKey> => {
    const imported = await (key ??= importJWK(options.publicJwk, 'EdDSA'));
    if (imported instanceof Uint8Array) throw new Error('the gateway key must be a public key');
    return imported;
  };

  fastify.decorateRequest('actor', null);

  // Headers first: a stranger's body is not even read.
  fastify.addHook('onRequest', async (request, reply) => {
    if (isOpen(request)) return;
    const token = tokenOf(request);
    if (token === null) return refuse(reply, 401, 'unsigned call');
    try {
      const claims = await verifyCallToken(await publicKey(), {
        audience: options.audience,
        token,
      });
      if (request.method !== 'POST') return refuse(reply, 405, 'only POST');
      claimsOf.set(request, claims);
    } catch (error) {
      if (error instanceof InvalidCall) return refuse(reply, 401, 'invalid call');
      throw error;
    }
  });

  // Then the bytes as they came, before any parser has seen them.
  fastify.addHook('preParsing', async (request, reply, payload) => {
    const claims = claimsOf.get(request);
    if (!claims) return payload;
    const body = await readAll(payload, maxBodyBytes);
    if (body === 'too large') {
      await refuse(reply, 413, 'body too large');
      return payload;
    }
    try {
      verifyCallBody(claims, body);
      replays.admit(claims.callId);
    } catch (error) {
      if (!(error instanceof InvalidCall)) throw error;
      await refuse(reply, 401, 'invalid call');
      return payload;
    }
    request.actor = claims.actor;
    return Object.assign(Readable.from([body], { objectMode: false }), {
      receivedEncodedLength: body.length,
    });
  });
}

/** Remembers the calls of the last minute and a little more, in two generations, per process. */
class ReplayGuard {
  private current = new Set<string>();
  private previous = new Set<string>();
  private turnedAt = Date.now();

  admit(callId: string): void {
    const now = Date.now();
    if (now - this.turnedAt > CALL_MEMORY_MS) {
      this.previous = now - this.turnedAt > 2 * CALL_MEMORY_MS ? new Set() : this.current;
      this.current = new Set();
      this.turnedAt = now;
    }
    if (this.current.has(callId) || this.previous.has(callId)) {
      throw new InvalidCall('the call was made before');
    }
    this.current.add(callId);
  }
}

const isOpen = (request: FastifyRequest): boolean =>
  request.method === 'GET' && OPEN_PATHS.has(request.url.split('?', 1)[0] ?? '');

function tokenOf(request: FastifyRequest): string | null {
  const [scheme, token, ...rest] = (request.headers.authorization ?? '').split(' ');
  return scheme === CALL_SCHEME && token && rest.length === 0 ? token : null;
}

function refuse(reply: FastifyReply, status: 401 | 405 | 413, message: string): FastifyReply {
  const code = { 401: 'UNAUTHENTICATED', 405: 'BAD_REQUEST', 413: 'BODY_TOO_LARGE' }[status];
  return reply.code(status).send({ errors: [{ message, extensions: { code } }] });
}

async function readAll(
  stream: AsyncIterable<Buffer | string>,
  maxBytes: number,
): Promise<Buffer | 'too large'> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > maxBytes) return 'too large';
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
