import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { languageOf } from '@mulin/graphql';
import type { Logger } from 'pino';
import type Provider from 'oidc-provider';
import type { SignIn, SignInService } from '../password/sign-in.js';
import { type Complaint, errorPage, loginPage, PAGE_HEADERS } from './pages.js';

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

export interface DoorOptions {
  issuer: string;
  provider: Provider;
  signIn: SignInService;
  log: Logger;
  /** Believe the last address of X-Forwarded-For: true only behind a proxy that writes it. */
  trustProxy: boolean;
}

const LOGIN_PATH = /^\/oidc\/login\/([\w-]{1,64})$/;
const MOST_FORM_BYTES = 4_096;

/**
 * The public door of this service. OpenID requests are answered here and never enter the Nest application,
 * whose every path is for signed calls of the gateway only; all others go on to it.
 */
export class Door {
  private answer: Listener = (_request, response) => {
    response.writeHead(503).end();
  };

  constructor(server: Server) {
    const inner = server.listeners('request');
    server.removeAllListeners('request');
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      if (isPublic(request)) return this.answer(request, response);
      for (const listener of inner) listener.call(server, request, response);
    });
  }

  /** Opens it: until then public requests get 503. */
  open(options: DoorOptions): void {
    const { issuer, provider, log } = options;
    const { host, protocol } = new URL(issuer);
    const callback = provider.callback();
    provider.on('server_error', (_context, error) => log.error({ error }, 'OpenID provider'));
    this.answer = (request, response) => {
      // Whatever a client or a proxy says our address is, it is what the configuration says.
      request.headers['x-forwarded-host'] = host;
      request.headers['x-forwarded-proto'] = protocol.replace(':', '');
      const [path = ''] = (request.url ?? '').split('?', 1);
      const work = LOGIN_PATH.test(path)
        ? login(options, request, response)
        : callback(request, response);
      work.catch((error: unknown) => {
        log.error({ error }, 'sign-in page');
        if (!response.headersSent) send(response, 500, errorPage('zh', 'server_error'));
        else response.end();
      });
    };
  }
}

const isPublic = ({ url = '' }: IncomingMessage): boolean =>
  url.startsWith('/oidc/') || url.split('?', 1)[0] === '/.well-known/openid-configuration';

/** GET shows the form, POST checks it. The cookie of the interaction says which request it belongs to. */
async function login(
  { issuer, provider, signIn, trustProxy }: DoorOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const language = languageOf(request.headers['accept-language']);
  const interaction = await provider.interactionDetails(request, response).catch(() => undefined);
  const uid = LOGIN_PATH.exec((request.url ?? '').split('?', 1)[0] ?? '')?.[1];
  if (!interaction || interaction.uid !== uid) {
    return send(response, 400, errorPage(language, 'session_not_found'));
  }
  if (request.method === 'GET') return send(response, 200, loginPage(language));
  const form = await readForm(request, new URL(issuer).origin);
  if (!form) return send(response, 400, errorPage(language, 'invalid_request'));

  const given = { login: form.get('login') ?? '', password: form.get('password') ?? '' };
  const result = await signIn.signIn({ ...given, from: addressOf(request, trustProxy) });
  if (result.state !== 'in') return complain(response, language, given.login, result);
  return provider.interactionFinished(
    request,
    response,
    { login: { accountId: result.personId } },
    { mergeWithLastSubmission: false },
  );
}

/** Who asks, as far as a connection tells. What a client writes into the header itself stands further left. */
function addressOf({ headers, socket }: IncomingMessage, trustProxy: boolean): string {
  const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
  const named = trustProxy ? forwarded.at(-1)?.trim() : undefined;
  return (named || socket.remoteAddress) ?? 'unknown';
}

function complain(
  response: ServerResponse,
  language: 'zh' | 'en',
  login: string,
  result: Exclude<SignIn, { state: 'in' }>,
): void {
  const [status, complaint]: [number, Complaint] =
    result.state === 'locked'
      ? [429, { lockedForSeconds: result.retryAfterSeconds }]
      : [result.state === 'busy' ? 503 : 401, result.state];
  if (result.state === 'locked') {
    response.setHeader('retry-after', String(result.retryAfterSeconds));
  }
  send(response, status, loginPage(language, login, complaint));
}

function send(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, PAGE_HEADERS).end(html);
}

/** The posted form; undefined when it is none, is too large, or was sent by another site's page. */
async function readForm(
  request: IncomingMessage,
  origin: string,
): Promise<URLSearchParams | undefined> {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim();
  if (request.method !== 'POST' || type !== 'application/x-www-form-urlencoded') return undefined;
  // Our page says no-referrer, for which browsers send `null`; another site's page cannot have the cookie.
  const from = request.headers.origin;
  if (from !== undefined && from !== 'null' && from !== origin) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_FORM_BYTES) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
