const MUTATION = Symbol('mulin.mutation');

/**
 * Notes on a mutation's input which mutation was asked for; done for every one at the edge. Inputs of
 * different mutations may look alike (`{id, expectedVersion, idempotencyKey}`): without the name, one
 * key used for two steps would answer the second step with the first one's success.
 */
export function noteMutation(input: unknown, mutation: string): void {
  if (typeof input === 'object' && input !== null) {
    Object.defineProperty(input, MUTATION, { value: mutation });
  }
}

/** The mutation's name, for the idempotency key; empty where a use case is called from code. */
export function mutationOf(input: object): string {
  const mutation: unknown = Reflect.get(input, MUTATION);
  return typeof mutation === 'string' ? mutation : '';
}
