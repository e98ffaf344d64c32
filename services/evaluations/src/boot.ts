import {
  bootService,
  offlineConfig,
  printSdl,
  type RunningService,
  type ServiceConfig,
} from '@mulin/graphql';
import { attachMessaging } from '@mulin/messaging';
import { EvaluationsModule } from './evaluations.module.js';
import { ClockSweep } from './rectification/clock-sweep.js';

export const serviceName = 'evaluations';

/** Starts the service; `main.ts`, the all-in-one host and the tests all come through here. */
export function boot(config: ServiceConfig): Promise<RunningService> {
  return bootService({
    config,
    module: EvaluationsModule.for(config),
    attach: async (app) => {
      await attachMessaging(app);
      // Clocks run where events are handled.
      if (config.consume !== false) app.get(ClockSweep).start();
    },
  });
}

/** The printed subgraph schema; needs no server. */
export function sdl(): Promise<string> {
  return printSdl(EvaluationsModule.for(offlineConfig(serviceName)));
}
