import { randomBytes, randomUUID } from 'node:crypto';
import { isTraceparent, type Actor, type Language } from '@mulin/auth';
import type { FastifyRequest } from 'fastify';

/** What the gateway knows of a request; nothing else of it reaches a subgraph. */
export interface GatewayContext {
  /** Who asks, from the bearer token alone. */
  actor: Actor | null;
  language: Language;
  requestId: string;
  traceparent: string;
}

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i;

/** The client's own id when it is a UUID (it goes into logs: no free text), otherwise a new one. */
export function requestIdFrom(header: string | string[] | undefined): string {
  return typeof header === 'string' && UUID.test(header) ? header : randomUUID();
}

/** The client's trace when it is one, as W3C writes it; otherwise a new one, which nobody samples. */
export function traceparentFrom(header: string | string[] | undefined): string {
  if (isTraceparent(header)) return header;
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}

/** The first of our two languages in the client's order; Chinese when it names neither. */
export function languageFrom(header: string | undefined): Language {
  const wished = (header ?? '')
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters
        .map((text) => /^\s*q=([01](?:\.[0-9]{0,3})?)$/.exec(text)?.[1])
        .find(Boolean);
      return { tag: tag.split('-', 1)[0], weight: quality === undefined ? 1 : Number(quality) };
    });
  const known = wished.filter(({ tag, weight }) => (tag === 'zh' || tag === 'en') && weight > 0);
  const best = known.reduce<{ tag: string | undefined; weight: number } | undefined>(
    (first, next) => (first && first.weight >= next.weight ? first : next),
    undefined,
  );
  return best?.tag === 'en' ? 'en' : 'zh';
}

export const bearerOf = (request: FastifyRequest): string | undefined =>
  request.headers.authorization;
