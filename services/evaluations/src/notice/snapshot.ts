import { civilDateInShanghai } from '@mulin/clock';
import type { ChargedBreach, GateSnapshot, PaymentRulePayload } from '@mulin/events';

/** An evaluated instalment, as far as charging breaches needs it. */
export interface ChargeableInstalment {
  id: string;
  no: number;
  periodFrom: string;
  periodTo: string;
  /** Null while something may still decide it. */
  closedAt: Date | null;
}

export interface KnownBreach {
  id: string;
  obligation: string;
  occurredAt: Date;
  /** The instalment it was charged to by a final evaluation; null until then. */
  chargedTo: string | null;
}

/**
 * The breaches that an evaluation of this instalment charges, oldest first (payment-rule:
 * breachDeductions): those charged to it already (attempt 2 contains attempt 1's), and those not yet
 * charged whose turn is here.
 */
export function breachesOf(
  instalmentId: string,
  instalments: readonly ChargeableInstalment[],
  breaches: readonly KnownBreach[],
): ChargedBreach[] {
  return breaches
    .filter(({ chargedTo, occurredAt }) =>
      chargedTo === null
        ? placeOf(occurredAt, instalments)?.id === instalmentId
        : chargedTo === instalmentId,
    )
    .sort((a, b) => a.occurredAt.getTime() - b.occurredAt.getTime() || (a.id < b.id ? -1 : 1))
    .map(({ id, obligation }) => ({ id, obligation }));
}

/**
 * Where a breach that is not charged yet belongs: to the instalment whose period holds its instant;
 * when that one is decided, to the next undecided one. Null: all are decided, it is a receivable.
 */
export function placeOf(
  occurredAt: Date,
  instalments: readonly ChargeableInstalment[],
): ChargeableInstalment | null {
  const day = civilDateInShanghai(occurredAt);
  const inOrder = [...instalments].sort((a, b) => a.no - b.no);
  // A day between two periods belongs to the next one, a day after the last to the last.
  const home =
    inOrder.find(({ periodFrom, periodTo }) => periodFrom <= day && day <= periodTo) ??
    inOrder.find(({ periodTo }) => day <= periodTo) ??
    inOrder.at(-1);
  if (!home) return null;
  const open = inOrder.filter(({ closedAt }) => closedAt === null);
  return open.find(({ no }) => no >= home.no) ?? open.at(0) ?? null;
}

/** How the gates of this instalment stand; what nobody reported on is unfulfilled. */
export function gatesOf(
  instalmentNo: number,
  rule: PaymentRulePayload,
  latest: ReadonlyMap<string, string>,
): GateSnapshot[] {
  const codes = rule.gates
    .filter(({ appliesTo }) => appliesTo.includes(instalmentNo))
    .map(({ obligation }) => obligation);
  return [...new Set(codes)].map((code) => {
    const status = latest.get(code);
    return { code, fulfilled: status === 'fulfilled' || status === 'waived' };
  });
}

export interface Snapshot {
  gates: GateSnapshot[];
  breaches: ChargedBreach[];
}

/** What stands otherwise than the organisation was told; undefined when nothing does. */
export function changesSince(
  told: Snapshot,
  current: Snapshot,
): { newBreachIds: string[]; changedGates: string[] } | undefined {
  const toldBreaches = new Set(told.breaches.map(({ id }) => id));
  const toldGates = new Map(told.gates.map(({ code, fulfilled }) => [code, fulfilled]));
  const newBreachIds = current.breaches.map(({ id }) => id).filter((id) => !toldBreaches.has(id));
  const changedGates = current.gates
    .filter(({ code, fulfilled }) => toldGates.get(code) !== fulfilled)
    .map(({ code }) => code);
  const fewer = told.breaches.length > current.breaches.length - newBreachIds.length;
  return newBreachIds.length || changedGates.length || fewer
    ? { newBreachIds, changedGates }
    : undefined;
}
