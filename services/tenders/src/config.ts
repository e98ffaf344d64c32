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
}

/**
 * What this deployment is told: besides what every service is, `MULIN_RECEIPT_KEY`, JSON with `publicKey` and
 * `privateKey`, or `MULIN_RECEIPT_KEY_FILE`, which names a file that holds it.
 */
export function configFromEnv(env: NodeJS.ProcessEnv = process.env): TendersConfig {
  const config = serviceConfigFromEnv('tenders', env);
  const text = textOf(env);
  if (text === undefined) {
    if (config.environment === 'production')
      throw new Error('tenders needs MULIN_RECEIPT_KEY: receipts of bids are signed with it.');
    return config;
  }
  // Its first signature proves that it is a key pair.
  return { ...config, receiptKey: JSON.parse(text) as ReceiptKey };
}

function textOf(env: NodeJS.ProcessEnv): string | undefined {
  const file = env.MULIN_RECEIPT_KEY_FILE;
  return file ? readFileSync(file, 'utf8').trim() : env.MULIN_RECEIPT_KEY;
}
