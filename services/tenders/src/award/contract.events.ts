import { now, type Tx } from '@mulin/database';
import {
  ContractCancelled,
  type ContractCancelledPayload,
  ContractFundsReleased,
  type ContractFundsReleasedPayload,
} from '@mulin/events';
import {
  EventsController,
  type HandlerContext,
  OnEvent,
  type ReceivedEvent,
} from '@mulin/messaging';
import { loadTender } from '../tender/load-tender.js';
import { Award, AwardState } from './award.entity.js';
import { letFall, reopenLots, settleAfterFall } from './fall.js';

/**
 * A contract that nobody signed in time, or that was given up before both sides had signed: its award has fallen, and the
 * next candidate may follow (政府采购法 第四十六条; 实施条例 第四十九条). Rare, so one after another, in the order of the locks.
 */
@EventsController()
export class ContractEvents {
  @OnEvent(ContractFundsReleased)
  released(events: ReceivedEvent<ContractFundsReleasedPayload>[], { tx }: HandlerContext) {
    return unsigned(
      tx,
      events.map(({ payload: { contractId, because } }) => ({ contractId, because })),
    );
  }

  /** The same before any money was asked for. */
  @OnEvent(ContractCancelled)
  cancelled(events: ReceivedEvent<ContractCancelledPayload>[], { tx }: HandlerContext) {
    return unsigned(
      tx,
      events.map(({ payload: { contractId, reasonCode } }) => ({
        contractId,
        because: reasonCode === 'expired' ? ('expired' as const) : ('cancelled' as const),
      })),
    );
  }
}

async function unsigned(
  tx: Tx,
  contracts: readonly Pick<ContractFundsReleasedPayload, 'contractId' | 'because'>[],
): Promise<void> {
  const at = await now(tx);
  for (const { contractId, because } of contracts) {
    const accepted = { contractId, state: AwardState.ACCEPTED };
    const known = await tx.findOneBy(Award, accepted);
    if (!known) continue;
    const tender = await loadTender(tx, known.tenderId, 'for_no_key_update');
    // Of a contract by hand, or of an award that fell meanwhile, there is nothing to do.
    const award = await tx.findOne(Award, {
      where: accepted,
      lock: { mode: 'for_no_key_update' },
    });
    if (!award) continue;
    await letFall(tx, [award], AwardState.REFUSED, `contract-${because}`);
    const lost = await reopenLots(tx, tender, [award.lotId], 'noCandidateLeft');
    await settleAfterFall(tx, tender, at, 'noCandidateLeft', lost);
  }
}
