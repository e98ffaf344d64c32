import type { FastifyInstance } from 'fastify';
import type { GatewayConfig } from './config.js';

/** What a page may send: who asks, in which language, in which trace. No cookie: there is none here. */
const HEADERS = 'authorization, content-type, accept-language, traceparent, x-request-id';
const READABLE = 'x-request-id, retry-after, www-authenticate';
const LOOPBACK = /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

/**
 * Lets pages of the listed origins ask from a browser, and no others: each is named in full, there is no
 * wildcard, and credentials are never allowed, because who asks is said by a bearer token alone. Without a list
 * nobody is let in but, on a development machine, its own pages.
 */
export function allowOrigins(fastify: FastifyInstance, config: GatewayConfig): void {
  const listed = new Set(config.corsOrigins ?? []);
  const isDevelopment = config.environment === 'development';
  const isAllowed = (origin: string): boolean =>
    listed.has(origin) || (isDevelopment && LOOPBACK.test(origin));

  fastify.addHook('onRequest', async (request, reply) => {
    // A cache must not hand one page's answer to another's.
    if (listed.size > 0 || isDevelopment) void reply.header('vary', 'origin');
    const { origin } = request.headers;
    if (origin === undefined || !isAllowed(origin)) return;
    void reply
      .header('access-control-allow-origin', origin)
      .header('access-control-expose-headers', READABLE);
    if (request.method === 'OPTIONS' && request.headers['access-control-request-method']) {
      return reply
        .code(204)
        .header('access-control-allow-methods', 'POST')
        .header('access-control-allow-headers', HEADERS)
        .header('access-control-max-age', '600')
        .send();
    }
  });
}

/** `https://sunlight.example, https://office.example:8443`: origins as a browser writes them. */
export function originsFrom(list: string | undefined): string[] {
  const origins = (list ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);
  for (const origin of origins) {
    if (!isOrigin(origin)) {
      throw new Error(
        `MULIN_CORS_ORIGINS holds "${origin}": name each origin in full, such as https://office.example`,
      );
    }
  }
  return origins;
}

function isOrigin(text: string): boolean {
  const url = URL.canParse(text) ? new URL(text) : null;
  // A URL takes a star for a letter of a host; no browser sends one.
  return (
    url !== null && /^https?:$/.test(url.protocol) && url.origin === text && !text.includes('*')
  );
}
