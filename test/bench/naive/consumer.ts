import 'reflect-metadata';
import { createHash } from 'node:crypto';
import { type EvaluationFinalisedPayload, PaymentDecided } from '@mulin/events';
import { newEventId, newId } from '@mulin/ids';
import { fen } from '@mulin/money';
import { type Decision, decide } from '@mulin/payment-rule';
import { Kafka, logLevel } from 'kafkajs';
import { DataSource, In } from 'typeorm';
import {
  AccountRow,
  DecisionRow,
  InboxRow,
  InstalmentRow,
  naiveEntities,
  OutboxRow,
  TransferRow,
} from './entities.js';

/**
 * The consumer everyone writes first, with kafkajs' defaults: `eachMessage`, one after the other, one
 * transaction per message, `save()` for what was made and changed, about a dozen statements. Same broker,
 * same tables with their constraints and indexes, same rows at the end (the bench compares them): inbox,
 * decision, transfers, balances, own outbox. Only the trigger that moves balances is off, since `save()` does
 * it here. It validates no schema, keeps no order of versions and cannot park: it does less than payments.
 * `NAIVE_CONCURRENCY=3` lets it work on three partitions at once.
 */
const {
  NAIVE_DB: url,
  BROKERS: brokers = '',
  TOPIC: topic = '',
  CONCURRENCY: concurrency = '1',
} = process.env;

const FISCAL_YEAR = 2026;

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
    const hash = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    await tx.insert(InboxRow, { consumer: 'payments', eventId, hash });
    const instalment = await tx.findOneOrFail(InstalmentRow, {
      where: { id: event.instalmentId },
      relations: { term: true },
    });
    const decision = decide({
      rule: instalment.term.rule,
      instalment: { no: instalment.no, kind: 'evaluated', amountFen: instalment.amountFen },
      attempt: 1,
      score: event.score,
      unfulfilledGates: event.gates.filter(({ fulfilled }) => !fulfilled).map(({ code }) => code),
      breaches: event.breaches,
      claimIn: 0n,
    });
    const row = await tx.save(decisionRow(event, instalment, decision));
    const transfers = transferRows(row, instalment.fundId);
    await post(tx, transfers);
    await tx.save(transfers);
    await tx.insert(OutboxRow, outboxRow(row, { fundId: instalment.fundId, causationId: eventId }));
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
  for (const { debit, credit, fen: moved } of transfers) {
    const [from, to] = [byId.get(debit), byId.get(credit)];
    if (!from || !to) throw new Error('an account is missing');
    from.debits = fen(from.debits + moved);
    to.credits = fen(to.credits + moved);
  }
  await tx.save(accounts);
}

function decisionRow(
  event: EvaluationFinalisedPayload,
  { id: instalmentId, no, term }: InstalmentRow,
  decision: Decision,
): DecisionRow {
  const { contractId, organisationId, evaluationId: causeId, attempt, score } = event;
  const { kind, failed: _failed, steps: because, ...figures } = decision;
  return Object.assign(new DecisionRow(), {
    ...figures,
    ...{ id: newId('dec'), street: term.street, organisationId, contractId, instalmentId },
    ...{ no, kind, causeId, attempt, score, because },
    postedReleasedFen: decision.releasedFen,
    postedReducedFen: decision.reducedFen,
    postedRectificationFen: decision.rectificationFen,
    postedRetainedFen: decision.retainedFen,
  });
}

function transferRows(row: DecisionRow, fundId: string): TransferRow[] {
  const { contractId, organisationId } = row;
  const committed = `committed:${contractId}:${fundId}`;
  return [
    { credit: `payable:${organisationId}:${fundId}`, fen: row.releasedFen },
    { credit: `available:${fundId}`, fen: row.reducedFen },
    { credit: `rectification:${contractId}:${fundId}`, fen: row.rectificationFen },
    { credit: `retained:${contractId}:${fundId}`, fen: row.retainedFen },
  ]
    .filter(({ fen: moved }) => moved > 0n)
    .map((movement) =>
      Object.assign(new TransferRow(), {
        ...movement,
        ...{ id: newId('trf'), debit: committed, fiscalYear: FISCAL_YEAR, fundId, contractId },
        ...{ street: row.street, organisationId, decisionId: row.id },
        ...{ causeType: row.kind, causeId: row.causeId },
      }),
    );
}

function outboxRow(
  row: DecisionRow,
  { fundId, causationId }: { fundId: string; causationId: string },
) {
  const id = newEventId();
  const { type, topic: to } = { type: PaymentDecided.ceType, topic: PaymentDecided.topic };
  return {
    ...{ id, type, topic: to, key: row.contractId },
    ...{ aggregateType: 'decision', aggregateId: row.id, aggregateVersion: 1 },
    payload: {
      ...{ decisionId: row.id, kind: row.kind, causeId: row.causeId, currency: 'CNY' },
      ...{ instalmentId: row.instalmentId, contractId: row.contractId, fundId },
      ...{ organisationId: row.organisationId, attempt: row.attempt, outcome: row.outcome },
      amountFen: row.amountFen.toString(),
      releasedFen: row.releasedFen.toString(),
      reducedFen: row.reducedFen.toString(),
      rectificationFen: row.rectificationFen.toString(),
      retainedFen: row.retainedFen.toString(),
      posted: {
        releasedFen: row.releasedFen.toString(),
        reducedFen: row.reducedFen.toString(),
        rectificationFen: row.rectificationFen.toString(),
        retainedFen: row.retainedFen.toString(),
      },
      previousDecisionId: null,
      ...{ ruleVersion: row.ruleVersion, inputsHash: row.inputsHash },
    },
    headers: {
      ...{ ce_specversion: '1.0', ce_id: id, ce_type: type, ce_source: PaymentDecided.source },
      ...{ ce_subject: row.id, ce_dataschema: PaymentDecided.dataSchema, ce_street: row.street },
      ...{ ce_partitionkey: row.contractId, ce_aggregateversion: '1' },
      ...{ ce_causationid: causationId, ce_time: new Date().toISOString() },
      'content-type': 'application/json',
    },
  };
}
