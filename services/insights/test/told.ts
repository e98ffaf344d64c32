import {
  type EventType,
  OrganisationRegistered,
  TenderAwarded,
  TenderFailed,
  TenderOpened,
  TenderPublished,
  TenderResultAnnounced,
} from '@mulin/events';
import { newEventId, newId } from '@mulin/ids';
import { type Fact, recordsOf, type Release, releasesOf } from '../src/index.js';

export const TENDER = TenderPublished.good.tenderId;
const PUBLISHER = { ocidPrefix: 'mulin0', name: '某街道办事处' };
export const [FIRST, SECOND, THIRD] = [newId('lot'), newId('lot'), newId('lot')];
export const [ONE, OTHER] = [newId('org'), newId('org')];

/** What is looked at in a record. */
export interface Compiled {
  date: string;
  tag: string[];
  tender: { status: string; numberOfTenderers?: number; lots: { id: string; status: string }[] };
  awards: { id: string; status: string }[];
  bids: { statistics: object[]; details: { id: string; status: string }[] };
  contracts?: {
    status: string;
    implementation?: {
      milestones?: { id: string; status: string; dateModified?: string }[];
      performanceFailures?: object[];
    };
  }[];
  parties: { id: string; roles: string[] }[];
}

/** An event as these tests write it: its type, and what differs from its example. */
export type Told = readonly [EventType, object];

/** These events as facts; each a minute after the other. */
const factsOf = (told: readonly Told[]): Fact[] =>
  told.map(([type, change], at) => ({
    ...{ eventId: newEventId(), type: type.ceType, street: '310110015', subject: '' },
    ...{ tenderId: TENDER, contractId: null, organisationId: null, place: String(at + 1) },
    payload: { ...(type.good as object), ...change },
    occurredAt: new Date(Date.UTC(2026, 0, 5, 2, at)),
  }));

/** What is told of these events, step by step. */
export const releases = (told: readonly Told[]): Release[] =>
  releasesOf(factsOf(told), TENDER, PUBLISHER);

/** What the record of these events comes to. */
export const compiled = (told: readonly Told[]): Compiled => {
  const [record] = recordsOf(releases(told)).records;
  return record?.compiledRelease as unknown as Compiled;
};
const lotsOf = (ids: readonly string[]) => ({
  lots: ids.map((id, at) => ({
    ...{ id, no: at + 1, title: `包件 ${at + 1}`, budgetFen: '1000000', ceilingFen: null },
  })),
});
export const registered = [ONE, OTHER].map(
  (organisationId) => [OrganisationRegistered as EventType, { organisationId }] as const,
);
export const published = (lots: readonly string[]) =>
  [TenderPublished as EventType, lotsOf(lots)] as const;
export const bid = (lotId: string, organisationId: string, state = 'ranked') => ({
  ...{ bidId: newId('bid'), lotId, organisationId, state, reasonCode: null },
  ...{ priceFen: '900000', rank: 1, total: 9000 },
});
export const opened = (bids: readonly ReturnType<typeof bid>[]) =>
  [
    TenderOpened as EventType,
    {
      bids: bids.map(({ bidId, lotId, organisationId }) => ({
        ...{ bidId, lotId, organisationId, result: 'opened' },
      })),
    },
  ] as const;
export const award = ({ bidId, lotId, organisationId }: ReturnType<typeof bid>) => ({
  ...{ awardId: newId('awd'), lotId, bidId, organisationId, rank: 1, amountFen: '900000' },
});
export const announced = (awards: readonly ReturnType<typeof award>[], bids: readonly object[]) =>
  [TenderResultAnnounced as EventType, { awards, bids }] as const;
export const awarded = (
  { awardId, lotId, bidId, organisationId }: ReturnType<typeof award>,
  contractId = newId('con'),
) => [TenderAwarded as EventType, { awardId, lotId, bidId, organisationId, contractId }] as const;
export const failed = (change: object) => [TenderFailed as EventType, change] as const;
