import type { Actor } from '@mulin/auth';
import { Database, now } from '@mulin/database';
import { changeOnce, createOnce } from '@mulin/graphql';
import { Inject, Injectable } from '@nestjs/common';
import { mayNotBid } from '../bidder/may-bid.js';
import { loadPlan } from '../plan/plan.service.js';
import { checkId } from '../well-formed.js';
import { ProposalState, SingleSourceProposal } from './proposal.entity.js';
import type {
  ProposeSingleSourceInput,
  ReviseSingleSourceInput,
  SingleSourceStepInput,
  SingleSourceTermsInput,
} from './proposal.inputs.js';
import { alreadyProposed, loadProposal, malformed, notAllowed } from './proposal-rule.js';

/** Writing a proposal to buy from one named supplier, until it is made public. */
@Injectable()
export class ProposingService {
  constructor(@Inject(Database) private readonly database: Database) {}

  propose(actor: Actor, input: ProposeSingleSourceInput) {
    return this.database.as(actor, (tx) =>
      createOnce(
        tx,
        { actor, input, type: 'SingleSourceProposal', load: (id) => loadProposal(tx, id) },
        async () => {
          const unfit = checkId('input.id', 'ssp', input.id) ?? malformed(input);
          if (unfit) return unfit;
          const plan = await loadPlan(tx, input.planId, 'for_no_key_update');
          const { organisationId } = input;
          const refusal =
            (await notAllowed(tx, plan, input)) ??
            (await mayNotBid(tx, organisationId, await now(tx))) ??
            (await alreadyProposed(tx, plan, organisationId));
          if (refusal) return refusal;
          const proposal = Object.assign(new SingleSourceProposal(), termsOf(input), {
            ...{ id: input.id, street: plan.street, planId: plan.id, organisationId },
            ...{ state: ProposalState.DRAFT, writtenBy: actor.id },
            ...{ noticedBy: null, noticedAt: null, noticeUntil: null, version: 1 },
          });
          await tx.insert(SingleSourceProposal, proposal);
          return proposal;
        },
      ),
    );
  }

  /** Put right before it is public; another supplier is another proposal. */
  revise(actor: Actor, input: ReviseSingleSourceInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'SingleSourceProposal', load: (id) => loadProposal(tx, id) },
        async () => {
          const unfit = malformed(input);
          if (unfit) return unfit;
          const { planId, organisationId } = await loadProposal(tx, input.id);
          const plan = await loadPlan(tx, planId, 'for_no_key_update');
          const proposal = await loadProposal(tx, input.id, 'for_no_key_update');
          const refusal =
            proposal.revise(actor.id, termsOf(input), input.expectedVersion) ??
            (await notAllowed(tx, plan, { ...input, organisationId }));
          if (refusal) return refusal;
          await tx.save(proposal);
          return proposal;
        },
      ),
    );
  }

  /** Taken back before it is public: the plan has room for another. */
  withdraw(actor: Actor, input: SingleSourceStepInput) {
    return this.database.as(actor, (tx) =>
      changeOnce(
        tx,
        { actor, input, type: 'SingleSourceProposal', load: (id) => loadProposal(tx, id) },
        async () => {
          const { planId } = await loadProposal(tx, input.id);
          await loadPlan(tx, planId, 'for_no_key_update');
          const proposal = await loadProposal(tx, input.id, 'for_no_key_update');
          const conflict = proposal.withdraw(input.expectedVersion);
          if (conflict) return conflict;
          await tx.save(proposal);
          return proposal;
        },
      ),
    );
  }
}

function termsOf(input: SingleSourceTermsInput) {
  return {
    ...{ reasonCode: input.reasonCode, statement: input.statement },
    opinions: input.opinions.map(({ name, position, opinion }) => ({ name, position, opinion })),
    originalAwardId: input.originalAwardId ?? null,
    approvalNumber: input.approvalNumber ?? null,
  };
}
