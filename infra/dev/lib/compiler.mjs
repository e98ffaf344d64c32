/** How our TypeScript becomes JavaScript, in Jest and in every process that runs from source. */
import { createRequire } from 'node:module';

export const OPTIONS = {
  swcrc: false,
  configFile: false,
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      useDefineForClassFields: false,
    },
    keepClassNames: true,
    target: 'es2022',
  },
  module: { type: 'es6' },
};

const { version } = createRequire(import.meta.url)('@swc/core/package.json');

/** Changes with everything that changes what comes out. */
export const COMPILER = `${version} ${JSON.stringify(OPTIONS)}`;
