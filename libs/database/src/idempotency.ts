import { createHash } from 'node:crypto';
import { newEventId } from '@mulin/ids';
import canonicalize from 'canonicalize';
import type { Tx } from './database.js';

export interface IdempotencyRequest {
  actor: string;
  /** The client's `idempotencyKey`, or for a creating mutation the id that the client made. */
  key: string;
  /** The whole input as the resolver got it; only its hash is kept. */
  input: object;
  /** What the answer is: the entity's name. */
  type: string;
  /** The mutation that was asked for, for the record of who did what. */
  operation: string;
}

interface KnownRow {
  actor: string;
  input_hash: string;
  type: string;
  id: string;
  expired: boolean;
}

/** What is known of a key: nothing, the row its first use made, or that it was used otherwise. */
export type Known = { state: 'new' } | { state: 'same'; id: string } | { state: 'other' };

/**
 * Only successes are kept, and of them who, key, hash of the input, type and id: a repeated request
 * is answered by reading the row afresh. A key whose use was refused may be used again.
 */
export const idempotency = {
  /** Looks a key up and holds it until the transaction ends, so that parallel twins take turns. */
  async look(tx: Tx, request: IdempotencyRequest): Promise<Known> {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 1))', [request.key]);
    // A key whose time is over is as if it had never been. Keys that are kept for ever are ids: one that another actor used is used.
    const [row] = await tx.query<KnownRow[]>(
      `select actor, input_hash, type, id, coalesce(kept_until <= now(), false) as expired
       from mulin.idempotency where key = $2 and (actor = $1 or kept_until is null)
       order by expired, actor = $1 desc limit 1`,
      [request.actor, request.key],
    );
    if (row?.expired) {
      await tx.query('select mulin.forget_expired_key($1, $2)', [request.actor, request.key]);
    }
    if (!row || row.expired) return { state: 'new' };
    const same =
      row.actor === request.actor &&
      row.type === request.type &&
      row.input_hash === hashOf(request.input);
    return same ? { state: 'same', id: row.id } : { state: 'other' };
  },

  /**
   * Keeps a success in the same transaction as its effect; `keptDays` null keeps it for ever. All mutations come
   * through here, so the same statement writes down for ever who did what (`mulin.audit`).
   */
  async keep(tx: Tx, request: IdempotencyRequest, id: string, keptDays: number | null) {
    const { actor, key, input, type, operation } = request;
    await tx.query(
      `with kept as (
         insert into mulin.idempotency (actor, key, input_hash, type, id, kept_until)
         values ($1, $2, $3, $4, $5, now() + make_interval(days => $6)))
       insert into mulin.audit (id, actor, street, operation, input_hash, made_type, made_id)
       values ($7, $1, nullif(current_setting('app.street', true), ''), $8, $3, $4, $5)`,
      [actor, key, hashOf(input), type, id, keptDays, newEventId(), operation],
    );
  },
};

function hashOf(input: object): string {
  const plain: unknown = JSON.parse(
    JSON.stringify(input, (_, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    ),
  );
  return createHash('sha256')
    .update(canonicalize(plain) ?? '')
    .digest('hex');
}
