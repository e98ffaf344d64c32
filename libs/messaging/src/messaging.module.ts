import { Database, RECORD, Sealer, type SealedSource } from '@mulin/database';
import { LOGGER, READINESS, type Readiness, type ServiceConfig } from '@mulin/graphql';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  type INestApplication,
  Inject,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { ConsumerDefinition } from './consumer.js';
import type { EventBus } from './event-bus.js';
import { EventStrategy } from './event-strategy.js';
import { KafkaBus } from './kafka-bus.js';
import type { Log } from './log.js';
import { OLD_INBOX_ROWS } from './kept-inbox.js';
import { MessagingHealth } from './messaging-health.js';
import { sealRoundsFailed } from './metrics.js';
import { Relay } from './relay.js';
import { tellHeads } from './tell-heads.js';

export const EVENT_BUS = Symbol('mulin.eventBus');
const OPTIONS = Symbol('mulin.messagingOptions');

export interface MessagingOptions {
  /** `consume: false` and `relay: false` leave that half to another process. */
  config: Pick<
    ServiceConfig,
    'service' | 'kafka' | 'consume' | 'relay' | 'auditKey' | 'headsEveryMs'
  > & {
    database: Pick<ServiceConfig['database'], 'relay'>;
  };
  /** What the service listens to; absent: nothing. */
  consumer?: ConsumerDefinition;
  /** What of its database is sealed; default: the outbox and who did what. */
  sealed?: readonly SealedSource[];
  /** Default: Kafka, at `config.kafka`. */
  bus?: EventBus;
  /** Partitions worked on side by side. Default 3. */
  concurrency?: number;
  /** What to do when the consumer is dead for good. Default: end the process with 1, to be restarted. */
  onFatal?: () => void;
}

/**
 * Outbox relay, seals and event consumer of a service. Needs `Database`, LOGGER and READINESS (SubgraphModule
 * gives them); `attachMessaging(app)` starts both.
 */
@Module({})
export class MessagingModule
  implements OnModuleInit, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly relay: Relay | null;
  private readonly sealer: Sealer | null;
  private readonly strategy: EventStrategy | null;

  constructor(
    @Inject(OPTIONS) private readonly options: MessagingOptions,
    @Inject(EVENT_BUS) private readonly bus: EventBus,
    @Inject(MessagingHealth) private readonly health: MessagingHealth,
    @Inject(READINESS) private readonly readiness: Readiness,
    @Inject(Database) database: Database,
    @Inject(LOGGER) log: Log,
  ) {
    const { config, consumer, concurrency, sealed: sources = RECORD } = options;
    const { service } = config;
    // One contract's facts are as much money on their way out as on their way in.
    const twoPeople = consumer?.blocksKeyOnDeadLetter === true;
    const { relay: url } = config.database;
    this.relay = config.relay === false ? null : new Relay({ service, twoPeople, url, bus, log });
    this.sealer =
      config.relay === false
        ? null
        : new Sealer({
            ...{ service, url, sources },
            tell: (client) => tellHeads(client, { config, sources }),
            failed: (error) => {
              sealRoundsFailed.inc({ service });
              log.warn({ error }, 'seals: will try again');
            },
          });
    database.cleanUp.add(OLD_INBOX_ROWS);
    const onFatal = () => this.fatal(log);
    this.strategy =
      !consumer || config.consume === false
        ? null
        : new EventStrategy({
            consumer,
            bus,
            source: database.consumer,
            log,
            concurrency,
            onFatal,
          });
  }

  static forService(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [
        MessagingHealth,
        { provide: OPTIONS, useValue: options },
        { provide: EVENT_BUS, useValue: options.bus ?? kafkaOf(options) },
      ],
      exports: [MessagingHealth, EVENT_BUS],
    };
  }

  onModuleInit(): void {
    this.health.watch({ relay: this.relay, strategy: this.strategy });
    this.readiness.checks.set('events', () => this.health.state());
  }

  async start(app: INestApplication): Promise<void> {
    this.relay?.start();
    this.sealer?.start();
    if (!this.strategy) return;
    app.connectMicroservice({ strategy: this.strategy });
    // Everything that handlers may use has been initialised before the first event.
    await app.init();
    await app.startAllMicroservices();
  }

  /**
   * Stop taking in, seal what came in, then let the relay finish, while the HTTP server still answers the probes. The
   * database closes after us, so that nothing is cut off in the middle.
   */
  async beforeApplicationShutdown(): Promise<void> {
    await this.strategy?.close();
    await this.sealer?.stop();
    await this.relay?.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.bus.close();
  }

  private fatal(log: Log): void {
    log.error(
      { service: this.options.config.service },
      'consumer: dead for good, ending the process',
    );
    if (this.options.onFatal) return this.options.onFatal();
    // A moment for the probes to see it and for the log to be written.
    setTimeout(() => process.exit(1), 1_000);
  }
}

/** Starts relay, seals and consumer of an application with a MessagingModule: the `attach` of `bootService`. */
export function attachMessaging(app: INestApplication): Promise<void> {
  return app.get(MessagingModule, { strict: false }).start(app);
}

const kafkaOf = ({ config: { service, kafka } }: MessagingOptions): KafkaBus =>
  new KafkaBus({ ...kafka, clientId: `mulin-${service}` });
