import { civilDateInShanghai } from '@mulin/clock';
import type { Tx } from '@mulin/database';
import { OrganisationNotVerified, OrganisationRestricted } from '../contract/terms.refusals.js';
import { KnownOrganisation } from './known-organisation.entity.js';

/** Why this organisation may be given no contract today; asked at the draft, and again at each signature. */
export async function mayNotProvide(
  tx: Tx,
  organisationId: string,
  now: Date,
): Promise<OrganisationNotVerified | OrganisationRestricted | undefined> {
  const organisation = await tx.findOneBy(KnownOrganisation, { id: organisationId });
  if (!organisation?.verified) return new OrganisationNotVerified(organisationId);
  const until = organisation.restrictedUntil;
  return until !== null && civilDateInShanghai(now) <= until
    ? new OrganisationRestricted(organisationId, until)
    : undefined;
}
