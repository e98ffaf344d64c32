import type { Database } from '@mulin/database';
import { languageOf } from '@mulin/graphql';
import type { JWK } from 'jose';
import Provider, { interactionPolicy, type KoaContext } from 'oidc-provider';
import { errorPage, goodbyePage, logoutPage, PAGE_HEADERS } from './pages.js';
import { PayloadStore } from './payload-store.js';
import type { SecretBox } from './secret-box.js';
import { SIGNING_ALGORITHM } from './signing-keys.js';

/** What access tokens are for: the one API behind the gateway. */
const RESOURCE = 'urn:mulin:api';
const AUDIENCE = 'mulin';
const SCOPE = 'mulin';

const ONE_DAY = 86_400;
const WORKING_DAY = 8 * 3_600;

export interface ProviderOptions {
  /** Exactly as tokens will say it; no trailing slash. */
  issuer: string;
  database: Database;
  box: SecretBox;
  keys: JWK[];
  /** Where browsers may be sent back to after signing in to the console. */
  redirectUris: readonly string[];
  /** A changed or disabled account is effective at the latest after this. */
  accessTokenSeconds: number;
}

interface Holder {
  street: string;
  organisation: string | null;
  roles: string[];
}

/**
 * oidc-provider, set up for one purpose: authorization code with PKCE for public first-party clients,
 * and short-lived ES256 JWT access tokens that say person, street, organisation and roles.
 */
export function makeProvider(options: ProviderOptions): Provider {
  const { issuer, database, box } = options;
  const provider = new Provider(issuer, {
    adapter: (model: string) => new PayloadStore(database, box, model),
    jwks: { keys: options.keys },
    cookies: { keys: [box.cookieKey] },
    clients: clients(options.redirectUris),
    scopes: ['openid'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    claims: { openid: ['sub', 'street', 'organisation', 'roles'] },
    conformIdTokenClaims: false,
    enabledJWA: {
      idTokenSigningAlgValues: [SIGNING_ALGORITHM],
      requestObjectSigningAlgValues: [],
    },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: () => true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context: KoaContext, form: string) =>
          show(context, (language) => logoutPage(language, form)),
        postLogoutSuccessSource: (context: KoaContext) => show(context, goodbyePage),
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: SCOPE,
          audience: AUDIENCE,
          accessTokenFormat: 'jwt',
          accessTokenTTL: options.accessTokenSeconds,
          jwt: { sign: { alg: SIGNING_ALGORITHM } },
        }),
      },
    },
    routes: {
      authorization: '/oidc/authorize',
      end_session: '/oidc/logout',
      jwks: '/oidc/jwks',
      revocation: '/oidc/revoke',
      token: '/oidc/token',
      userinfo: '/oidc/userinfo',
    },
    interactions: {
      policy: signInOnly(),
      url: (_context: unknown, interaction: { uid: string }) =>
        `${pathOf(issuer)}/oidc/login/${interaction.uid}`,
    },
    ttl: {
      AccessToken: options.accessTokenSeconds,
      AuthorizationCode: 60,
      Grant: 14 * ONE_DAY,
      IdToken: 3_600,
      Interaction: 600,
      RefreshToken: WORKING_DAY,
      Session: WORKING_DAY,
    },
    issueRefreshToken: (_context: unknown, client: { grantTypeAllowed(type: string): boolean }) =>
      client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    // Used up at each renewal; a second use of one revokes everything that came of the same sign-in.
    rotateRefreshToken: true,
    loadExistingGrant: grantOf,
    findAccount: async (_context: unknown, personId: string) => {
      const holder = await holderOf(database, personId);
      return holder && { accountId: personId, claims: () => ({ sub: personId, ...holder }) };
    },
    // Read afresh for each token: a changed role is effective with the next one.
    extraTokenClaims: async (_context: unknown, token: { accountId?: string }) =>
      token.accountId === undefined ? undefined : await holderOf(database, token.accountId),
    clientBasedCORS: (_context: unknown, origin: string) =>
      options.redirectUris.some((uri) => new URL(uri).origin === origin),
    renderError: (context: KoaContext, out: { error: string }) =>
      show(context, (language) => errorPage(language, out.error)),
  });
  // Its own address comes from the configuration alone; the door writes it into the forwarded headers.
  provider.proxy = true;
  return provider;
}

export const pathOf = (issuer: string): string => new URL(issuer).pathname.replace(/\/$/, '');

/** Public clients: a program on somebody's machine keeps no secret, PKCE stands in for it. */
function clients(redirectUris: readonly string[]): object[] {
  const shared = {
    token_endpoint_auth_method: 'none',
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    id_token_signed_response_alg: SIGNING_ALGORITHM,
    scope: 'openid',
  };
  // RFC 8252: any port of the loopback address.
  const cli = {
    ...shared,
    client_id: 'mulin-cli',
    application_type: 'native',
    redirect_uris: ['http://127.0.0.1/callback'],
  };
  const console = {
    ...shared,
    client_id: 'mulin-console',
    application_type: redirectUris.some((uri) => uri.startsWith('http:')) ? 'native' : 'web',
    redirect_uris: [...redirectUris],
    post_logout_redirect_uris: redirectUris.map((uri) => new URL('/', uri).href),
  };
  return redirectUris.length > 0 ? [cli, console] : [cli];
}

/** All clients are our own: whoever signs in has consented, and is asked nothing more. */
function signInOnly(): object {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  return policy;
}

async function grantOf({ oidc }: KoaContext): Promise<object> {
  const { clientId } = oidc.client;
  const { Grant } = oidc.provider;
  const known = oidc.session.grantIdFor(clientId);
  const found = known === undefined ? undefined : await Grant.find(known);
  if (found) return found;
  const grant = new Grant({ clientId, accountId: oidc.session.accountId });
  grant.addOIDCScope('openid');
  grant.addResourceScope(RESOURCE, SCOPE);
  await grant.save();
  return grant;
}

async function holderOf(database: Database, personId: string): Promise<Holder | undefined> {
  const [row] = await database.consumer.query<Holder[]>(
    `select street, organisation_id as organisation, roles from account
     where person_id = $1 and state = 'active'`,
    [personId],
  );
  return row;
}

function show(context: KoaContext, render: (language: 'zh' | 'en') => string): void {
  for (const [name, value] of Object.entries(PAGE_HEADERS)) context.set(name, value);
  context.body = render(languageOf(context.get('accept-language')));
}
