import { bootService, offlineConfig, printSdl, type RunningService } from '@mulin/graphql';
import { attachMessaging } from '@mulin/messaging';
import { HoldClock } from './challenge/hold-clock.js';
import type { TendersConfig } from './config.js';
import { TendersModule } from './tenders.module.js';

export const serviceName = 'tenders';

/** Starts the service; `main.ts`, the all-in-one host and the tests all come through here. */
export function boot(config: TendersConfig): Promise<RunningService> {
  return bootService({
    config,
    module: TendersModule.for(config),
    attach: async (app) => {
      await attachMessaging(app);
      // Clocks run where events are handled.
      if (config.consume !== false) app.get(HoldClock).start();
    },
  });
}

/** The printed subgraph schema; needs no server. */
export function sdl(): Promise<string> {
  return printSdl(TendersModule.for(offlineConfig(serviceName)));
}
