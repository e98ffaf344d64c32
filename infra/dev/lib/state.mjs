/** The folder `.mulin/`: everything a run keeps on this machine. Delete it and the next start begins anew. */
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

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
  if (kept) return kept;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const kid = randomBytes(6).toString('hex');
  const jwk = (key) => ({ ...key.export({ format: 'jwk' }), alg: 'EdDSA', use: 'sig', kid });
  const made = {
    postgresPassword: randomBytes(24).toString('hex'),
    rolePassword: randomBytes(24).toString('hex'),
    callKey: { public: jwk(publicKey), private: jwk(privateKey) },
  };
  writeJson(file, made);
  return made;
}

export const runFile = (home) => join(home, 'run.json');
export const readRun = (home) => readJson(runFile(home));
export const writeRun = (home, run) => writeJson(runFile(home), run);
export const removeRun = (home) => rmSync(runFile(home), { force: true });

export function hashOf(file) {
  return existsSync(file)
    ? createHash('sha256').update(readFileSync(file)).digest('hex')
    : 'missing';
}
