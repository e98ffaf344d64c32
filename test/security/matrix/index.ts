import * as contracts from './contracts.js';
import * as evaluations from './evaluations.js';
import * as identity from './identity.js';
import * as insights from './insights.js';
import * as organisations from './organisations.js';
import * as payments from './payments.js';
import type { Row } from './row.js';
import * as tenders from './tenders.js';

export { REFERENCES, type ReferenceRow } from './references.js';
export type { Outcomes, Row } from './row.js';

type Rows = Readonly<Record<string, Row>>;

const services = [organisations, tenders, contracts, evaluations, payments, identity, insights];
const all = (rows: readonly Rows[]): Rows => Object.fromEntries(rows.flatMap(Object.entries<Row>));

/** Every field of the roots of the supergraph: what each kind of stranger is answered. */
export const QUERIES = all(services.map(({ queries }) => queries));
export const MUTATIONS = all(services.map(({ mutations }) => mutations));
