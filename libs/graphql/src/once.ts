import type { Actor } from '@mulin/auth';
import { idempotency, isRefusal, type Tx } from '@mulin/database';
import { mutationOf } from './asked-for.js';
import { IdAlreadyUsed, IdempotencyKeyReused } from './shared-refusals.js';

/** How long the answer to an idempotency key is kept, in days. */
const KEPT_DAYS = 30;

interface Once<T> {
  actor: Actor;
  /** The entity's name, kept beside the id that is the answer. */
  type: string;
  /** Reads the answer afresh for a repeated request. */
  load: (id: string) => Promise<T>;
}

/**
 * A mutation that creates: the id made by the caller is the key. The same content again gets the first
 * answer (read afresh); other content, or another person's use of the id, `IdAlreadyUsed`.
 */
export async function createOnce<T extends { id: string }, R>(
  tx: Tx,
  once: Once<T> & { input: { id: string } },
  work: () => Promise<T | R>,
): Promise<T | R | IdAlreadyUsed> {
  const { actor, input, type } = once;
  const request = { actor: actor.id, key: input.id, type, ...asked(input) };
  const known = await idempotency.look(tx, request);
  if (known.state === 'other') return new IdAlreadyUsed(input.id);
  if (known.state === 'same') return once.load(known.id);
  const result = await work();
  if (!isRefusal(result)) await idempotency.keep(tx, request, input.id, null);
  return result;
}

/**
 * A mutation that changes a row: the caller's `idempotencyKey` is the key, kept 30 days. The same
 * content again gets the first answer (read afresh), other content `IdempotencyKeyReused`.
 */
export async function changeOnce<T extends { id: string }, R>(
  tx: Tx,
  once: Once<T> & { input: { idempotencyKey: string } },
  work: () => Promise<T | R>,
): Promise<T | R | IdempotencyKeyReused> {
  const { actor, input, type } = once;
  const request = { actor: actor.id, key: input.idempotencyKey, type, ...asked(input) };
  const known = await idempotency.look(tx, request);
  if (known.state === 'other') return new IdempotencyKeyReused(input.idempotencyKey);
  if (known.state === 'same') return once.load(known.id);
  const result = await work();
  // A success is an entity, and an entity has an id; refusals are not kept, their key is free again.
  if (!isRefusal(result)) await idempotency.keep(tx, request, (result as T).id, KEPT_DAYS);
  return result;
}

/** The mutation, and the whole of what was asked of it: with its name, because two inputs may look alike. */
function asked<T extends object>(input: T) {
  const mutation = mutationOf(input);
  return { operation: mutation, input: { mutation, input } };
}
