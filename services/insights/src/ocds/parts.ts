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

/** Who publishes, and under which registered prefix. */
export interface Publisher {
  /** Six characters given by the registrar of ocids; until then one that is clearly none. */
  ocidPrefix: string;
  name: string;
}

/** Money as JSON text with two decimals: it never becomes a float. See `print`. */
export interface Value {
  amount: string;
  currency: 'CNY';
}

/** What one event says: its section, and in which releases. */
export interface Section {
  /** The tag of the first release of this kind, and of those after it. */
  tags: readonly [first: string, then: string];
  /** Organisations of this release, with their role. */
  parties?: { id: string; role: string }[];
  content: Record<string, unknown>;
}

/** The tags of what is told of a tender and of its awards. */
export const TENDER = ['tender', 'tenderUpdate'] as const;
export const AWARD = ['award', 'awardUpdate'] as const;

/** What sections look up: all that was told of the process. */
export interface Context {
  tenderId: string;
  publisher: Publisher;
  organisations: ReadonlyMap<string, OrganisationRegisteredPayload>;
  published: readonly TenderPublishedPayload[];
  amended: readonly TenderAmendedPayload[];
  /** Every bid that stood at the deadline, once they were opened. */
  opened: TenderOpenedPayload | null;
  awarded: readonly TenderAwardedPayload[];
  signed: readonly ContractSignedPayload[];
  /** All decisions about instalments, oldest first. */
  decided: readonly PaymentDecidedPayload[];
  /** Whether a result was ever announced: it says more of the bids than anything that follows. */
  announced: boolean;
}

/** Marks an amount for `print`; a private-use character, which no published text may hold. */
const MARK = '\uE000';
const AMOUNT = new RegExp(`"${MARK}(-?\\d+\\.\\d{2})"`, 'g');

/** JSON with amounts as exact decimal numbers (OCDS wants numbers; no double ever holds them here). */
export const print = (value: unknown): string => JSON.stringify(value).replace(AMOUNT, '$1');

/** Fen as yuan with two decimals. */
export function yuan(fen: string): string {
  const digits = fen.padStart(3, '0');
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

export const cny = (fen: string): Value => ({ amount: MARK + yuan(fen), currency: 'CNY' });

/** A share or score in hundredths, as an exact JSON number. */
export const hundredths = (value: number): string => MARK + yuan(String(value));

export const ofType = <P>(all: readonly Fact[], name: string): P[] =>
  all.filter(({ type }) => type === `mulin.${name}.v1`).map(({ payload }) => payload as P);

export const named = (context: Context, id: string) => ({
  id,
  name: context.organisations.get(id)?.name ?? id,
});

/** The street, which buys and pays: the same in every release and transaction. */
export const buyerOf = ({ publisher }: Pick<Context, 'publisher'>, street: string) => ({
  id: street,
  name: publisher.name,
});

/** OCDS has instants only: from the first moment of the first day to the last second of the last. */
export const period = (from: string, to: string) => ({
  startDate: `${from}T00:00:00+08:00`,
  endDate: endOf(to),
});

export const endOf = (day: string): string => `${day}T23:59:59+08:00`;
