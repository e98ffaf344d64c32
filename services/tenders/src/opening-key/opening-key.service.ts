import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, createOnce, IdAlreadyUsed, NotFound } from '@mulin/graphql';
import { parseOfficerPublicKey, SealProblem } from '@mulin/seal';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { checkId } from '../well-formed.js';
import type { RegisterOpeningKeyInput, RevokeOpeningKeyInput } from './opening-key.inputs.js';
import { OpeningKey } from './opening-key.entity.js';
import { OpeningKeyInvalid } from './opening-key.refusals.js';

/** Opening officers' keys: everyone registers the own one, and revokes only that. */
@Injectable()
export class OpeningKeyService {
  constructor(@Inject(Database) private readonly database: Database) {}

  register(actor: Actor, input: RegisterOpeningKeyInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'OpeningKey', load: (id) => loadKey(tx, id) },
        async () => {
          const unfit = checkId('input.id', 'key', input.id);
          if (unfit) return unfit;
          const fingerprint = await fingerprintOf(input.publicKey);
          if (fingerprint instanceof OpeningKeyInvalid) return fingerprint;
          if (await tx.existsBy(OpeningKey, { fingerprint })) return new IdAlreadyUsed(fingerprint);
          const key = Object.assign(new OpeningKey(), {
            id: input.id,
            street: actor.street,
            personId: actor.id,
            fingerprint,
            publicKey: input.publicKey,
            registeredAt: await now(tx),
            revokedAt: null,
            version: 1,
          });
          await tx.insert(OpeningKey, key);
          return key;
        },
      ),
    );
  }

  revoke(actor: Actor, input: RevokeOpeningKeyInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'OpeningKey', load: (id) => loadKey(tx, id) },
        async () => {
          const key = await loadKey(tx, input.id, 'for_no_key_update');
          // Another officer's key is as unknown here as one that does not exist.
          if (key.personId !== actor.id) throw new NotFound('openingKey', input.id);
          const conflict = key.revoke(input.expectedVersion, await now(tx));
          if (conflict) return conflict;
          await tx.save(key);
          return key;
        },
      ),
    );
  }

  mine(actor: Actor): Promise<OpeningKey[]> {
    return this.database.read(actor, (tx) =>
      tx.find(OpeningKey, { where: { personId: actor.id }, order: { id: 'ASC' } }),
    );
  }

  many(actor: Actor | null, ids: readonly string[]): Promise<OpeningKey[]> {
    return this.database.read(actor, (tx) => tx.findBy(OpeningKey, { id: In([...ids]) }));
  }
}

async function loadKey(tx: Tx, id: string, mode?: 'for_no_key_update'): Promise<OpeningKey> {
  const key = await tx.findOne(OpeningKey, { where: { id }, lock: mode && { mode } });
  if (!key) throw new NotFound('openingKey', id);
  return key;
}

async function fingerprintOf(publicKey: string): Promise<string | OpeningKeyInvalid> {
  try {
    return (await parseOfficerPublicKey(JSON.parse(publicKey))).fingerprint;
  } catch (error) {
    if (error instanceof SealProblem) return new OpeningKeyInvalid(error.code);
    if (error instanceof SyntaxError) return new OpeningKeyInvalid('malformed');
    throw error;
  }
}
