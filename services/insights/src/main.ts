import { closeOnSignals, configFromEnv } from '@mulin/graphql';
import { boot, serviceName } from './boot.js';

closeOnSignals(await boot(configFromEnv(serviceName)));
