import {
  bootService,
  offlineConfig,
  printSdl,
  type RunningService,
  type ServiceConfig,
} from '@mulin/graphql';
import { attachMessaging } from '@mulin/messaging';
import { InsightsModule } from './insights.module.js';

export const serviceName = 'insights';

/** Starts the service; `main.ts`, the all-in-one host and the tests all come through here. */
export function boot(config: ServiceConfig): Promise<RunningService> {
  return bootService({ config, module: InsightsModule.for(config), attach: attachMessaging });
}

/** The printed subgraph schema; needs no server. */
export function sdl(): Promise<string> {
  return printSdl(InsightsModule.for(offlineConfig(serviceName)));
}
