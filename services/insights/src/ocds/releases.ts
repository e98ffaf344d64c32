import type {
  ContractSignedPayload,
  OrganisationRegisteredPayload,
  PaymentDecidedPayload,
  PaymentSettledPayload,
  ProcurementPlanApprovedPayload,
  TenderAmendedPayload,
  TenderAwardedPayload,
  TenderOpenedPayload,
  TenderPublishedPayload,
  TenderResultAnnouncedPayload,
} from '@mulin/events';
import type { Fact } from '../fact/fact.entity.js';

/** Who publishes, and under which registered prefix. */
export interface Publisher {
  /** Six characters given by the registrar of ocids; until then one that is clearly none. */
  ocidPrefix: string;
  name: string;
}

/** Money as JSON text with two decimals: it never becomes a float. See `print`. */
interface Value {
  amount: string;
  currency: 'CNY';
}

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

/** Marks an amount for `print`; a private-use character, which no published text may hold. */
const MARK = '\uE000';
const AMOUNT = new RegExp(`"${MARK}(-?\\d+\\.\\d{2})"`, 'g');

const METHODS: Record<string, string> = {
  openTendering: 'open',
  competitiveConsultation: 'selective',
  singleSource: 'direct',
  belowThreshold: 'open',
};
const MET: Record<PaymentDecidedPayload['outcome'], string> = {
  released: 'met',
  reduced: 'partiallyMet',
  withheld: 'notMet',
};

/** JSON with amounts as exact decimal numbers (OCDS wants numbers; no double ever holds them here). */
export const print = (value: unknown): string => JSON.stringify(value).replace(AMOUNT, '$1');

function cny(fen: string): Value {
  const digits = fen.padStart(3, '0');
  return { amount: `${MARK}${digits.slice(0, -2)}.${digits.slice(-2)}`, currency: 'CNY' };
}

const ofType = <P>(all: readonly Fact[], name: string): { fact: Fact; payload: P }[] =>
  all
    .filter(({ type }) => type === `mulin.${name}.v1`)
    .map((fact) => ({ fact, payload: fact.payload as P }));

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
  const organisations = new Map(
    ofType<OrganisationRegisteredPayload>(all, 'organisation.registered').map(({ payload }) => [
      payload.organisationId,
      payload,
    ]),
  );
  const awarded = ofType<TenderAwardedPayload>(all, 'tender.awarded').map(({ payload }) => payload);
  const context = { tenderId, publisher, organisations, awarded };
  let announcements = 0;
  let implementations = 0;
  return all.flatMap((fact) => {
    const section = sectionOf(fact, context, {
      isFirstAward: fact.type === 'mulin.tender.resultAnnounced.v1' && announcements++ === 0,
      isFirstPayment: fact.type.startsWith('mulin.payment.') && implementations++ === 0,
    });
    return section ? [release(fact, context, section)] : [];
  });
}

interface Context {
  tenderId: string;
  publisher: Publisher;
  organisations: ReadonlyMap<string, OrganisationRegisteredPayload>;
  awarded: readonly TenderAwardedPayload[];
}

interface Section {
  tag: string;
  /** Organisations of this release, with their role. */
  parties?: { id: string; role: string }[];
  content: Record<string, unknown>;
}

function release(fact: Fact, context: Context, { tag, parties = [], content }: Section): Release {
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

const named = (context: Context, id: string) => ({
  id,
  name: context.organisations.get(id)?.name ?? id,
});

/** What one event says in OCDS; nothing where it says nothing new. */
function sectionOf(
  { type, payload, occurredAt }: Fact,
  context: Context,
  { isFirstAward, isFirstPayment }: { isFirstAward: boolean; isFirstPayment: boolean },
): Section | null {
  const { tenderId: id } = context;
  const date = occurredAt.toISOString();
  switch (type) {
    case 'mulin.procurementPlan.approved.v1': {
      const plan = payload as unknown as ProcurementPlanApprovedPayload;
      const budget = {
        id: plan.procurementPlanId,
        description: plan.title,
        amount: cny(plan.amountFen),
      };
      return { tag: 'planning', content: { planning: { budget } } };
    }
    case 'mulin.tender.published.v1':
      return { tag: 'tender', content: { tender: tenderOf(payload as never) } };
    case 'mulin.tender.amended.v1': {
      const { deadline } = payload as unknown as TenderAmendedPayload;
      return {
        tag: 'tenderUpdate',
        content: { tender: { id, tenderPeriod: { endDate: deadline } } },
      };
    }
    case 'mulin.tender.opened.v1': {
      const { bids } = payload as unknown as TenderOpenedPayload;
      const who = [...new Set(bids.map(({ organisationId }) => organisationId))];
      const tender = {
        ...{ id, status: 'active', numberOfTenderers: who.length },
        tenderers: who.map((each) => named(context, each)),
      };
      const parties = who.map((each) => ({ id: each, role: 'tenderer' }));
      return { tag: 'tenderUpdate', parties, content: { tender } };
    }
    case 'mulin.tender.failed.v1':
      return { tag: 'tenderUpdate', content: { tender: { id, status: 'unsuccessful' } } };
    case 'mulin.tender.resultAnnounced.v1': {
      const { awards } = payload as unknown as TenderResultAnnouncedPayload;
      return {
        tag: isFirstAward ? 'award' : 'awardUpdate',
        parties: awards.map(({ organisationId }) => ({ id: organisationId, role: 'supplier' })),
        content: {
          awards: awards.map(({ awardId, organisationId, amountFen }) => ({
            ...{ id: awardId, status: 'pending', date, value: cny(amountFen) },
            suppliers: [named(context, organisationId)],
          })),
        },
      };
    }
    case 'mulin.tender.awarded.v1': {
      const award = payload as unknown as TenderAwardedPayload;
      const { awardId, title, amountFen, organisationId, awardedAt, from, to } = award;
      return {
        tag: 'awardUpdate',
        parties: [{ id: organisationId, role: 'supplier' }],
        content: {
          awards: [
            {
              ...{ id: awardId, title, status: 'active', date: awardedAt, value: cny(amountFen) },
              suppliers: [named(context, organisationId)],
              contractPeriod: period(from, to),
            },
          ],
        },
      };
    }
    default:
      return contractSection(type, payload, date, context, isFirstPayment);
  }
}

function contractSection(
  type: string,
  payload: Record<string, unknown>,
  date: string,
  context: Context,
  isFirstPayment: boolean,
): Section | null {
  const contractId = String(payload.contractId);
  const award = context.awarded.find((each) => each.contractId === contractId);
  if (!award) return null;
  const contract = { id: contractId, awardID: award.awardId };
  const tag = isFirstPayment ? 'implementation' : 'implementationUpdate';
  const parties = [{ id: award.organisationId, role: 'supplier' }];
  switch (type) {
    case 'mulin.contract.signed.v1': {
      const { title, amountFen, from, to, signedAt } = payload as unknown as ContractSignedPayload;
      const signed = {
        ...{ ...contract, title, status: 'active', value: cny(amountFen), dateSigned: signedAt },
        period: period(from, to),
      };
      return { tag: 'contract', parties, content: { contracts: [signed] } };
    }
    case 'mulin.contract.completed.v1':
    case 'mulin.contract.terminated.v1':
      return {
        tag: type.endsWith('terminated.v1') ? 'contractTermination' : 'contractUpdate',
        content: { contracts: [{ ...contract, status: 'terminated' }] },
      };
    case 'mulin.payment.decided.v1': {
      const { decisionId, outcome, kind } = payload as unknown as PaymentDecidedPayload;
      const milestone = {
        ...{ id: decisionId, title: '评估兑现', dateModified: date, status: MET[outcome] },
        type: kind === 'advance' ? 'payment' : 'assessment',
      };
      const implementation = { milestones: [milestone] };
      return { tag, content: { contracts: [{ ...contract, implementation }] } };
    }
    case 'mulin.payment.settled.v1': {
      const { orderId, amountFen, settledAt } = payload as unknown as PaymentSettledPayload;
      const transaction = {
        ...{ id: orderId, date: settledAt, value: cny(amountFen) },
        payee: named(context, award.organisationId),
      };
      const implementation = { transactions: [transaction] };
      return {
        tag,
        parties: [{ id: award.organisationId, role: 'payee' }],
        content: { contracts: [{ ...contract, implementation }] },
      };
    }
    default:
      return null;
  }
}

function tenderOf(tender: TenderPublishedPayload) {
  return {
    id: tender.tenderId,
    title: tender.title,
    status: 'active',
    procurementMethod: METHODS[tender.method] ?? 'open',
    procurementMethodDetails: tender.method,
    mainProcurementCategory: 'services',
    // 综合评分法; a fixed price leaves the price out of it.
    awardCriteria: 'ratedCriteria',
    value: cny(tender.budgetFen),
    tenderPeriod: { startDate: tender.publishedAt, endDate: tender.deadline },
  };
}

/** OCDS has instants only: from the first moment of the first day to the last second of the last. */
const period = (from: string, to: string) => ({
  startDate: `${from}T00:00:00+08:00`,
  endDate: `${to}T23:59:59+08:00`,
});
