import type { Actor } from '@mulin/auth';
import { Database, now } from '@mulin/database';
import { changeOnce, InvalidInput, NotFound, type OpaqueText } from '@mulin/graphql';
import type { Handed } from '@mulin/seal';
import { Inject, Injectable } from '@nestjs/common';
import { Receipts } from '../receipt/receipts.js';
import { ReceiptsBroken } from '../receipt/receipt.refusals.js';
import { loadTender } from '../tender/load-tender.js';
import { Lot } from '../tender/lot.entity.js';
import {
  dueOf,
  envelopeHashIn,
  notHandedOver,
  notOpenable,
  officersOf,
  sealedOf,
  soundOf,
} from './due.js';
import { HandedShare } from './opening.entity.js';
import type { HandOverSharesInput } from './opening.inputs.js';
import { SharesDoNotFit } from './opening.refusals.js';

/** An officer hands over the own halves; nothing is opened yet. */
@Injectable()
export class HandOverService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Receipts) private readonly receipts: Receipts,
  ) {}

  /**
   * Halves for every bid that is due, or for those of one lot. Taken only when all of them are those that the bidders
   * wrapped: one officer who hands over nothing, or something else, would shut every bid.
   */
  handOver(actor: Actor, input: HandOverSharesInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Tender', load: (id) => loadTender(tx, id) },
        async () => {
          const tender = await loadTender(tx, input.id, 'for_no_key_update');
          const handedAt = await now(tx);
          const due = await dueOf(tx, tender);
          if (!due) return tender.conflict(tender.version, 'openBids');
          const refusal = await notOpenable(tx, actor, { tender, due, at: handedAt });
          if (refusal) return refusal;
          if (input.expectedVersion !== tender.version)
            return tender.conflict(input.expectedVersion, 'handOverShares');
          const lotId = input.lotId ?? null;
          if (lotId !== null && !(await tx.existsBy(Lot, { id: lotId, tenderId: tender.id })))
            throw new NotFound('lot', lotId);
          const given = handedIn(input.shares);
          if (given instanceof InvalidInput) return given;
          const received = await this.receipts.received(tx, tender.id);
          if (received instanceof ReceiptsBroken) return received;
          const sealed = soundOf(await sealedOf(tx, tender.id, due), received, due.kind);
          const asked = sealed.filter((each) => lotId === null || each.lotId === lotId);
          const from = (await officersOf(tx, tender)).indexOf(actor.id);
          const wrong = await notHandedOver(asked, from, given);
          if (wrong.length > 0) return new SharesDoNotFit(wrong);
          const row = { tenderId: tender.id, envelope: due.kind, personId: actor.id };
          const before = await tx.findOneBy(HandedShare, row);
          const theirs = new Set<unknown>(asked.map(({ hash }) => hash));
          const kept = (before?.shares ?? []).filter((each) => !theirs.has(each.envelopeHash));
          const added = given.filter((each) => theirs.has(envelopeHashIn(each)));
          await tx.upsert(
            HandedShare,
            { ...row, street: tender.street, shares: [...kept, ...added], handedAt },
            ['tenderId', 'envelope', 'personId'],
          );
          return tender;
        },
      ),
    );
  }
}

function handedIn({ text }: OpaqueText): Handed[] | InvalidInput {
  const wrong = () =>
    new InvalidInput('input.shares', { problem: 'NOT_JSON', given: text.slice(0, 40) });
  try {
    const shares: unknown = JSON.parse(text);
    // Each is read and compared with its envelope by libs/seal; here it only has to be a list.
    return Array.isArray(shares) ? (shares.flat() as Handed[]) : wrong();
  } catch {
    return wrong();
  }
}
