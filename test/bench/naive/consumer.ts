import 'reflect-metadata';
import { createHash } from 'node:crypto';
import type { EvaluationFinalisedPayload } from '@mulin/events';
import { newId } from '@mulin/ids';
import { type Decision, decide } from '@mulin/payment-rule';
import { Kafka, logLevel } from 'kafkajs';
import { DataSource, In } from 'typeorm';
import {
  AccountRow,
  DecisionRow,
  InboxRow,
  naiveEntities,
  OutboxRow,
  TermRow,
  TransferRow,
} from './entities.js';

/**
 * The consumer everyone writes first, with kafkajs' defaults: `eachMessage`, one after the other, one
 * transaction per message, `save()` for what was made and changed, about a dozen statements. Same broker,
 * same effect as payments: inbox, decision, transfers, balances, own outbox. It is what the batched consumer
 * is compared with. `NAIVE_CONCURRENCY=3` lets it work on three partitions at once.
 */
const {
  NAIVE_DB: url,
  BROKERS: brokers = '',
  TOPIC: topic = '',
  CONCURRENCY: concurrency = '1',
} = process.env;

const database = new DataSource({ type: 'postgres', url, entities: naiveEntities, poolSize: 8 });
await database.initialize();
const kafka = new Kafka({
  clientId: 'naive',
  brokers: brokers.split(','),
  logLevel: logLevel.NOTHING,
});
const consumer = kafka.consumer({ groupId: `naive.${topic}`, maxWaitTimeInMs: 100 });
consumer.on(consumer.events.GROUP_JOIN, () => process.send?.('joined'));
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  partitionsConsumedConcurrently: Number(concurrency),
  eachMessage: async ({ message }) => {
    const text = message.value?.toString() ?? '';
    // Header values of kafkajs are buffers or strings; the id is one string.
    await handle(
      String(message.headers?.ce_id),
      text,
      JSON.parse(text) as EvaluationFinalisedPayload,
    );
  },
});

process.on('SIGTERM', () => void consumer.disconnect().then(() => process.exit(0)));

async function handle(eventId: string, text: string, event: EvaluationFinalisedPayload) {
  await database.transaction(async (tx) => {
    await tx.insert(InboxRow, { eventId, hash: createHash('sha256').update(text).digest('hex') });
    const term = await tx.findOneByOrFail(TermRow, { instalmentId: event.instalmentId });
    const decision = decide({
      rule: term.rule,
      instalment: { no: term.no, kind: 'evaluated', amountFen: term.amountFen },
      attempt: 1,
      score: event.score,
      unfulfilledGates: event.gates.filter(({ fulfilled }) => !fulfilled).map(({ code }) => code),
      breaches: event.breaches,
      claimIn: 0n,
    });
    const row = Object.assign(new DecisionRow(), {
      ...figuresOf(decision),
      id: newId('dec'),
      evaluationId: event.evaluationId,
      instalmentId: event.instalmentId,
      outcome: decision.outcome,
      inputsHash: decision.inputsHash,
      because: decision.steps,
    });
    await tx.save(row);
    const transfers = movementsOf(term, decision).map((movement) =>
      Object.assign(new TransferRow(), { ...movement, id: newId('trf'), decisionId: row.id }),
    );
    await post(tx, transfers);
    await tx.save(transfers);
    await tx.insert(OutboxRow, {
      id: newId('dec'),
      aggregateId: row.id,
      type: 'payment.decided',
      payload: {
        decisionId: row.id,
        releasedFen: row.releasedFen.toString(),
        inputsHash: row.inputsHash,
      },
    });
  });
}

async function post(tx: DataSource['manager'], transfers: TransferRow[]) {
  const ids = [...new Set(transfers.flatMap(({ debit, credit }) => [debit, credit]))].sort();
  const accounts = await tx.find(AccountRow, {
    where: { id: In(ids) },
    order: { id: 'ASC' },
    lock: { mode: 'for_no_key_update' },
  });
  const byId = new Map(accounts.map((account) => [account.id, account]));
  for (const { debit, credit, fen } of transfers) {
    const [from, to] = [byId.get(debit), byId.get(credit)];
    if (!from || !to) throw new Error('an account is missing');
    from.debits += fen;
    to.credits += fen;
  }
  await tx.save(accounts);
}

function movementsOf(term: TermRow, decision: Decision) {
  const committed = `committed:${term.contractId}`;
  return [
    { debit: committed, credit: `payable:${term.organisationId}`, fen: decision.releasedFen },
    { debit: committed, credit: `available:${term.fundId}`, fen: decision.reducedFen },
    {
      debit: committed,
      credit: `rectification:${term.contractId}`,
      fen: decision.rectificationFen,
    },
    { debit: committed, credit: `retained:${term.contractId}`, fen: decision.retainedFen },
  ].filter(({ fen }) => fen > 0n);
}

function figuresOf({ releasedFen, reducedFen, rectificationFen, retainedFen }: Decision) {
  return { releasedFen, reducedFen, rectificationFen, retainedFen };
}
