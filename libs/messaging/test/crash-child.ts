/**
 * A small service in a process of its own, for the fault tests: writes facts, publishes them, handles
 * them, answers with facts of its own. `node … crash-child.ts <settings as JSON>`.
 */
import { Database, failpoint } from '@mulin/database';
import { ContractSigned, EvaluationFinalised } from '@mulin/events';
import { newId } from '@mulin/ids';
import kafkajs from 'kafkajs';
import {
  append,
  type EventBus,
  EventsController,
  type HandlerContext,
  KafkaBus,
  OnEvent,
  type ReceivedEvent,
} from '../src/index.js';
import { BENCH_CONSUMER, contract, effects, evaluation, run, STREET } from './harness.js';

export interface ChildSettings {
  urls: { app: string; consumer: string; relay: string };
  brokers: string[];
  topicPrefix: string;
  /** How many facts to write, one transaction each. */
  facts: number;
  /** The broker's client fails for good at the first chunk. */
  breakClient?: boolean;
}

@EventsController()
class Handlers {
  @OnEvent(EvaluationFinalised)
  async onEvaluation(events: ReceivedEvent[], context: HandlerContext) {
    await effects(events, context);
    await append(
      context.tx,
      events.map((event) => contract(event.key)),
    );
  }

  @OnEvent(ContractSigned)
  onContract(events: ReceivedEvent[], context: HandlerContext) {
    return effects(events, context);
  }
}

const settings = JSON.parse(process.argv[2] ?? '{}') as ChildSettings;
const opened = new Database({ service: 'bench', urls: settings.urls, entities: [] });
await opened.connect();
const kafka = new KafkaBus({
  brokers: settings.brokers,
  clientId: 'bench',
  topicPrefix: settings.topicPrefix,
  sessionTimeoutMs: 1_500,
});
const service = await run(opened, [Handlers], {
  bus: settings.breakClient ? breaking(kafka) : kafka,
  consumer: BENCH_CONSUMER,
  relayUrl: settings.urls.relay,
});
const states = new Set<string>();
setInterval(() => {
  const state = service.readiness.checks.get('events')?.() ?? '';
  if (!states.has(state)) process.stdout.write(`events: ${state}\n`);
  states.add(state);
}, 20);

const officer = { id: newId('per'), street: STREET, organisation: null, roles: [] };
for (let n = 0; n < settings.facts; n += 1) {
  const event = evaluation();
  await opened.as(officer, async (tx) => {
    failpoint('beforeStateWrite');
    await tx.query('insert into fact (contract_id) values ($1)', [event.payload.contractId]);
    await append(tx, event);
  });
}
process.once('SIGTERM', () => {
  void service
    .stop()
    .then(() => opened.close())
    .then(() => process.exit(0));
});
// Last: whoever reads it may send the signal at once.
process.stdout.write('written\n');

/** kafkajs ends a consumer for good on an error that it holds to be beyond retrying. */
function breaking(bus: EventBus): EventBus {
  return {
    send: (records) => bus.send(records),
    close: () => bus.close(),
    subscribe: (subscription) =>
      bus.subscribe({
        ...subscription,
        onChunk: () => Promise.reject(new kafkajs.KafkaJSNonRetriableError('injected')),
      }),
  };
}
