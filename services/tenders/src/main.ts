import { closeOnSignals } from '@mulin/graphql';
import { boot } from './boot.js';
import { configFromEnv } from './config.js';

closeOnSignals(await boot(configFromEnv()));
