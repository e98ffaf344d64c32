import { now, type Tx } from '@mulin/database';
import { outliers, type ScoreInput } from '@mulin/tender-rule';
import { IsNull } from 'typeorm';
import { CommitteeState, type TenderCommittee } from '../committee/committee.entity.js';
import { procedureOf } from '../procedure/procedure.js';
import type { Criterion } from '../tender/criterion.entity.js';
import type { Tender } from '../tender/tender.entity.js';
import { scoreInputs } from './score-input.js';
import { type Score, ScoreRecheck, type ScoreSheet } from './scoring.entity.js';

type Found = Pick<ScoreRecheck, 'memberId' | 'bidId' | 'kind' | 'criterion'>;

/**
 * Writes down what must be looked at again as the open sheets stand (87号令 第六十四条), after every change of one: a
 * change may make an outlier of another sheet. Nobody looks at one bid twice for being far from the others; objective
 * points are open for all members as long as they differ.
 */
export async function lookAgain(tx: Tx, tender: Tender, committee: TenderCommittee): Promise<void> {
  const { terms } = await procedureOf(tx, tender);
  const at = await now(tx);
  const { id: committeeId, street } = committee;
  const inputs = await scoreInputs(tx, tender, committee);
  const known = await tx.findBy(ScoreRecheck, { committeeId });
  const found: Found[] = inputs.flatMap((each) => [
    ...outliers(each, terms.outlierShare).map(({ memberId, bidId }) => ({
      ...{ memberId, bidId, kind: 'outlier' as const, criterion: '' },
    })),
    ...differing(each),
  ]);
  const same = (one: Found) => (other: Found) =>
    one.memberId === other.memberId &&
    one.bidId === other.bidId &&
    one.kind === other.kind &&
    one.criterion === other.criterion;
  const fresh = found.filter((each) => !known.some(same(each)));
  if (fresh.length > 0)
    await tx.insert(
      ScoreRecheck,
      fresh.map((each) => ({ ...each, committeeId, street, foundAt: at, answeredAt: null })),
    );
  const objective = known.filter(({ kind }) => kind === 'objective');
  for (const row of objective) {
    const open = found.some(same(row));
    if (open !== (row.answeredAt === null)) row.answeredAt = open ? null : at;
  }
  await tx.save(objective);
}

/** Whether this sheet may not be handed in any more: it was open, and nothing of it is looked at again. */
export async function settled(
  tx: Tx,
  facts: {
    committee: TenderCommittee;
    criteria: readonly Criterion[];
    known: ScoreSheet | null;
    scores: readonly Score[];
  },
): Promise<boolean> {
  const { committee, criteria, known, scores } = facts;
  const { sheetsOpenedAt } = committee;
  if (committee.state === CommitteeState.SCORING)
    return Boolean(known && sheetsOpenedAt && known.submittedAt <= sheetsOpenedAt);
  if (!known) return true;
  const { memberId, bidId } = known;
  const open = await tx.findBy(ScoreRecheck, { memberId, bidId, answeredAt: IsNull() });
  const changed = scores.filter(
    ({ criterion, points }) =>
      !known.scores.some((each) => each.criterion === criterion && each.points === points),
  );
  const covered = ({ criterion: code }: Score) =>
    criteria.find((each) => each.code === code)?.objective
      ? open.some(({ kind, criterion }) => kind === 'objective' && criterion === code)
      : open.some(({ kind }) => kind === 'outlier');
  return open.length === 0 || !changed.every(covered);
}

/** Objective points on which the members differ: all of them look again. */
function differing({ criteria, bids, members, sheets }: ScoreInput): Found[] {
  const differ = (bidId: string, code: string) => {
    const given = sheets
      .filter((sheet) => sheet.bidId === bidId)
      .flatMap(({ scores }) => scores.filter(({ criterion }) => criterion === code));
    return new Set(given.map(({ points }) => points)).size > 1;
  };
  return criteria
    .filter(({ objective }) => objective)
    .flatMap(({ code: criterion }) =>
      bids
        .filter(({ bidId }) => differ(bidId, criterion))
        .flatMap(({ bidId }) =>
          members.map((memberId) => ({ memberId, bidId, kind: 'objective' as const, criterion })),
        ),
    );
}
