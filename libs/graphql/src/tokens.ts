/** Injection tokens that every service has. */
export const CONFIG = Symbol('mulin.config');
export const LOGGER = Symbol('mulin.logger');
export const READINESS = Symbol('mulin.readiness');

/** Parts of a service add what makes them ready: a name and a function that says `ok` or what is wrong. */
export class Readiness {
  readonly checks = new Map<string, () => string>();
}
