import type { Actor } from '@mulin/auth';
import { civilDateInShanghai, yearOf } from '@mulin/clock';
import { Database, now, type Tx } from '@mulin/database';
import { changeOnce, StateConflict } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { In, Not } from 'typeorm';
import { Contract } from './contract.entity.js';
import { contractCancelled, fundsReleased, fundsRequested } from './contract.events.js';
import type { ContractStepInput } from './contract.inputs.js';
import { LotHasContract } from './limits.refusals.js';
import { dueAtSigning, dueSince, laterThan } from './due-funds.js';
import { ContractState } from './contract.states.js';
import { loadContract, loadWhole } from './load-contract.js';

const OF_LOT = [
  ...[ContractState.AWAITING_FUNDS, ContractState.FUNDED, ContractState.SIGNED],
  ...[ContractState.ACTIVE, ContractState.COMPLETED],
];

/** The contract of the same lot that has not ended, where there is one: the lot is bought once (政府采购法 第七十三条). */
async function otherOfLot(tx: Tx, { id, lotId }: Contract): Promise<string | undefined> {
  if (lotId === null) return undefined;
  const other = await tx.findOneBy(Contract, { lotId, id: Not(id), state: In(OF_LOT) });
  return other?.id;
}

/** Money before signatures, and before each later fiscal year: asking payments to reserve it, giving it back. */
@Injectable()
export class FundsService {
  constructor(@Inject(Database) private readonly database: Database) {}

  request(actor: Actor, input: ContractStepInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Contract', load: (id) => loadContract(tx, id) },
        async () => {
          const whole = await loadWhole(tx, input.id, 'for_no_key_update');
          const { contract } = whole;
          const other = await otherOfLot(tx, contract);
          if (other && !contract.wasSigned) return new LotHasContract(other);
          const due = contract.wasSigned
            ? dueSince(whole, yearOf(civilDateInShanghai(await now(tx))))
            : dueAtSigning(whole);
          const conflict = contract.wasSigned
            ? contract.requestLaterFunds(input.expectedVersion, due.length)
            : contract.requestFunds(input.expectedVersion);
          if (conflict) return conflict;
          await tx.save(contract);
          const later = contract.wasSigned ? [] : laterThan(due, whole);
          await append(tx, fundsRequested(contract, due, later));
          return contract;
        },
      ),
    );
  }

  cancel(actor: Actor, input: ContractStepInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Contract', load: (id) => loadContract(tx, id) },
        async () => {
          const contract = await loadContract(tx, input.id, 'for_no_key_update');
          const at = await now(tx);
          const cancelled = contract.cancel(input.expectedVersion, at);
          if (cancelled instanceof StateConflict) return cancelled;
          await tx.save(contract);
          // Each is told once: with the money that goes back, or without any.
          if (cancelled.givesBack) await append(tx, fundsReleased(contract, 'cancelled'));
          else await append(tx, contractCancelled(contract, 'givenUp', at));
          return contract;
        },
      ),
    );
  }
}
