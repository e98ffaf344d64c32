/** Every role a person can hold; the names are the street office's own (docs/glossary). */
export const ROLES = [
  'resident',
  'volunteer',
  'responder',
  'callTaker',
  'centreStaff',
  'organisationManager',
  'organisationFinance',
  'neighbourhoodCadre',
  'committeeMember',
  'committeeSecretary',
  'expert',
  'evaluator',
  'streetOfficer',
  'streetApprover',
  'cashier',
  'auditor',
  'districtAnalyst',
  'platformOperator',
] as const;

export type Role = (typeof ROLES)[number];

/** Who is asking: proved by the gateway from an OIDC token, signed into every subgraph call. */
export interface Actor {
  /** The person, `per_…`: the OIDC subject. */
  readonly id: string;
  /** 县以下行政区划代码 of the street this person acts in, nine digits. */
  readonly street: string;
  /** The organisation the person acts for (`org_…`), or null. */
  readonly organisation: string | null;
  readonly roles: readonly Role[];
  /** The W3C traceparent of the request, signed by the gateway; what the request causes carries it on. */
  readonly trace?: string;
}

/**
 * Never in one hand, on any matter: who evaluates, who approves, who pays (不相容岗位分离). An issuer of the
 * district may know nothing of it, so that every token is asked.
 */
export const NEVER_TOGETHER: readonly Role[] = ['evaluator', 'streetApprover', 'cashier'];

/** Those of the roles that exclude each other; empty when they go together. */
export function excludingRoles(roles: readonly string[]): Role[] {
  const found = NEVER_TOGETHER.filter((role) => roles.includes(role));
  return found.length > 1 ? found : [];
}

/** Roles that see the whole street; all others see their own organisation and what is published. */
const STAFF: ReadonlySet<Role> = new Set<Role>([
  'evaluator',
  'expert',
  'streetOfficer',
  'streetApprover',
  'cashier',
  'auditor',
  'districtAnalyst',
  'platformOperator',
]);

/**
 * The street office itself: those who handle its files. Experts, evaluators, cashiers, analysts and operators work for
 * the street too, and see of a file only what their own task needs.
 */
const OFFICE: ReadonlySet<Role> = new Set<Role>(['streetOfficer', 'streetApprover', 'auditor']);

const KNOWN_ROLES: ReadonlySet<unknown> = new Set(ROLES);

export const isRole = (value: unknown): value is Role => KNOWN_ROLES.has(value);

/** True when the actor works for the street, whose rows it then sees whatever the organisation. */
export const isStaff = (actor: Actor): boolean => actor.roles.some((role) => STAFF.has(role));

/** True when the actor is of the street office, which reads its own drafts and files before they are public. */
export const isOffice = (actor: Actor): boolean => actor.roles.some((role) => OFFICE.has(role));

const PERSON = /^per_[0-9a-f]{32}$/;
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const ORGANISATION = /^org_[0-9a-f]{32}$/;
const STREET = /^[0-9]{9}$/;

/** True for a traceparent as W3C writes it, version 00; an id of nothing but zeros is none. */
export const isTraceparent = (value: unknown): value is string =>
  typeof value === 'string' && TRACEPARENT.test(value);

/**
 * Reads an actor from claims somebody signed. Unknown roles are dropped (an issuer may serve other
 * systems too); anything else that is not as it should be makes the whole claim worthless: null.
 */
export function actorFrom(claims: {
  id: unknown;
  street: unknown;
  organisation?: unknown;
  roles?: unknown;
}): Actor | null {
  const { id, street, organisation, roles } = claims;
  if (typeof id !== 'string' || !PERSON.test(id)) return null;
  if (typeof street !== 'string' || !STREET.test(street)) return null;
  const actsFor = organisation ?? null;
  if (actsFor !== null && (typeof actsFor !== 'string' || !ORGANISATION.test(actsFor))) return null;
  if (roles !== undefined && !Array.isArray(roles)) return null;
  const known = [...new Set((roles ?? []).filter(isRole))];
  return { id, street, organisation: actsFor, roles: known };
}
