/** `node --import …/source-register.mjs` runs TypeScript from source (source-hooks.mjs). */
import { register } from 'node:module';

register('./source-hooks.mjs', import.meta.url);
