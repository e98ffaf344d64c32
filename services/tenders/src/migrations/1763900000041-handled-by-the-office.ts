import type { Migration } from '@mulin/database';

const OWN = "organisation_id = current_setting('app.organisation', true)";
const sees = (table: string, visible: string, written = visible): string => /* sql */ `
alter policy "an actor sees the rows of its street and organisation" on ${table}
  using (mulin.sees_street(street) and (${visible}))
  with check (mulin.sees_street(street) and (${written}));
`;

/**
 * What somebody has against a tender or a notice is read by who handles it, who filed it, and the winner where the law says
 * so (94号令 第二十一条). Who sits in a pool, pays or keeps the platform has no task in it.
 */
export const handledByTheOffice: Migration = {
  name: '1763900000041-handled-by-the-office',
  up: /* sql */ `
${sees(
  'challenge',
  `mulin.is_office() or ${OWN} or (kind = 'complaint' and state = 'answered')
  or (state in ('accepted', 'answered') and has_award(tender_id, current_setting('app.organisation', true)))`,
  `mulin.is_office() or ${OWN}`,
)}
${sees(
  'challenge_pause',
  `mulin.is_office() or exists (select from challenge where challenge.id = challenge_id and challenge.${OWN})`,
)}
${sees('challenge_response', `mulin.is_office() or ${OWN}`)}
${sees('single_source_objection', "mulin.is_office() or filed_by = current_setting('app.actor', true)")}
`,
};
