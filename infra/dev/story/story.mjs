/**
 * The Yanji story, chapter by chapter: a fund, a public comparison, two contracts, their evaluations, the
 * money. Told through
 * the GraphQL API and the clock alone.
 */
import { addDays } from './common.mjs';
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
import { standing } from './standing.mjs';
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
  const { balances } = await standing({ as });
  if (!balances) throw new Error('The ledger does not balance.');
}

function inOrderOfTime(contracts) {
  return contracts
    .flatMap((contract) => contract.instalments.map((instalment) => ({ contract, instalment })))
    .filter(({ instalment }) => instalment.kind === 'EVALUATED')
    .sort((a, b) => b.instalment.plan.toDaysAgo - a.instalment.plan.toDaysAgo);
}
