import type { Actor } from '@mulin/auth';
import { civilDateInShanghai } from '@mulin/clock';
import { Database, isRefusal, now, type Tx } from '@mulin/database';
import { changeOnce } from '@mulin/graphql';
import { append } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import type { Contract } from './contract.entity.js';
import { contractCompleted, contractTerminated } from './contract.events.js';
import type { ContractStepInput, ProposeTerminationInput } from './contract.inputs.js';
import { loadContract } from './load-contract.js';
import { DayOutsideTerm, TerminationReasonUnknown } from './term.refusals.js';
import { TerminationReason } from './termination-reason.entity.js';

/** The life of a signed contract: it begins, runs out, or is ended early by two people. */
@Injectable()
export class TermService {
  constructor(@Inject(Database) private readonly database: Database) {}

  activate(actor: Actor, input: ContractStepInput) {
    return this.change(actor, input, async (contract, tx) => {
      const refusal = contract.activate(input.expectedVersion, await now(tx));
      if (refusal) return refusal;
      return tx.save(contract);
    });
  }

  complete(actor: Actor, input: ContractStepInput) {
    return this.change(actor, input, async (contract, tx) => {
      const refusal = contract.complete(input.expectedVersion, await now(tx));
      if (refusal) return refusal;
      await tx.save(contract);
      await append(tx, contractCompleted(contract, contract.endsOn));
      return contract;
    });
  }

  proposeTermination(actor: Actor, input: ProposeTerminationInput) {
    return this.change(actor, input, async (contract, tx) => {
      const { reasonCode: reason, lastDay, expectedVersion } = input;
      const known = await reasonsInForce(tx);
      if (!known.includes(reason)) return new TerminationReasonUnknown(reason, known);
      const { from, to } = contract.lastDays;
      if (lastDay < from || lastDay > to) return new DayOutsideTerm(lastDay, from, to);
      const refusal = contract.proposeTermination({
        by: actor.id,
        reason,
        lastDay,
        expectedVersion,
      });
      if (refusal) return refusal;
      return tx.save(contract);
    });
  }

  withdrawTermination(actor: Actor, input: ContractStepInput) {
    return this.change(actor, input, async (contract, tx) => {
      const refusal = contract.withdrawTermination(input.expectedVersion);
      if (refusal) return refusal;
      return tx.save(contract);
    });
  }

  terminate(actor: Actor, input: ContractStepInput) {
    return this.change(actor, input, async (contract, tx) => {
      const ended = contract.terminate(actor.id, input.expectedVersion);
      if (isRefusal(ended)) return ended;
      await tx.save(contract);
      await append(tx, contractTerminated(contract, ended.reason, ended.lastDay));
      return contract;
    });
  }

  private change<R>(
    actor: Actor,
    input: ContractStepInput,
    work: (contract: Contract, tx: Tx) => Promise<R>,
  ) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'Contract', load: (id) => loadContract(tx, id) },
        async () => work(await loadContract(tx, input.id, 'for_no_key_update'), tx),
      ),
    );
  }
}

/** The grounds that the law knows today. */
async function reasonsInForce(tx: Tx): Promise<string[]> {
  const today = civilDateInShanghai(await now(tx));
  const reasons = await tx.find(TerminationReason, { order: { code: 'ASC' } });
  return reasons.filter((each) => each.isInForceOn(today)).map(({ code }) => code);
}
