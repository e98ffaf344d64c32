import type {
  ContractSignedPayload,
  OrganisationRegisteredPayload,
  TenderAwardedPayload,
} from '@mulin/events';
import type { Fact } from '../fact/fact.entity.js';
import { contractSection } from './contract-sections.js';
import { type Context, ofType, print, type Publisher, type Section } from './parts.js';
import { tenderSection } from './tender-sections.js';

const HUB = 'https://raw.githubusercontent.com/open-contracting-extensions';
/** What is said beyond the core of OCDS 1.1.5, and where each extension is defined. */
export const EXTENSIONS: readonly string[] = [
  `${HUB}/ocds_bid_extension/v1.1.5/extension.json`,
  `${HUB}/ocds_lots_extension/v1.1.5/extension.json`,
  `${HUB}/ocds_metrics_extension/master/extension.json`,
  `${HUB}/ocds_performance_failures/master/extension.json`,
  `${HUB}/ocds_transactions_relatedMilestone_extension/v1.1/extension.json`,
];

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

/** The content of a record package: the releases of one process under it. */
export const recordsOf = (releases: readonly Release[]) => ({
  records: [{ ocid: releases[0]?.ocid, releases }],
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
    awarded: ofType<TenderAwardedPayload>(all, 'tender.awarded'),
    signed: ofType<ContractSignedPayload>(all, 'contract.signed'),
  };
  const told = new Set<string>();
  return all.flatMap((fact) => {
    const section = tenderSection(fact, context) ?? contractSection(fact, context);
    if (!section) return [];
    const [first, then] = section.tags;
    const tag = told.has(first) ? then : first;
    told.add(first);
    return [release(fact, context, { ...section, tag })];
  });
}

function release(
  fact: Fact,
  context: Context,
  { tag, parties = [], content }: Section & { tag: string },
): Release {
  const { publisher, tenderId } = context;
  const buyer = { id: fact.street, name: publisher.name };
  return {
    ocid: `ocds-${publisher.ocidPrefix}-${tenderId}`,
    id: fact.eventId,
    date: fact.occurredAt.toISOString(),
    tag: [tag],
    initiationType: 'tender',
    language: 'zh',
    parties: [
      { ...buyer, roles: ['buyer', 'procuringEntity', 'payer'] },
      ...parties.map(({ id, role }) => partyOf(context, id, role)),
    ],
    buyer,
    ...content,
  };
}

function partyOf({ organisations }: Context, id: string, role: string): Party {
  const known = organisations.get(id);
  const name = known?.name ?? id;
  const { creditCode } = known ?? { creditCode: null };
  return {
    ...{ id, name },
    ...(creditCode ? { identifier: { scheme: 'CN-USCC', id: creditCode, legalName: name } } : {}),
    roles: [role],
  };
}
