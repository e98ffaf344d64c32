/** The folder `.mulin/`: everything a run keeps on this machine. Delete it and the next start begins anew. */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Stop } from './log.mjs';
import { isOurs } from './process.mjs';

/** How the command line of a supervisor reads. */
export const START_MARK = 'infra/dev/start.mjs';

export const ROOT = resolve(import.meta.dirname, '../../..');

/** `MULIN_HOME` moves the state elsewhere, so that a test never touches the developer's own run. */
export function homeFolder(override) {
  return resolve(override ?? process.env.MULIN_HOME ?? join(ROOT, '.mulin'));
}

/** What cannot be made again from the code (the broker's jars) is shared by every state folder. */
export const sharedFolder = () => join(ROOT, '.mulin');

export function ensureFolder(folder) {
  mkdirSync(folder, { recursive: true });
  return folder;
}

export function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Written beside and renamed, so that a crash never leaves half a file. */
export function writeJson(file, value, { mode = 0o600 } = {}) {
  const beside = `${file}.${process.pid}.tmp`;
  writeFileSync(beside, `${JSON.stringify(value, null, 2)}\n`, { mode });
  renameSync(beside, file);
}

/**
 * Passwords and the key pair with which the gateway signs its calls: made once, kept readable for
 * the owner alone. Ed25519 as JWK, as libs/auth wants them.
 */
export function secrets(home) {
  const file = join(ensureFolder(home), 'secrets.json');
  const kept = readJson(file);
  if (kept?.receiptKey && kept.auditKey) return kept;
  if (kept) {
    const grown = { receiptKey: signingKey(), auditKey: signingKey(), ...kept };
    writeJson(file, grown);
    return grown;
  }
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const kid = randomBytes(6).toString('hex');
  const jwk = (key) => ({ ...key.export({ format: 'jwk' }), alg: 'EdDSA', use: 'sig', kid });
  const made = {
    postgresPassword: randomBytes(24).toString('hex'),
    rolePassword: randomBytes(24).toString('hex'),
    callKey: { public: jwk(publicKey), private: jwk(privateKey) },
    receiptKey: signingKey(),
    auditKey: signingKey(),
  };
  writeJson(file, made);
  return made;
}

/** What receipts of bids, and heads of seals, are signed with: in the form of libs/seal. */
function signingKey() {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return {
    publicKey: publicKey.export({ format: 'jwk' }).x,
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
  };
}

const runFile = (home) => join(home, 'run.json');

/**
 * What the running Mulin tells the other commands (clock, token, checks, the story, the fault tests):
 * `{ pid, mode, startedAt, gateway, graphql, issuer, brokers, adminUrl, services: { <name>: { url, port,
 * databases } }, processes: { <name>: pid }, callKey }`. It stays after a stop, so that `npm run checks`
 * finds the databases again. Null before the first start.
 */
export const readRun = (home) => readJson(runFile(home));
export const writeRun = (home, run) => writeJson(runFile(home), run);

/** True while the supervisor that wrote run.json lives. */
export const isRunning = (run) => run !== null && isOurs(run.pid, START_MARK);

/** The running Mulin, or one clear line that it is not running. */
export function requireRunning(home) {
  const run = readRun(home);
  if (!isRunning(run)) throw new Stop(`Mulin is not running on ${home}: start it with npm start.`);
  return run;
}

export function hashOf(file) {
  return existsSync(file)
    ? createHash('sha256').update(readFileSync(file)).digest('hex')
    : 'missing';
}
