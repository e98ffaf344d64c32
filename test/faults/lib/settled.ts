import { find, type Findings } from './invariants.js';
import { whileItMoves } from './until.js';
import type { World } from './world.js';

const PROGRESS = /* sql */ `
select concat_ws(' ', (select count(*) from decision), (select count(*) from mulin.inbox),
  (select count(*) from mulin.outbox where published_at is not null),
  (select count(*) from mulin.parked), (select count(*) from mulin.dead_letter)) as figures`;

/**
 * Waits until everything is posted and nothing is on its way, as long as anything moves, and answers
 * what was found then. What does not settle is in its violations.
 */
export async function settled(world: World, wanted: Parameters<typeof find>[1]): Promise<Findings> {
  let findings: Findings = { decidedOnce: 0, paidTwice: 0, lost: 0, violations: [] };
  await whileItMoves(async () => {
    const [row] = await world.ask('payments', PROGRESS);
    const progress = String(row?.figures);
    const [figures] = await world.ask('payments', 'select count(*)::int as decided from decision');
    if (Number(figures?.decided) < wanted.causes.length)
      return { missing: ['decisions'], progress };
    findings = await find(world.ask, wanted);
    return { missing: findings.violations, progress };
  });
  return find(world.ask, wanted);
}
