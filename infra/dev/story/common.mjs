/** What the chapters of the story share. */
import { key } from './client.mjs';

export const WHO = {
  officer: 'officer',
  secondOfficer: 'officer2',
  approver: 'approver',
  evaluator: 'evaluator',
  cashier: 'cashier',
};

export const change = ({ id, version }) => ({
  id,
  expectedVersion: version,
  idempotencyKey: key(),
});

export async function contractNow({ as, id }) {
  const { contract } = await as(WHO.officer).ask(
    'query ($id: ID!) { contract(id: $id) { id state version textHash } }',
    { id },
  );
  return contract;
}

export async function evaluationNow({ as, id }) {
  const { evaluation } = await as(WHO.officer).ask(
    'query ($id: ID!) { evaluation(id: $id) { id state version breaches { id } gates { code fulfilled } } }',
    { id },
  );
  return evaluation;
}

/** One question over four services: the instalment, its decisions, and the evaluation behind them. */
export async function decisionsOf({ as, instalment }) {
  const { instalment: found } = await as('auditor').ask(
    `query ($id: ID!) { instalment(id: $id) { decisions {
      id kind outcome score grade
      released { fen } reduced { fen } rectification { fen } retained { fen }
      instalment { evaluation { score grade } }
    } } }`,
    { id: instalment.id },
  );
  return found.decisions ?? [];
}

export const fiscalYear = (contract, instalment, day) =>
  Number(day(instalment.toDaysAgo ?? contract.fromDaysAgo).slice(0, 4));

export const sums = ({ released, reduced, retained, rectification }) =>
  `released ${yuan(released)}, reduced ${yuan(reduced)}, retained ${yuan(retained)}, under rectification ${yuan(rectification)}`;

export const yuan = ({ fen }) => `${fen.slice(0, -2) || '0'}.${fen.padStart(2, '0').slice(-2)}`;

export function addDays(day, days) {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}
