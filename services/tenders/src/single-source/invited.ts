import { civilDateInShanghai } from '@mulin/clock';
import type { Tx } from '@mulin/database';
import { ProcurementMethod } from '../plan/method.js';
import type { Tender } from '../tender/tender.entity.js';
import { ProposalState, SingleSourceProposal } from './proposal.entity.js';
import { SingleSourceNotSettled, SingleSourceOpen } from './proposal.refusals.js';
import { openObjections } from './single-source.service.js';

/**
 * The one supplier that may bid for this tender; null: everybody may. Or why nobody can be asked yet (74号令
 * 第三十八至四十条).
 */
export async function invitedFor(
  tx: Tx,
  { method, planId }: Tender,
  at: Date,
): Promise<string | null | SingleSourceNotSettled> {
  if (method !== ProcurementMethod.SINGLE_SOURCE) return null;
  // Locked: no objection comes between this look and the publication.
  const [proposal] = await tx.find(SingleSourceProposal, {
    where: { planId, state: ProposalState.PUBLISHED },
    order: { noticedAt: 'DESC' },
    take: 1,
    lock: { mode: 'for_no_key_update' },
  });
  if (!proposal) return new SingleSourceNotSettled(SingleSourceOpen.NOT_NOTICED);
  const { noticeUntil: until } = proposal;
  if (until !== null && civilDateInShanghai(at) <= until)
    return new SingleSourceNotSettled(SingleSourceOpen.NOTICE_RUNNING, until);
  if ((await openObjections(tx, proposal.id)) > 0)
    return new SingleSourceNotSettled(SingleSourceOpen.OBJECTIONS_OPEN, until);
  return proposal.organisationId;
}
