import { civilDateInShanghai } from '@mulin/clock';
import type { Tx } from '@mulin/database';
import { ProcurementMethod } from '../plan/method.js';
import type { Tender } from '../tender/tender.entity.js';
import { ProposalState, SingleSourceProposal } from './proposal.entity.js';
import { SingleSourceNotSettled, SingleSourceOpen } from './proposal.refusals.js';
import { livingProposal } from './proposal-rule.js';
import { openObjections } from './single-source.service.js';

/** The one supplier that a tender of this plan is drafted for; null: for everybody. */
export async function draftedFor(
  tx: Tx,
  { method, planId }: Pick<Tender, 'method' | 'planId'>,
): Promise<string | null | SingleSourceNotSettled> {
  if (method !== ProcurementMethod.SINGLE_SOURCE) return null;
  const living = await livingProposal(tx, planId);
  return living?.organisationId ?? new SingleSourceNotSettled(SingleSourceOpen.NOT_PROPOSED);
}

/**
 * Why the one supplier that this tender was drafted for cannot be asked yet (74号令 第三十八至四十条). Nothing where
 * everybody may bid.
 */
export async function notYetInvited(
  tx: Tx,
  { method, planId, invitedOrganisationId }: Tender,
  at: Date,
): Promise<SingleSourceNotSettled | undefined> {
  if (method !== ProcurementMethod.SINGLE_SOURCE) return undefined;
  // Locked: no objection comes between this look and the publication.
  const proposal = await tx.findOne(SingleSourceProposal, {
    where: { planId, state: ProposalState.PUBLISHED },
    lock: { mode: 'for_no_key_update' },
  });
  if (!proposal) return new SingleSourceNotSettled(SingleSourceOpen.NOT_NOTICED);
  const { noticeUntil: until } = proposal;
  if (proposal.organisationId !== invitedOrganisationId)
    return new SingleSourceNotSettled(SingleSourceOpen.OTHER_SUPPLIER, until);
  if (until !== null && civilDateInShanghai(at) <= until)
    return new SingleSourceNotSettled(SingleSourceOpen.NOTICE_RUNNING, until);
  if ((await openObjections(tx, proposal.id)) > 0)
    return new SingleSourceNotSettled(SingleSourceOpen.OBJECTIONS_OPEN, until);
  return undefined;
}
