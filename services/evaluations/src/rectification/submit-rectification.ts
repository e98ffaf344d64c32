import type { Actor } from '@mulin/auth';
import { civilDateInShanghai } from '@mulin/clock';
import { Database, now, type Tx } from '@mulin/database';
import { RectificationSubmitted } from '@mulin/events';
import { changeOnce, InvalidInput, NotFound } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Rectification } from './rectification.entity.js';
import type { SubmitRectificationInput } from './rectification.inputs.js';

/** Takes in the report of the organisation; handing it in stops the clock. */
@Injectable()
export class SubmitRectification {
  constructor(@Inject(Database) private readonly database: Database) {}

  submit(actor: Actor, input: SubmitRectificationInput) {
    if (input.report.trim() === '') {
      return new InvalidInput('input.report', { problem: 'EMPTY', given: '' });
    }
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Rectification', load: (id) => load(tx, id) },
        async () => {
          const at = await now(tx);
          const rectification = await load(tx, input.id, 'for_no_key_update');
          const { report, expectedVersion } = input;
          const refusal = rectification.submit({ by: actor.id, at, report, expectedVersion });
          if (refusal) return refusal;
          await tx.save(rectification);
          const { id, evaluationId, instalmentId, contractId, organisationId } = rectification;
          await append(tx, {
            type: RectificationSubmitted,
            aggregateId: id,
            aggregateVersion: rectification.events,
            street: rectification.street,
            payload: {
              rectificationId: id,
              evaluationId,
              instalmentId,
              contractId,
              organisationId,
              submittedOn: civilDateInShanghai(at),
            },
          });
          return rectification;
        },
      ),
    );
  }
}

async function load(tx: Tx, id: string, mode?: 'for_no_key_update'): Promise<Rectification> {
  const found = await tx.findOne(Rectification, { where: { id }, lock: mode && { mode } });
  if (!found) throw new NotFound('rectification', id);
  return found;
}
