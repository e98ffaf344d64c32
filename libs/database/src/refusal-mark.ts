const MARK = Symbol.for('mulin.refusal');

/**
 * What every refusal of the platform carries, so that the data layer knows one without knowing
 * GraphQL: a refused use case writes nothing.
 */
export abstract class RefusalMark {
  readonly [MARK] = true;
  /** Set where the refusal itself must be recorded, such as a late bid: its transaction commits. */
  leavesTrace?: boolean;
}

export function isRefusal(value: unknown): value is RefusalMark {
  return typeof value === 'object' && value !== null && MARK in value;
}
