import type { Server } from 'node:http';
import { Sealer } from '@mulin/database';
import { bootService, LOGGER, offlineConfig, printSdl, type RunningService } from '@mulin/graphql';
import type { Logger } from 'pino';
import { ACCESS_TOKEN_SECONDS, checked, type IdentityConfig, secretOf } from './config.js';
import { readDemoAccounts, seedDemoAccounts } from './demo.js';
import { IdentityModule } from './identity.module.js';
import { sealed } from './sealed.js';
import { Door } from './oidc/door.js';
import { sweepExpired } from './oidc/payload-store.js';
import { SecretBox } from './oidc/secret-box.js';
import { signingKeys } from './oidc/signing-keys.js';
import { SignInService } from './password/sign-in.js';

export const serviceName = 'identity';

const SWEEP_EVERY_MS = 600_000;

export interface RunningIdentity extends RunningService {
  /** What tokens say as `iss`. */
  issuer: string;
}

/** Starts the service; `main.ts`, the all-in-one host and the tests all come through here. */
export async function boot(given: IdentityConfig): Promise<RunningIdentity> {
  const config = checked(given);
  let door: Door | undefined;
  const service = await bootService({
    config,
    module: IdentityModule.for(config),
    attach: async (app) => {
      const server: Server = app.getHttpServer();
      door = new Door(server);
      await Promise.resolve();
    },
  });
  try {
    const issuer = config.issuer ?? new URL(service.url).origin;
    const sweeping = await openDoor(config, issuer, service, door);
    const sealer = sealerOf(config, service);
    if (config.relay !== false) sealer.start();
    return {
      ...service,
      issuer,
      close: async () => {
        clearInterval(sweeping);
        await sealer.stop();
        await service.close();
      },
    };
  } catch (error) {
    await service.close();
    throw error;
  }
}

/** The printed subgraph schema; needs no server. */
export function sdl(): Promise<string> {
  return printSdl(IdentityModule.for(offlineConfig(serviceName)));
}

/** Who changed which account is sealed as everywhere; there is no outbox here to tell the heads with. */
function sealerOf({ database }: IdentityConfig, { app }: RunningService): Sealer {
  const log = app.get<Logger>(LOGGER);
  return new Sealer({
    ...{ service: serviceName, url: database.relay, sources: sealed },
    failed: (error) => log.warn({ error }, 'seals: will try again'),
  });
}

async function openDoor(
  config: IdentityConfig,
  issuer: string,
  { app, database }: RunningService,
  door: Door | undefined,
): Promise<NodeJS.Timeout> {
  const log = app.get<Logger>(LOGGER);
  if (config.demoAccounts) await seedDemoAccounts(database, readDemoAccounts(config.demoAccounts));
  const box = new SecretBox(secretOf(config));
  const { makeProvider } = await loadProvider(log);
  const provider = makeProvider({
    issuer,
    database,
    box,
    keys: await signingKeys(database, box),
    redirectUris: config.redirectUris ?? [],
    accessTokenSeconds: config.accessTokenSeconds ?? ACCESS_TOKEN_SECONDS,
  });
  door?.open({
    issuer,
    provider,
    signIn: app.get(SignInService),
    log,
    trustProxy: config.trustProxy ?? false,
  });
  const sweep = (): void => {
    sweepExpired(database).catch((error: unknown) => log.error({ error }, 'sweep'));
  };
  sweep();
  return setInterval(sweep, SWEEP_EVERY_MS).unref();
}

/**
 * Loaded when the door opens: printing the schema needs no provider. Under Node 20, our floor, the
 * library warns on the console that it is made for 22; that belongs into the log.
 */
async function loadProvider(log: Logger): Promise<typeof import('./oidc/provider.js')> {
  const { warn } = console;
  console.warn = (text: unknown) => log.info(String(text));
  try {
    return await import('./oidc/provider.js');
  } finally {
    console.warn = warn;
  }
}
