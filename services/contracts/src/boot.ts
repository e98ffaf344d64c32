import {
  bootService,
  offlineConfig,
  printSdl,
  type RunningService,
  type ServiceConfig,
} from '@mulin/graphql';
import { attachMessaging } from '@mulin/messaging';
import { ContractClock } from './contract/contract-clock.js';
import { ContractsModule } from './contracts.module.js';

export const serviceName = 'contracts';

/** Starts the service; `main.ts`, the all-in-one host and the tests all come through here. */
export function boot(config: ServiceConfig): Promise<RunningService> {
  return bootService({
    config,
    module: ContractsModule.for(config),
    attach: async (app) => {
      await attachMessaging(app);
      // Clocks run where events are handled.
      if (config.consume !== false) app.get(ContractClock).start();
    },
  });
}

/** The printed subgraph schema; needs no server. */
export function sdl(): Promise<string> {
  return printSdl(ContractsModule.for(offlineConfig(serviceName)));
}
