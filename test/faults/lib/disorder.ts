import { EvaluationFinalised } from '@mulin/events';
import { newEventId, newId } from '@mulin/ids';
import { decideDeadLetter, findDeadLetter, type OutgoingRecord } from '@mulin/messaging';
import { person, recordOf, STREET } from '../../../services/payments/test/builders.js';
import { inventFacts } from './facts.js';
import type { Findings } from './invariants.js';
import { lag } from './lag.js';
import { budget } from './money.js';
import type { Random } from './random.js';
import type { Servers } from './servers.js';
import { settled } from './settled.js';
import { until } from './until.js';
import { World } from './world.js';

export interface DisorderReport {
  /** Records sent, of which so many were no events, or none that anybody could carry out. */
  sent: number;
  poison: number;
  /** Contracts whose evaluation met the defect of the service. */
  defective: number;
  /** With the dead letters still open, over everything that is not defective. */
  before: Findings;
  deadLetters: number;
  lag: number;
  /** After the defect was mended and two people had the letters replayed. */
  after: Findings;
}

const DEFECT = 'a defect of the service';

/**
 * Every event one to five times, in any order, one record in a hundred poisoned in some way, a defect in
 * the service that some events meet, and the process killed in the middle.
 */
export async function disorder(
  servers: Servers,
  { evaluations, random }: { evaluations: number; random: Random },
): Promise<DisorderReport> {
  const services = ['payments'] as const;
  const world = await World.make(servers, { name: 'disorder', services });
  try {
    const facts = inventFacts(random, evaluations, await budget(world));
    // A sum that no check of the service expects: the database refuses it until somebody mends it.
    const defective = facts.filter((_, index) => index % 40 === 39);
    const contracts = defective.map(({ contract }) => `'${contract.id}'`).join(', ');
    await world.ask(
      'payments',
      `alter table decision add constraint "${DEFECT}" check (kind <> 'evaluation' or contract_id not in (${contracts}))`,
    );

    const events = facts.flatMap(({ requested, signed, finalised }) => [
      requested,
      signed,
      finalised,
    ]);
    const often = events.flatMap((event) =>
      Array.from({ length: random.whole(1, 5) }, () => recordOf(event)),
    );
    const poison = Array.from({ length: Math.ceil(often.length / 99) }, (_, index) =>
      poisoned(index),
    );
    const records = random.shuffled([...often, ...poison]);

    const payments = world.process('payments');
    await payments.start();
    const half = Math.floor(records.length / 2);
    await send(world, records.slice(0, half));
    await payments.kill();
    await send(world, records.slice(half));
    await payments.start();

    const sound = facts.filter((fact) => !defective.includes(fact)).flatMap((fact) => fact.causes);
    const advances = defective.flatMap((fact) =>
      fact.causes.filter(({ kind }) => kind === 'advance'),
    );
    const heard = events.map(({ id }) => id);
    const expected = poison.length + defective.length;
    const before = await settled(world, {
      causes: [...sound, ...advances],
      services,
      heard,
      deadLetters: expected,
    });
    const [letters] = await world.ask(
      'payments',
      'select count(*)::int as n from mulin.dead_letter',
    );
    const behind = await lag(servers.brokers, world.topicPrefix, 'payments');

    await world.ask('payments', `alter table decision drop constraint "${DEFECT}"`);
    await replay(world, `detail::text like '%${DEFECT}%'`);
    const after = await settled(world, {
      causes: facts.flatMap((fact) => fact.causes),
      services,
      heard,
      deadLetters: poison.length,
    });
    return {
      sent: records.length,
      poison: poison.length,
      defective: defective.length,
      before,
      deadLetters: Number(letters?.n),
      lag: behind,
      after,
    };
  } finally {
    await world.close();
  }
}

/** In small batches: a whole batch beyond the broker's limit is refused. */
async function send(world: World, records: readonly OutgoingRecord[]): Promise<void> {
  for (let from = 0; from < records.length; from += 100) {
    const batch = records.slice(from, from + 100);
    const large = batch.filter(({ value }) => (value?.length ?? 0) > 1_000_000);
    await world.bus.send(batch.filter((record) => !large.includes(record)));
    for (const record of large) await world.bus.send([record]);
  }
}

/** Six ways in which a record can be no event, each under a contract of its own. */
function poisoned(index: number): OutgoingRecord {
  const contractId = newId('con');
  const evaluationId = newId('eva');
  const good = recordOf({
    id: newEventId(),
    type: EvaluationFinalised,
    subject: evaluationId,
    aggregateVersion: 1,
    street: STREET,
    key: contractId,
    time: new Date('2026-11-23T02:11:09.123Z'),
    payload: { ...EvaluationFinalised.good, contractId, evaluationId },
  });
  const change = (fields: object) =>
    JSON.stringify({ ...EvaluationFinalised.good, contractId, evaluationId, ...fields });
  const ways: OutgoingRecord[] = [
    { ...good, value: '{"evaluationId": "eva_' },
    { ...good, headers: { ...good.headers, ce_type: 'mulin.evaluation.dreamt.v1' } },
    { ...good, headers: { ...good.headers, ce_type: 'mulin.evaluation.finalised.v99' } },
    { ...good, value: null },
    { ...good, value: change({ gates: 'x'.repeat(4_500_000) }) },
    { ...good, value: change({ score: 12_000 }) },
  ];
  return ways[index % ways.length] ?? good;
}

/** What an operator does: one person proposes, another confirms; the consumer carries it out. */
async function replay(world: World, which: string): Promise<void> {
  const database = await world.open('payments');
  const letters = await world.ask('payments', `select id from mulin.dead_letter where ${which}`);
  for (const { id } of letters.map((row) => ({ id: String(row.id) }))) {
    for (const by of [person(['streetOfficer']), person(['streetApprover'])]) {
      await database.as(by, async (tx) => {
        const letter = await findDeadLetter(tx, id);
        const decision = { id, expectedTries: letter?.tries ?? 0, action: 'replay' as const };
        await decideDeadLetter(tx, { ...decision, because: 'the defect is mended', by: by.id });
      });
    }
  }
  await until(
    async () => {
      const open = await world.ask(
        'payments',
        `select 1 from mulin.dead_letter where status in ('replaying', 'discarding')`,
      );
      return open.length === 0;
    },
    { what: 'the replay was not carried out' },
  );
}
