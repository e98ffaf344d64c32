/**
 * The Yanji story, chapter by chapter: a fund, a public comparison, two contracts, their evaluations, the
 * money. Told through
 * the GraphQL API and the clock alone; what it finds out is returned as the last lines of `npm start`.
 */
import { addDays, decisionsOf, sums, yuan } from './common.mjs';
import {
  activate,
  draft,
  openFunds,
  register,
  registerPeople,
  reserveAndSign,
} from './contracts.mjs';
import { evaluate, report } from './evaluations.mjs';
import { settle } from './payments.mjs';
import { award } from './tender.mjs';

/** @param tell prints one line while it goes on; `clock(daysAgo)` moves development time */
export async function tellYanji({ as, facts, accounts, clock, today, tell }) {
  const day = (daysAgo) => addDays(today, -daysAgo);
  const first = Math.max(...facts.contracts.map((contract) => contract.fromDaysAgo));
  await clock(first + 80);
  tell(`${day(first + 80)}  the story begins: organisations, their people, a fund`);
  await register({ as, facts });
  await registerPeople({ as, facts, accounts, since: day(first + 80) });
  const funds = await openFunds({ as, facts, day });

  const contracts = [];
  for (const plan of facts.contracts.filter(({ tender }) => tender))
    contracts.push(await award({ as, facts, plan, funds, clock, day, tell }));
  await clock(first + 20);
  for (const plan of facts.contracts.filter(({ tender }) => !tender))
    contracts.push(await draft({ as, facts, plan, funds, day }));
  for (const contract of contracts) await reserveAndSign({ as, contract, tell });
  await clock(first);
  for (const contract of contracts) await activate({ as, contract });
  tell(`${day(first)}  both contracts run; the advances are payable`);

  for (const { contract, instalment } of inOrderOfTime(contracts)) {
    await report({ as, clock, contract, instalment, day });
    await clock(instalment.plan.toDaysAgo - 2);
    await evaluate({ as, facts, contract, instalment, tell, day });
  }
  for (const contract of contracts) await settle({ as, contract, day });
  await clock(0);
  return lastLines({ as, contracts, funds });
}

/** How it ended, for the reader of the terminal. */
async function lastLines({ as, contracts, funds }) {
  const lines = ['How it ended (fen as yuan):'];
  for (const contract of contracts) {
    for (const instalment of contract.instalments) {
      const decision = (await decisionsOf({ as, instalment })).at(-1);
      const score =
        decision.score === null
          ? 'paid on signing'
          : `${(decision.score / 100).toFixed(2)} ${decision.grade}`;
      lines.push(`${contract.plan.title} no. ${instalment.no}: ${score}; ${sums(decision)}`);
    }
  }
  for (const id of funds.values()) lines.push(await balance({ as, id }));
  return lines;
}

const PLACES = ['available', 'committed', 'retained', 'rectification', 'payable', 'paid', 'lapsed'];

/** Every fen that came into the fund is in one of its places; a story in which it is not fails. */
async function balance({ as, id }) {
  const { fund } = await as('auditor').ask(
    `query ($id: ID!) { fund(id: $id) { fiscalYear balance {
      appropriated { fen } ${PLACES.map((place) => `${place} { fen }`).join(' ')}
    } } }`,
    { id },
  );
  const fen = (place) => BigInt(fund.balance[place].fen);
  const sum = PLACES.reduce((total, place) => total + fen(place), 0n);
  if (sum !== fen('appropriated')) throw new Error(`The ledger of fund ${id} does not balance.`);
  const where = PLACES.filter((place) => fen(place) > 0n);
  return (
    `The ledger of ${fund.fiscalYear} balances: ${yuan(fund.balance.appropriated)} came in = ` +
    where.map((place) => `${place} ${yuan(fund.balance[place])}`).join(' + ')
  );
}

function inOrderOfTime(contracts) {
  return contracts
    .flatMap((contract) => contract.instalments.map((instalment) => ({ contract, instalment })))
    .filter(({ instalment }) => instalment.kind === 'EVALUATED')
    .sort((a, b) => b.instalment.plan.toDaysAgo - a.instalment.plan.toDaysAgo);
}
