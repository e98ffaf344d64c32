import type { Actor } from '@mulin/auth';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, checkText, NotFound, SecondPersonNeeded } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { In } from 'typeorm';
import { loadTender } from '../tender/load-tender.js';
import type { Tender } from '../tender/tender.entity.js';
import { dueOf, notOpenable } from './due.js';
import { LostKey } from './lost-key.entity.js';
import type { ConfirmLostKeyInput, RecordLostKeyInput } from './opening.inputs.js';

/** An officer's key that is lost must not keep a tender shut, nor be called lost by one person alone. */
@Injectable()
export class LostKeyService {
  constructor(@Inject(Database) private readonly database: Database) {}

  record(actor: Actor, input: RecordLostKeyInput) {
    return this.step(actor, input, 'recordLostKey', async (tx, tender, recordedAt) => {
      const unfit = checkText('input.because', input.because, 1_000);
      if (unfit) return unfit;
      const { openingKeyId, because } = input;
      if (!tender.openingKeyIds.includes(openingKeyId))
        throw new NotFound('openingKey', openingKeyId);
      const known = await tx.findOneBy(LostKey, { tenderId: tender.id });
      if (known?.confirmedBy) return tender.conflict(input.expectedVersion, 'recordLostKey');
      const facts = { tenderId: tender.id, street: tender.street, openingKeyId, because };
      const open = { recordedBy: actor.id, recordedAt, confirmedBy: null, confirmedAt: null };
      await tx.upsert(LostKey, { ...facts, ...open }, ['tenderId']);
      return tender;
    });
  }

  confirm(actor: Actor, input: ConfirmLostKeyInput) {
    return this.step(actor, input, 'confirmLostKey', async (tx, tender, confirmedAt) => {
      const { openingKeyId } = input;
      const lost = await tx.findOneBy(LostKey, { tenderId: tender.id, openingKeyId });
      if (!lost) throw new NotFound('lostKey', openingKeyId);
      if (lost.confirmedBy) return tender.conflict(input.expectedVersion, 'confirmLostKey');
      if (lost.recordedBy === actor.id)
        return new SecondPersonNeeded({
          ...{ firstPersonId: actor.id, step: 'recordLostKey / confirmLostKey' },
        });
      await tx.save(Object.assign(lost, { confirmedBy: actor.id, confirmedAt }));
      return tender;
    });
  }

  of(actor: Actor | null, tenderIds: readonly string[]): Promise<LostKey[]> {
    return this.database.read(actor, (tx) => tx.findBy(LostKey, { tenderId: In([...tenderIds]) }));
  }

  private step<R>(
    actor: Actor,
    input: { id: string; expectedVersion: number; idempotencyKey: string },
    wanted: string,
    work: (tx: Tx, tender: Tender, at: Date) => Promise<Tender | R>,
  ) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Tender', load: (id) => loadTender(tx, id) },
        async () => {
          const tender = await loadTender(tx, input.id, 'for_no_key_update');
          const at = await now(tx);
          const due = await dueOf(tx, tender);
          if (!due) return tender.conflict(input.expectedVersion, wanted);
          const refusal = await notOpenable(tx, actor, { tender, due, at });
          if (refusal) return refusal;
          if (input.expectedVersion !== tender.version)
            return tender.conflict(input.expectedVersion, wanted);
          return work(tx, tender, at);
        },
      ),
    );
  }
}
