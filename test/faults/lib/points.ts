import { newId } from '@mulin/ids';
import { signCall } from '@mulin/auth';
import type { Failpoint } from '@mulin/database';
import { person, recordOf } from '../../../services/payments/test/builders.js';
import { inventFacts } from './facts.js';
import type { Findings } from './invariants.js';
import { budget } from './money.js';
import type { Random } from './random.js';
import type { ServiceProcess } from './service-process.js';
import type { Servers } from './servers.js';
import { settled } from './settled.js';
import { pause } from './until.js';
import { World } from './world.js';

export interface PointReport extends Findings {
  failpoint: string;
  /** How the process ended: SIGABRT when it stepped on the mine. */
  end: string;
  /** The last lines it said, where it ended otherwise. */
  said: string;
  /** How many funds the interrupted and repeated mutation made; 1 is right. */
  funds: number;
}

/**
 * The payments service dies at one point of its code, while events and a mutation come in, and is
 * started again without the mine.
 */
export async function dieAt(
  servers: Servers,
  { failpoint, evaluations, random }: { failpoint: Failpoint; evaluations: number; random: Random },
): Promise<PointReport> {
  const services = ['payments'] as const;
  const world = await World.make(servers, { name: `at${failpoint}`, services, partitions: 2 });
  try {
    const facts = inventFacts(random, evaluations, await budget(world));
    const payments = world.process('payments');
    const fund = newId('fun');
    await payments.startMined(`${failpoint}:${random.whole(1, 2)}`);
    // Two mutations, so that a second pass is a pass of theirs, too.
    await openFund(world, payments, newId('fun'));
    await openFund(world, payments, fund);
    for (const { requested, signed, finalised } of facts) {
      await world.bus.send([requested, signed, finalised].map(recordOf));
      await pause(20);
    }
    let end = await payments.end();
    // A service whose subscription is dead for good ends by itself, to be started anew: we are its supervisor. It
    // must still die where it was mined to.
    for (let starts = 1; end === '1' && starts < 4; starts += 1) {
      await payments.startMined(`${failpoint}:1`);
      await openFund(world, payments, newId('fun'));
      await openFund(world, payments, fund);
      end = await payments.end();
    }
    const said = end === 'SIGABRT' ? '' : payments.lastLines();
    await payments.start();
    // Whoever got no answer asks again, with the same id.
    await openFund(world, payments, fund);

    const causes = facts.flatMap((fact) => fact.causes);
    const heard = facts.flatMap(({ requested, signed, finalised }) => [
      requested.id,
      signed.id,
      finalised.id,
    ]);
    const findings = await settled(world, { causes, services, heard });
    const funds = await world.ask('payments', 'select id from fund where id = $1', [fund]);
    return { ...findings, failpoint, end, said, funds: funds.length };
  } finally {
    await world.close();
  }
}

/** A mutation as the gateway sends it. Whether it was answered does not matter: that is the point. */
async function openFund(world: World, payments: ServiceProcess, id: string): Promise<void> {
  const query = `mutation ($input: OpenFundInput!) { openFund(input: $input) { __typename } }`;
  const body = JSON.stringify({
    query,
    variables: { input: { id, fiscalYear: 2026, title: '睦邻中心运营' } },
  });
  const actor = person(['streetOfficer']);
  const token = await signCall(world.callKeys.privateJwk, { audience: 'payments', body, actor });
  const headers = { 'content-type': 'application/json', authorization: `Mulin-Call ${token}` };
  await fetch(payments.url, {
    method: 'POST',
    headers,
    body,
    signal: AbortSignal.timeout(20_000),
  }).catch(() => undefined);
}
