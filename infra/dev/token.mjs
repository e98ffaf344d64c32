/**
 * `npm run token -- --as officer` prints a bearer token of a demo account of the running Mulin.
 * It signs in as a person would: authorization code with PKCE, over HTTP, against the OpenID provider.
 */
import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readOptions } from './lib/args.mjs';
import { homeFolder, readJson, requireRunning, writeJson } from './lib/state.mjs';

const USAGE = `npm run token -- --as <account>   一个演示账户的访问令牌 a bearer token of a demo account
  --list             全部演示账户 every demo account
  --password TEXT    不是演示账户时 for an account that is none of them`;

const CLIENT = 'mulin-cli';
const REDIRECT_URI = 'http://127.0.0.1/callback';
/** A cached token that ends sooner than this is not given out any more. */
const LEAST_SECONDS_LEFT = 30;

/**
 * Signs in and answers the tokens; `expiresAt` in milliseconds.
 * Throws a sentence when the provider refuses.
 */
export async function obtainToken({ issuer, login, password }) {
  const provider = await discover(issuer);
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const cookies = new Map();

  const authorize = new URL(provider.authorization_endpoint);
  authorize.search = new URLSearchParams({
    client_id: CLIENT,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'openid mulin',
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }).toString();
  const form = await step(cookies, authorize);
  const back = await step(cookies, form.location, new URLSearchParams({ login, password }));
  if (!back.location) throw new Error(refusal(back.status, login));
  const { location } = await step(cookies, back.location);
  const answer = location ? new URL(location) : null;
  const code = answer?.searchParams.get('code');
  if (!code || answer?.searchParams.get('state') !== state) {
    throw new Error(`The sign-in of ${login} did not come back with a code.`);
  }
  return tokenRequest(provider, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
  });
}

/** Renews: the refresh token is used up, the answer holds the next one. */
export async function renewToken({ issuer, refreshToken }) {
  const provider = await discover(issuer);
  return tokenRequest(provider, { grant_type: 'refresh_token', refresh_token: refreshToken });
}

async function discover(issuer) {
  const response = await fetch(`${issuer}/.well-known/openid-configuration`).catch(() => null);
  if (!response?.ok) throw new Error(`No OpenID provider answers at ${issuer}.`);
  return response.json();
}

async function tokenRequest(provider, parameters) {
  const response = await fetch(provider.token_endpoint, {
    method: 'POST',
    body: new URLSearchParams({ client_id: CLIENT, ...parameters }),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(`${answer.error}: ${answer.error_description ?? ''}`);
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token,
    expiresAt: Date.now() + answer.expires_in * 1000,
  };
}

/** One request of the browser that this is not: keeps cookies, follows nothing by itself. */
async function step(cookies, url, form) {
  const response = await fetch(url, {
    redirect: 'manual',
    headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    ...(form ? { method: 'POST', body: form } : {}),
  });
  await response.arrayBuffer();
  for (const cookie of response.headers.getSetCookie()) {
    const [pair] = cookie.split(';', 1);
    const at = pair.indexOf('=');
    cookies.set(pair.slice(0, at), pair.slice(at + 1));
  }
  const location = response.headers.get('location');
  return {
    status: response.status,
    location: location === null ? null : new URL(location, response.url).href,
  };
}

function refusal(status, login) {
  if (status === 401) return `The login ${login} or its password is not right.`;
  if (status === 429) return `Too many attempts for ${login}; it is locked for some minutes.`;
  return `The sign-in of ${login} was answered with ${status}.`;
}

async function main() {
  const values = readOptions(
    { as: { type: 'string' }, password: { type: 'string' }, list: { type: 'boolean' } },
    USAGE,
  );
  const accounts = demoAccounts();
  if (values.list || values.as === undefined) {
    console.error('npm run token -- --as <account>, one of:');
    for (const { account, name, roles } of accounts) {
      console.error(`  ${account.padEnd(17)} ${roles.join(', ')} (${name.zh})`);
    }
    process.exitCode = values.list ? 0 : 2;
    return;
  }
  const login = values.as;
  const home = homeFolder();
  const { issuer } = requireRunning(home);
  const password = values.password ?? accounts.find(({ account }) => account === login)?.password;
  if (!password)
    throw new Error(`${login} is no demo account; give its --password, or see --list.`);
  console.log(await cached(home, { issuer, login, password }));
}

/** Signing in costs a tenth of a second on purpose; a shell loop should not pay for it each time. */
async function cached(home, { issuer, login, password }) {
  const file = join(home, 'tokens.json');
  const key = `${issuer} ${login}`;
  const known = readJson(file) ?? {};
  const isGood = ({ expiresAt }) => expiresAt > Date.now() + LEAST_SECONDS_LEFT * 1000;
  if (known[key] && isGood(known[key])) return known[key].accessToken;
  const { accessToken, expiresAt } = await obtainToken({ issuer, login, password });
  const kept = Object.fromEntries(Object.entries(known).filter(([, each]) => isGood(each)));
  writeJson(file, { ...kept, [key]: { accessToken, expiresAt } });
  return accessToken;
}

function demoAccounts() {
  return readJson(join(import.meta.dirname, 'demo-accounts.json')) ?? [];
}

if (process.argv[1] === import.meta.filename) {
  main().catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
