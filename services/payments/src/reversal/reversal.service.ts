import type { Actor } from '@mulin/auth';
import { Database, type Tx } from '@mulin/database';
import { changeOnce, checkText, createOnce, NotFound } from '@mulin/graphql';
import { lockKeys } from '@mulin/messaging';
import { Inject, Injectable } from '@nestjs/common';
import { Decision } from '../decision/decision.entity.js';
import { record } from '../decision/record.js';
import { conflictOf } from '../recusal/conflict.js';
import type { ApproveReversalInput, ProposeReversalInput } from './reversal.inputs.js';
import { Reversal } from './reversal.entity.js';
import { decideReversal } from './reverse.js';

/** One method is one use case is one transaction. */
@Injectable()
export class ReversalService {
  constructor(@Inject(Database) private readonly database: Database) {}

  propose(actor: Actor, input: ProposeReversalInput) {
    const unfit = checkText('input.document', input.document, 200);
    if (unfit) return unfit;
    return this.database.as(actor, (tx) =>
      createOnce(tx, { actor, input, type: 'Reversal', load: (id) => load(tx, id) }, async () => {
        const decision = await loadDecision(tx, input.decisionId);
        const related = await conflictOf(tx, actor, decision.organisationId);
        if (related) return related;
        const outlook = await decideReversal(tx, decision, input);
        if (!('matter' in outlook)) return outlook;
        const { organisationId, contractId, street } = decision;
        const facts = { ...input, street, organisationId, contractId, proposedBy: actor.id };
        const reversal = Reversal.propose(facts);
        await tx.insert(Reversal, reversal);
        return reversal;
      }),
    );
  }

  /** Decides the instalment again. Events about the contract wait until it is done. */
  approve(actor: Actor, input: ApproveReversalInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(tx, { actor, input, type: 'Reversal', load: (id) => load(tx, id) }, async () => {
        const reversal = await load(tx, input.id, 'for_no_key_update');
        const refusal =
          (await conflictOf(tx, actor, reversal.organisationId)) ??
          reversal.approve(actor.id, input.expectedVersion);
        if (refusal) return refusal;
        await lockKeys(tx, [reversal.contractId]);
        const decision = await loadDecision(tx, reversal.decisionId);
        const decided = await decideReversal(tx, decision, reversal);
        if (!('matter' in decided)) return decided;
        await tx.save(reversal);
        await record(tx, [decided]);
        return reversal;
      }),
    );
  }
}

async function load(tx: Tx, id: string, mode?: 'for_no_key_update'): Promise<Reversal> {
  const reversal = await tx.findOne(Reversal, { where: { id }, lock: mode && { mode } });
  if (!reversal) throw new NotFound('reversal', id);
  return reversal;
}

async function loadDecision(tx: Tx, id: string): Promise<Decision> {
  const decision = await tx.findOneBy(Decision, { id });
  if (!decision) throw new NotFound('decision', id);
  return decision;
}
