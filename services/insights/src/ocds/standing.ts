import type {
  ChallengeDecidedPayload,
  TenderAwardedPayload,
  TenderFailedPayload,
  TenderLotFailedPayload,
  TenderPublishedPayload,
  TenderResultAnnouncedPayload,
} from '@mulin/events';
import type { Fact } from '../fact/fact.entity.js';

/** How a tender, its lots and its awards stand, in the words of OCDS (tenderStatus, awardStatus). */
export interface Standing {
  tender: string | null;
  lots: ReadonlyMap<string, string>;
  awards: ReadonlyMap<string, AwardStanding>;
}

interface AwardStanding {
  lotId: string;
  status: string;
  /** The contract that was drafted from it, once it was accepted. */
  contractId?: string;
}

/** Who told of it that the buyer gave it up, not that it came to nothing. */
const CANCELLED = 'taskCancelled';
export const endOfFailed = (reasonCode: string): 'cancelled' | 'unsuccessful' =>
  reasonCode === CANCELLED ? 'cancelled' : 'unsuccessful';

/** How everything stands after these facts, oldest first. Pure. */
export function standingAfter(told: readonly Fact[]): Standing {
  let tender: string | null = null;
  const lots = new Map<string, string>();
  const awards = new Map<string, AwardStanding>();
  for (const { type, payload } of told) {
    switch (type) {
      case 'mulin.tender.published.v1':
        tender = 'active';
        for (const { id } of (payload as unknown as TenderPublishedPayload).lots)
          lots.set(id, 'active');
        break;
      case 'mulin.tender.resultAnnounced.v1':
        announced(payload as unknown as TenderResultAnnouncedPayload, lots, awards);
        tender = 'active';
        break;
      case 'mulin.challenge.decided.v1':
        tender = overturned(payload as unknown as ChallengeDecidedPayload, lots, awards) ?? tender;
        break;
      case 'mulin.tender.awarded.v1': {
        const { awardId, lotId, contractId } = payload as unknown as TenderAwardedPayload;
        awards.set(awardId, { lotId, status: 'active', contractId });
        lots.set(lotId, 'complete');
        // The last award: no lot is open any more.
        if (![...lots.values()].includes('active')) tender = 'complete';
        break;
      }
      case 'mulin.contract.cancelled.v1':
      case 'mulin.contract.fundsReleased.v1':
        tender = unsigned(payload.contractId as string, lots, awards) ?? tender;
        break;
      case 'mulin.tender.lotFailed.v1': {
        const { lotId, reasonCode } = payload as unknown as TenderLotFailedPayload;
        lots.set(lotId, endOfFailed(reasonCode));
        for (const [id, award] of awards)
          if (award.lotId === lotId) awards.set(id, { lotId, status: 'cancelled' });
        // The others are open or have their contracts.
        tender = [...lots.values()].includes('active') ? 'active' : 'complete';
        break;
      }
      case 'mulin.tender.failed.v1': {
        tender = endOfFailed((payload as unknown as TenderFailedPayload).reasonCode);
        // A tender fails as a whole only when no award of it stands.
        for (const [id, status] of lots)
          if (status === 'active' || status === 'complete') lots.set(id, tender);
        for (const [id, award] of awards) awards.set(id, { ...award, status: 'cancelled' });
        break;
      }
    }
  }
  return { tender, lots, awards };
}

/** A lot of which nothing was announced has failed; an award that another follows for its lot was refused or fell. */
function announced(
  { awards: news }: TenderResultAnnouncedPayload,
  lots: Map<string, string>,
  awards: Map<string, AwardStanding>,
): void {
  for (const { awardId, lotId } of news) {
    for (const [id, award] of awards)
      if (award.lotId === lotId) awards.set(id, { lotId, status: 'cancelled' });
    awards.set(awardId, { lotId, status: 'pending' });
  }
  const won = new Set([...awards.values()].map(({ lotId }) => lotId));
  for (const [id, status] of lots)
    if (status === 'active' && !won.has(id)) lots.set(id, 'unsuccessful');
  for (const { lotId } of news) lots.set(lotId, 'active');
}

/** Awards that fell by an upheld challenge: their lots are open for the next candidate, or came to nothing. */
function overturned(
  { overturned: fallen = [], remedy }: ChallengeDecidedPayload,
  lots: Map<string, string>,
  awards: Map<string, AwardStanding>,
): string | null {
  for (const { awardId } of fallen) {
    const award = awards.get(awardId);
    if (!award) continue;
    awards.set(awardId, { ...award, status: 'cancelled' });
    lots.set(award.lotId, remedy === 'awardInvalid' ? 'unsuccessful' : 'active');
  }
  if (fallen.length === 0) return null;
  const states = [...lots.values()];
  if (states.includes('active')) return 'active';
  return states.includes('complete') ? 'complete' : 'unsuccessful';
}

/**
 * Nobody signs the contract any more, so its award has fallen (实施条例 第四十九条): its lot is open until the next candidate is
 * announced, or the tender tells that it came to nothing. An award that fell before its contract changes nothing by it.
 */
function unsigned(
  contractId: string,
  lots: Map<string, string>,
  awards: Map<string, AwardStanding>,
): string | null {
  const found = [...awards].find(
    ([, award]) => award.contractId === contractId && award.status === 'active',
  );
  if (!found) return null;
  const [id, award] = found;
  awards.set(id, { ...award, status: 'cancelled' });
  lots.set(award.lotId, 'active');
  return 'active';
}

/** Whether an event made an award fall. */
export const awardFell = ({ before, after }: { before: Standing; after: Standing }): boolean =>
  [...after.awards].some(
    ([id, { status }]) => status === 'cancelled' && before.awards.get(id)?.status !== status,
  );

interface Row extends Record<string, unknown> {
  id: string;
}

/** What a release says, and besides what the event has changed in how things stand. */
export function withStanding(
  content: Record<string, unknown>,
  tenderId: string,
  { before, after }: { before: Standing; after: Standing },
): Record<string, unknown> {
  const changed = <S>(
    was: ReadonlyMap<string, S>,
    is: ReadonlyMap<string, S>,
    of: (each: S) => string,
  ) =>
    [...is].flatMap(([id, each]) => {
      const old = was.get(id);
      return old !== undefined && of(old) === of(each) ? [] : [{ id, status: of(each) }];
    });
  const lots = changed(before.lots, after.lots, (status) => status);
  const said = (content.awards ?? []) as Row[];
  const awards = changed(before.awards, after.awards, ({ status }) => status).filter(
    ({ id }) => !said.some((each) => each.id === id),
  );
  const tender = (content.tender ?? {}) as Record<string, unknown>;
  const tenderChanged = before.tender !== after.tender || lots.length > 0;
  return {
    ...content,
    ...(tenderChanged
      ? {
          tender: {
            ...{ id: tenderId, status: after.tender },
            ...(lots.length > 0 ? { lots } : {}),
            ...tender,
          },
        }
      : {}),
    ...(awards.length > 0 ? { awards: [...said, ...awards] } : {}),
  };
}
