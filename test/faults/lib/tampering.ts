import { recordOf } from '../../../services/payments/test/builders.js';
import { inventFacts } from './facts.js';
import { find, type Findings } from './invariants.js';
import { budget } from './money.js';
import type { Random } from './random.js';
import type { Servers } from './servers.js';
import { settled } from './settled.js';
import { World } from './world.js';

/** What somebody with all rights could do to the books, and the services never would. */
export const TAMPERINGS = {
  'a decision disappears': `delete from decision where id = (select min(id) from decision where kind = 'evaluation')`,
  'a transfer is made twice': `insert into transfer select (jsonb_populate_record(t, '{"id": "trf_twice"}')).*
    from transfer t where credit like 'payable:%' order by id limit 1`,
  'an instalment is decided twice': `alter table decision drop constraint "a cause decides an instalment once";
    drop index "an attempt decides an instalment once";
    insert into decision select (jsonb_populate_record(d, jsonb_build_object('id', 'dec_twice', 'no', 9,
        'previous_id', id, 'posted_released_fen', 0, 'posted_reduced_fen', 0,
        'posted_rectification_fen', 0, 'posted_retained_fen', 0))).*
      from decision d where kind = 'evaluation' order by id limit 1`,
  'a fen goes elsewhere': `update decision set released_fen = released_fen - 1, reduced_fen = reduced_fen + 1
    where id = (select min(id) from decision where released_fen > 0)`,
  'a balance is touched': `update account set credits = credits + 1 where kind = 'available'`,
  'an event is never published': `update mulin.outbox set published_at = null where seq = 1`,
  'an event is never received': `delete from mulin.inbox where event_id = (select min(event_id::text) from mulin.inbox)::uuid`,
} as const;
export type Tampering = keyof typeof TAMPERINGS;

export interface TamperingReport {
  untouched: Findings;
  seen: Map<Tampering, Findings>;
}

/** Does each of it in a transaction of its own that is rolled back, and asks what is found meanwhile. */
export async function tamper(servers: Servers, random: Random): Promise<TamperingReport> {
  const services = ['payments'] as const;
  const world = await World.make(servers, { name: 'tampered', services });
  try {
    const facts = inventFacts(random, 8, await budget(world));
    await world.process('payments').start();
    const events = facts.flatMap(({ requested, signed, finalised }) => [
      requested,
      signed,
      finalised,
    ]);
    await world.bus.send(events.map(recordOf));
    const causes = facts.flatMap((fact) => fact.causes);
    const wanted = { causes, services, heard: events.map(({ id }) => id) };
    const untouched = await settled(world, wanted);

    const seen = new Map<Tampering, Findings>();
    // The keys of the table above.
    for (const name of Object.keys(TAMPERINGS) as Tampering[]) {
      const client = await world.pool('payments').connect();
      try {
        await client.query('begin; set local session_replication_role = replica');
        await client.query(TAMPERINGS[name]);
        const ask = async (_: string, sql: string, values?: unknown[]) =>
          (await client.query(sql, values)).rows;
        seen.set(name, await find(ask, wanted));
      } finally {
        await client.query('rollback');
        client.release();
      }
    }
    return { untouched, seen };
  } finally {
    await world.close();
  }
}
