import type {
  ContractSignedPayload,
  OrganisationRegisteredPayload,
  PaymentDecidedPayload,
  TenderAmendedPayload,
  TenderAwardedPayload,
  TenderOpenedPayload,
  TenderPublishedPayload,
} from '@mulin/events';
import type { Fact } from '../fact/fact.entity.js';
import { compiledRelease } from './compile.js';
import { contractSection } from './contract-sections.js';
import { buyerOf, type Context, ofType, print, type Publisher, type Section } from './parts.js';
import { awardFell, type Standing, standingAfter, withStanding } from './standing.js';
import { tenderSection } from './tender-sections.js';

const HUB = 'https://raw.githubusercontent.com/open-contracting-extensions';
/** What is said beyond the core of OCDS 1.1.5, and where: each at a version that stays, never where it may change. */
export const EXTENSIONS: readonly string[] = [
  'ocds_bid_extension/v1.1.5',
  'ocds_bidOpening_extension/44b4ea66de6b58e6d6d59d3017021ec47d1cce28',
  'ocds_enquiry_extension/0f32fcb807c149c5400b85f7d4f7da0f8d760984',
  'ocds_finance_extension/06a9a830cf02e4c6998fb550efff6ff3cc3be4c1',
  'ocds_lots_extension/v1.1.5',
  'ocds_metrics_extension/09325d191eb6be767b95effa0b280925b2bf47c3',
  'ocds_performance_failures_extension/7400f33d7ea0427a752659503b14ec192ca421fa',
  'ocds_transactions_relatedMilestone_extension/v1.1',
].map((version) => `${HUB}/${version}/extension.json`);

export type { Publisher } from './parts.js';

interface Party {
  id: string;
  name: string;
  identifier?: { scheme: 'CN-USCC'; id: string; legalName: string };
  roles: string[];
}

export interface Release {
  ocid: string;
  id: string;
  date: string;
  tag: string[];
  initiationType: 'tender';
  language: 'zh';
  parties: Party[];
  buyer: { id: string; name: string };
  [section: string]: unknown;
}

/** A package of releases or records as JSON text. */
export function printPackage(
  about: { uri: string; publisher: Publisher; publishedAt: Date },
  content: object,
): string {
  return print({
    ...{ uri: about.uri, version: '1.1', publishedDate: about.publishedAt.toISOString() },
    ...{ publisher: { name: about.publisher.name }, extensions: EXTENSIONS },
    ...content,
  });
}

/** The content of a record package: the releases of one process, and what they come to together. */
export const recordsOf = (releases: readonly Release[]) => ({
  records: [{ ocid: releases[0]?.ocid, releases, compiledRelease: compiledRelease(releases) }],
});

/**
 * The releases of one contracting process, OCDS 1.1.5: one for each event that tells something new, oldest first.
 * Pure: the same facts give the same releases.
 */
export function releasesOf(
  facts: readonly Fact[],
  tenderId: string,
  publisher: Publisher,
): Release[] {
  const all = [...facts].sort(
    (one, other) =>
      one.occurredAt.getTime() - other.occurredAt.getTime() ||
      Number(one.place) - Number(other.place),
  );
  const context: Context = {
    ...{ tenderId, publisher },
    organisations: new Map(
      ofType<OrganisationRegisteredPayload>(all, 'organisation.registered').map((payload) => [
        payload.organisationId,
        payload,
      ]),
    ),
    published: ofType<TenderPublishedPayload>(all, 'tender.published'),
    amended: ofType<TenderAmendedPayload>(all, 'tender.amended'),
    opened: ofType<TenderOpenedPayload>(all, 'tender.opened').at(-1) ?? null,
    awarded: ofType<TenderAwardedPayload>(all, 'tender.awarded'),
    signed: ofType<ContractSignedPayload>(all, 'contract.signed'),
    decided: ofType<PaymentDecidedPayload>(all, 'payment.decided'),
    announced: ofType(all, 'tender.resultAnnounced').length > 0,
  };
  const told = new Set<string>();
  const roles = new Map<string, string[]>();
  return all.flatMap((fact, at) => {
    const section = tenderSection(fact, context) ?? contractSection(fact, context);
    if (!section) return [];
    const [first, then] = section.tags;
    const tag = told.has(first) ? then : first;
    told.add(first);
    const standing = {
      before: standingAfter(all.slice(0, at)),
      after: standingAfter(all.slice(0, at + 1)),
    };
    return [release(fact, context, { ...section, tag, roles, standing })];
  });
}

function release(
  fact: Fact,
  context: Context,
  {
    tag,
    parties = [],
    content,
    roles,
    standing,
  }: Section & {
    tag: string;
    /** All that each organisation has been so far: a merge replaces the list, so it is always said whole. */
    roles: Map<string, string[]>;
    standing: { before: Standing; after: Standing };
  },
): Release {
  const { publisher, tenderId } = context;
  const buyer = buyerOf(context, fact.street);
  for (const { id, role } of parties) roles.set(id, [...new Set([...(roles.get(id) ?? []), role])]);
  const who = [...new Set(parties.map(({ id }) => id))];
  return {
    ocid: `ocds-${publisher.ocidPrefix}-${tenderId}`,
    id: fact.eventId,
    date: fact.occurredAt.toISOString(),
    // An award that falls is said in the tags too, whatever it fell by.
    tag: [...new Set([tag, ...(awardFell(standing) ? ['awardCancellation'] : [])])],
    initiationType: 'tender',
    language: 'zh',
    parties: [
      { ...buyer, roles: ['buyer', 'procuringEntity', 'payer', 'funder'] },
      ...who.map((id) => partyOf(context, id, roles.get(id) ?? [])),
    ],
    buyer,
    ...withStanding(content, tenderId, standing),
  };
}

function partyOf({ organisations }: Context, id: string, roles: string[]): Party {
  const known = organisations.get(id);
  const name = known?.name ?? id;
  const { creditCode } = known ?? { creditCode: null };
  return {
    ...{ id, name },
    ...(creditCode ? { identifier: { scheme: 'CN-USCC', id: creditCode, legalName: name } } : {}),
    roles,
  };
}
