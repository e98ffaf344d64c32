import { randomUUID } from 'node:crypto';
import type { Actor } from '@mulin/auth';
import {
  AcceptanceSigned,
  ContractFundsReleased,
  ContractFundsRequested,
  type ContractFundsRequestedPayload,
  ContractSigned,
  ContractTerminated,
  type ContractTerminatedPayload,
  EvaluationFinalised,
  type EventType,
  RectificationLapsed,
  RectificationSubmitted,
} from '@mulin/events';
import { newEventId, newId } from '@mulin/ids';
import { KafkaBus, type OutgoingRecord, type ReceivedEvent } from '@mulin/messaging';
import { type PaymentRule, standardRule } from '@mulin/payment-rule';
import { type TestDatabase, testBrokers } from '@mulin/testing';
import { checks } from '../src/checks.js';

export const STREET = '310110015';

export const person = (roles: Actor['roles'], more: Partial<Actor> = {}): Actor => ({
  id: newId('per'),
  street: STREET,
  organisation: null,
  roles,
  ...more,
});

/** An event of another service, as it would come; send it by `Sender`, or hand it to a handler. */
export type Told<P = unknown> = Omit<ReceivedEvent<P>, 'topic' | 'partition' | 'offset'>;

/** Counts the events of each aggregate, as the producing service does. */
const counted = new Map<string, number>();

export function tell<P>(type: EventType<P>, payload: P, street = STREET): Told<P> {
  const subject = type.subject(payload);
  const stream = `${type.aggregate}:${subject}`;
  const aggregateVersion = (counted.get(stream) ?? 0) + 1;
  counted.set(stream, aggregateVersion);
  const time = new Date('2026-11-23T02:11:09.123Z');
  return {
    id: newEventId(),
    type,
    subject,
    aggregateVersion,
    street,
    key: type.key(payload),
    time,
    payload,
  };
}

/** As the strategy hands events to a handler. */
export function received<P>(event: Told<P>): ReceivedEvent<P> {
  return { ...event, topic: event.type.topic, partition: 0, offset: '0' };
}

export interface InstalmentDraft {
  id: string;
  no: number;
  kind: 'advance' | 'evaluated';
  amountFen: string;
  fundId: string;
  /** Last day of its period, where the story is not that of the first half-year. */
  periodTo?: string;
}

/** A contract with everything that other services tell about it. */
export class ContractStory {
  readonly id = newId('con');
  readonly organisationId: string;
  readonly instalments: InstalmentDraft[];
  readonly rule: PaymentRule;
  readonly street: string;

  constructor(facts: {
    fundId: string;
    /** Amounts in fen; the instalments are evaluated, unless `advance` says that the first is not. */
    amounts?: bigint[];
    /** Last days of their periods; those that are not named end on 30 June. */
    periods?: string[];
    advance?: boolean;
    rule?: Partial<PaymentRule>;
    organisationId?: string;
    street?: string;
  }) {
    const { fundId, amounts = [30_000_000n], periods = [], advance = false } = facts;
    this.organisationId = facts.organisationId ?? newId('org');
    this.street = facts.street ?? STREET;
    this.rule = { ...standardRule, ...facts.rule };
    this.instalments = amounts.map((amount, index) => ({
      id: newId('ins'),
      no: index + 1,
      kind: advance && index === 0 ? 'advance' : 'evaluated',
      amountFen: amount.toString(),
      fundId,
      ...(periods[index] ? { periodTo: periods[index] } : {}),
    }));
  }

  instalment(no: number): InstalmentDraft {
    const found = this.instalments[no - 1];
    if (!found) throw new Error(`There is no instalment ${no}.`);
    return found;
  }

  get amountFen(): string {
    return this.instalments.reduce((sum, { amountFen }) => sum + BigInt(amountFen), 0n).toString();
  }

  requested(
    requestNo = 1,
    instalments = this.instalments,
    later: ContractFundsRequestedPayload['later'] = [],
  ) {
    const { id: contractId, organisationId } = this;
    const lines = instalments.map(({ id, no, amountFen, fundId }) => ({
      id,
      no,
      amountFen,
      fundId,
    }));
    const payload = { contractId, organisationId, requestNo, instalments: lines, later };
    return tell(ContractFundsRequested, payload, this.street);
  }

  released(requestNo = 1, because: 'cancelled' | 'expired' = 'cancelled') {
    const { id: contractId, organisationId } = this;
    return tell(
      ContractFundsReleased,
      { contractId, organisationId, requestNo, because },
      this.street,
    );
  }

  signed(changes: { ruleVersion?: number } = {}) {
    const codes = [...this.rule.gates, ...this.rule.breachDeductions].map(
      (each) => each.obligation,
    );
    return tell(
      ContractSigned,
      {
        contractId: this.id,
        title: '第三睦邻中心托管协议',
        organisationId: this.organisationId,
        tenderId: null,
        amountFen: this.amountFen,
        from: '2026-01-01',
        to: '2026-12-31',
        ruleVersion: this.rule.version,
        rule: this.rule,
        obligations: [...new Set(codes)].map((code) => ({ code })),
        instalments: this.instalments.map((each) =>
          each.kind === 'advance'
            ? each
            : { periodFrom: '2026-01-01', periodTo: '2026-06-30', ...each },
        ),
        signedAt: '2026-01-01T02:00:00.000Z',
        ...changes,
      },
      this.street,
    );
  }

  finalised(facts: {
    no?: number;
    score: number;
    evaluationId?: string;
    /** Makes it the second attempt. */
    after?: string;
    unfulfilled?: string[];
    breaches?: { id: string; obligation: string }[];
    ruleVersion?: number;
  }) {
    const { no = 1, score, unfulfilled = [], breaches = [] } = facts;
    const guarding = this.rule.gates.filter(({ appliesTo }) => appliesTo.includes(no));
    return tell(
      EvaluationFinalised,
      {
        evaluationId: facts.evaluationId ?? newId('eva'),
        contractId: this.id,
        instalmentId: this.instalment(no).id,
        organisationId: this.organisationId,
        attempt: facts.after ? 2 : 1,
        previousEvaluationId: facts.after ?? null,
        score,
        gates: guarding.map(({ obligation: code }) => ({
          code,
          fulfilled: !unfulfilled.includes(code),
        })),
        breaches,
        ruleVersion: facts.ruleVersion ?? this.rule.version,
        finalisedAt: '2026-11-23T02:11:09.123Z',
      },
      this.street,
    );
  }

  submitted(evaluationId: string, no = 1) {
    const payload = { ...this.rectification(evaluationId, no), submittedOn: '2026-08-03' };
    return tell(RectificationSubmitted, payload, this.street);
  }

  lapsed(evaluationId: string, no = 1) {
    const payload = {
      ...this.rectification(evaluationId, no),
      lapsedAt: '2026-08-14T16:00:00.000Z',
    };
    return tell(RectificationLapsed, payload, this.street);
  }

  accepted(outcome: 'accepted' | 'failed' = 'accepted') {
    const { id: contractId, organisationId } = this;
    const signedAt = '2027-01-15T02:00:00.000Z';
    const payload = { acceptanceId: newId('acc'), contractId, organisationId, outcome, signedAt };
    return tell(AcceptanceSigned, payload, this.street);
  }

  terminated(more: Partial<ContractTerminatedPayload> = {}) {
    const { id: contractId, organisationId } = this;
    const payload = {
      contractId,
      organisationId,
      reasonCode: 'agreement',
      terminatedOn: '2026-09-30',
      ...more,
    };
    return tell(ContractTerminated, payload, this.street);
  }

  private rectification(evaluationId: string, no: number) {
    return {
      rectificationId: newId('rec'),
      evaluationId,
      instalmentId: this.instalment(no).id,
      contractId: this.id,
      organisationId: this.organisationId,
    };
  }
}

export function breaches(obligation: string, count: number) {
  return Array.from({ length: count }, () => ({ id: newId('brc'), obligation }));
}

/** Sends events to the real broker as their services would. */
export class Sender {
  private readonly bus: KafkaBus;

  constructor(topicPrefix: string) {
    this.bus = new KafkaBus({ brokers: testBrokers(), topicPrefix, clientId: 'test-sender' });
  }

  send(...events: Told[]): Promise<void> {
    return this.bus.send(events.map(recordOf));
  }

  close(): Promise<void> {
    return this.bus.close();
  }
}

export function recordOf({
  id,
  type,
  subject,
  aggregateVersion,
  street,
  key,
  time,
  payload,
}: Told): OutgoingRecord {
  return {
    topic: type.topic,
    key,
    value: JSON.stringify(payload),
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_type: type.ceType,
      ce_source: type.source,
      ce_subject: subject,
      ce_dataschema: type.dataSchema,
      ce_street: street,
      ce_partitionkey: key,
      ce_aggregateversion: String(aggregateVersion),
      ce_time: time.toISOString(),
      'content-type': 'application/json',
    },
  };
}

/** Puts an open fund with budget into the database, without going through GraphQL. */
export async function fundWith(
  database: Pick<TestDatabase, 'query'>,
  amountFen: bigint,
  { street = STREET, fiscalYear = 2999 }: { street?: string; fiscalYear?: number } = {},
): Promise<string> {
  const id = newId('fun');
  const appropriation = newId('apr');
  await database.query(
    `insert into fund (id, street, fiscal_year, title, state, opened_by, version)
     values ($1, $2, $3, '睦邻中心运营', 'OPEN', 'per_1', 1)`,
    [id, street, fiscalYear],
  );
  await database.query(
    `insert into account (id, street, fiscal_year, kind, owner, fund_id)
     select kind || ':' || $1, $2, $3, kind, $1, $1
     from unnest(array['appropriation', 'available', 'lapsed']) as kind`,
    [id, street, fiscalYear],
  );
  if (amountFen > 0n) {
    await database.query(
      `insert into appropriation (id, street, fund_id, amount_fen, document, state, proposed_by,
         approved_by, version)
       values ($1, $2, $3, $4, '杨财预〔2026〕1号', 'APPROVED', 'per_1', 'per_2', 2)`,
      [appropriation, street, id, amountFen.toString()],
    );
    await database.query(
      `insert into transfer (id, street, fiscal_year, fund_id, debit, credit, fen, cause_type, cause_id)
       values ($1, $2, $3, $4, 'appropriation:' || $4, 'available:' || $4, $5, 'appropriation', $6)`,
      [newId('trf'), street, fiscalYear, id, amountFen.toString(), appropriation],
    );
  }
  return id;
}

/** Every check of the service, over everything that the suite did: the broken ones by their sentence. */
export async function brokenChecks(database: Pick<TestDatabase, 'query'>): Promise<string[]> {
  const broken: string[] = [];
  for (const { name, sql } of checks) {
    const rows = await database.query(sql);
    if (rows.length > 0) broken.push(`${name}: ${JSON.stringify(rows.slice(0, 3))}`);
  }
  return broken;
}

export const key = (): string => randomUUID();
