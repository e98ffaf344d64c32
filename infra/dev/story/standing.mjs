/** How the funds and the contracts stand now, as the API tells it: the last lines of `npm start`. */
import { sums, yuan } from './common.mjs';

const PLACES = ['available', 'committed', 'retained', 'rectification', 'payable', 'paid', 'lapsed'];

const STANDING = `{
  contracts(first: 20) { totalCount nodes { title state instalments { no decisions {
    kind score grade released { fen } reduced { fen } rectification { fen } retained { fen }
  } } } }
  funds(first: 50) { nodes { fiscalYear title balance {
    appropriated { fen } ${PLACES.map((place) => `${place} { fen }`).join(' ')}
  } } }
}`;

/** Answers the lines, none where there is nothing yet, and whether every fund balances. */
export async function standing({ as }) {
  const { contracts, funds } = await as('auditor').ask(STANDING);
  const balances = funds.nodes.map(balanceOf);
  return {
    balances: balances.every(({ even }) => even),
    lines:
      contracts.nodes.length + balances.length === 0
        ? []
        : [
            'How it stands now (fen as yuan):',
            ...contracts.nodes.flatMap(linesOf),
            ...(contracts.totalCount > contracts.nodes.length
              ? [`… and ${contracts.totalCount - contracts.nodes.length} contracts more`]
              : []),
            ...balances.map(({ line }) => line),
          ],
  };
}

/** What a decision without a score rests on. */
const WITHOUT_SCORE = {
  advance: 'paid on signing',
  lapse: 'not put right in time',
  acceptance: 'final acceptance',
  termination: 'ended early',
  reversal: 'corrected',
};

export function linesOf({ title, state, instalments }) {
  const decided = instalments.flatMap(({ no, decisions }) => {
    const decision = decisions?.at(-1);
    if (!decision) return [];
    const { kind, score, grade } = decision;
    const why = score === null ? WITHOUT_SCORE[kind] : `${(score / 100).toFixed(2)} ${grade}`;
    return [`${title} no. ${no}: ${why}; ${sums(decision)}`];
  });
  return decided.length > 0 ? decided : [`${title}: ${state.toLowerCase()}, nothing decided`];
}

/** One fund as a line, and whether every fen of it is in one of its places. */
export function balanceOf({ fiscalYear, title, balance }) {
  const fen = (place) => BigInt(balance[place].fen);
  const even = PLACES.reduce((total, place) => total + fen(place), 0n) === fen('appropriated');
  const where = PLACES.filter((place) => fen(place) > 0n);
  const line =
    `The ledger of ${fiscalYear} (${title}) ${even ? 'balances' : 'DOES NOT BALANCE'}: ` +
    `${yuan(balance.appropriated)} came in = ` +
    (where.map((place) => `${place} ${yuan(balance[place])}`).join(' + ') || '0.00');
  return { even, line };
}
