import { readFileSync } from 'node:fs';
import { configFromEnv as serviceConfigFromEnv, type ServiceConfig } from '@mulin/graphql';

/** The platform's key pair for receipts, as `generateReceiptKey` of libs/seal makes it. */
export interface ReceiptKey {
  publicKey: string;
  privateKey: string;
}

export interface TendersConfig extends ServiceConfig {
  /** Without one, development and tests make their own at each start; production refuses to start. */
  receiptKey?: ReceiptKey;
  /** Public keys of before, where the key was changed: receipts they signed stay good. */
  earlierReceiptKeys?: readonly string[];
}

/**
 * What this deployment is told: besides what every service is, `MULIN_RECEIPT_KEY`, JSON with `publicKey` and
 * `privateKey`, and `MULIN_RECEIPT_PUBLIC_KEYS`, a JSON list of the public keys before it (none by default). With `_FILE`
 * behind its name a variable names a file that holds the value.
 */
export function configFromEnv(env: NodeJS.ProcessEnv = process.env): TendersConfig {
  const config = serviceConfigFromEnv('tenders', env);
  const text = textOf(env, 'MULIN_RECEIPT_KEY');
  if (text === undefined) {
    if (config.environment === 'production')
      throw new Error('tenders needs MULIN_RECEIPT_KEY: receipts of bids are signed with it.');
    return config;
  }
  // Its first signature proves that it is a key pair.
  return {
    ...config,
    receiptKey: JSON.parse(text) as ReceiptKey,
    // Each verification proves that it is a key.
    earlierReceiptKeys: JSON.parse(textOf(env, 'MULIN_RECEIPT_PUBLIC_KEYS') ?? '[]') as string[],
  };
}

function textOf(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const file = env[`${name}_FILE`];
  return file ? readFileSync(file, 'utf8').trim() : env[name];
}
