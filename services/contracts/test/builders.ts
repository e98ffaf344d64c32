import type { Actor } from '@mulin/auth';
import { type EventType } from '@mulin/events';
import { newEventId, newId } from '@mulin/ids';
import type { OutgoingRecord, ReceivedEvent } from '@mulin/messaging';
import { CommitmentRefused, CommitmentReserved } from '@mulin/events';
import { type TestService, testService } from '@mulin/testing';
import { CommitmentEvents } from '../src/contract/commitment.events.js';
import { boot, migrations, serviceName } from '../src/index.js';

export const STREET = '310110015';

/** What the database's clock shows in every suite, give or take the seconds it runs. */
export const NOW = new Date('2026-11-23T10:00:00+08:00');

/** The day so many days after NOW, in Shanghai. */
export const civil = (days: number) =>
  new Date(NOW.getTime() + (days * 24 + 8) * 3_600_000).toISOString().slice(0, 10);

export const person = (roles: Actor['roles'], more: Partial<Actor> = {}): Actor => ({
  id: newId('per'),
  street: STREET,
  organisation: null,
  roles,
  ...more,
});

/** A running service with one verified organisation, its manager, and the people of the street. */
export interface Bench {
  mulin: TestService;
  organisationId: string;
  officer: Actor;
  secondOfficer: Actor;
  approver: Actor;
  manager: Actor;
  do(actor: Actor, mutation: string, input: object, language?: string): Promise<Result>;
  outbox(
    aggregateId: string,
  ): Promise<{ type: string; aggregateversion: number; payload: unknown }[]>;
  /** A contract in that state, as people and payments would have brought it there. */
  contract(state: keyof typeof WAY, change?: object): Promise<Drafted>;
  /** Payments answers, through the real handler. */
  reserve(contractId: string, requestNo?: number): Promise<void>;
  refuse(contractId: string, requestNo?: number): Promise<void>;
}

export type Result = Record<string, unknown> & { __typename: string; version: number };
export type Drafted = ReturnType<typeof terms> & { id: string; version: number };

const WAY = { DRAFTED: 0, AWAITING_FUNDS: 1, FUNDED: 2, SIGNED: 3, ACTIVE: 4 } as const;

export async function bench(
  options: { events?: boolean; topicPrefix?: string } = {},
): Promise<Bench> {
  const mulin = await testService({ serviceName, boot, migrations, ...options });
  await mulin.database.advanceClock(`${(NOW.getTime() - Date.now()) / 1000} seconds`);
  const organisationId = newId('org');
  await knownOrganisation(mulin, organisationId);
  const officer = person(['streetOfficer']);
  const approver = person(['streetApprover']);
  const manager = person(['organisationManager'], { organisation: organisationId });
  const handlers = new CommitmentEvents();

  const self: Bench = {
    mulin,
    organisationId,
    officer,
    secondOfficer: person(['streetOfficer']),
    approver,
    manager,
    do: async (actor, mutation, input, language = 'en') => {
      const { data, errors } = await mulin.ask<Record<string, Result>>(
        actor,
        mutationOf(mutation),
        { input },
        { 'accept-language': language },
      );
      const result = data?.[mutation];
      if (!result) throw new Error(`${mutation}: ${JSON.stringify(errors)}`);
      return result;
    },
    outbox: (aggregateId) =>
      mulin.database.query(
        'select type, aggregateversion, payload from mulin.outbox where aggregateid = $1 order by seq',
        [aggregateId],
      ),
    contract: async (state, change = {}) => {
      const input = { ...terms(organisationId), ...change };
      const drafted = await self.do(officer, 'draftContract', input);
      if (drafted.__typename !== 'Contract') throw new Error(JSON.stringify(drafted));
      const step = (version: number) => ({ ...key(input.id), expectedVersion: version });
      let version = 1;
      if (WAY[state] >= 1)
        version = (await self.do(officer, 'requestFunds', step(version))).version;
      if (WAY[state] >= 2) {
        await self.reserve(input.id);
        version += 1;
      }
      if (WAY[state] >= 3) {
        const textHash = await hashOf(mulin, officer, input.id);
        const signed = async (actor: Actor, side: string) =>
          (await self.do(actor, 'signContract', { ...step(version), side, textHash })).version;
        version = await signed(approver, 'BUYER');
        version = await signed(manager, 'PROVIDER');
      }
      if (WAY[state] >= 4)
        version = (await self.do(officer, 'activateContract', step(version))).version;
      return { ...input, version };
    },
    reserve: (contractId, requestNo = 1) =>
      mulin.service.database.asSystem(async (tx) => {
        const instalments = await tx.query<{ id: string }[]>(
          'select id from instalment where contract_id = $1',
          [contractId],
        );
        const instalmentIds = instalments.map(({ id }) => id);
        const payload = { ...CommitmentReserved.good, contractId, requestNo, instalmentIds };
        await handlers.reserved([received(CommitmentReserved, payload)], { tx });
      }),
    refuse: (contractId, requestNo = 1) =>
      mulin.service.database.asSystem(async (tx) => {
        const payload = { ...CommitmentRefused.good, contractId, requestNo };
        await handlers.refused([received(CommitmentRefused, payload)], { tx });
      }),
  };
  return self;
}

export function knownOrganisation(
  mulin: TestService,
  id: string,
  facts: { verified?: boolean; street?: string; restrictedUntil?: string } = {},
) {
  return mulin.database.query(
    'insert into organisation (id, street, name, verified, restricted_until) values ($1, $2, $3, $4, $5)',
    [
      id,
      facts.street ?? STREET,
      '延泽社会服务中心',
      facts.verified ?? true,
      facts.restrictedUntil ?? null,
    ],
  );
}

/** 第三睦邻中心托管协议: 900,000 CNY, an advance and two halves of a year, two obligations. */
export function terms(organisationId: string) {
  const fundId = newId('fun');
  return {
    id: newId('con'),
    organisationId,
    title: '第三睦邻中心托管协议',
    amount: '90000000',
    from: '2026-01-01',
    to: '2026-12-31',
    rule: {
      bands: [
        { fromScore: 0, payShare: 0, grade: '不合格' },
        { fromScore: 6000, payShare: 7000, grade: '合格' },
        { fromScore: 8000, payShare: 9000, grade: '良好' },
        { fromScore: 9000, payShare: 10000, grade: '优秀' },
      ],
      failBelow: 6000,
      gates: [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [2, 3] }],
      breachDeductions: [
        { obligation: 'hotline-response', per: { fen: '100000' }, cap: { share: 500 } },
      ],
      retention: 1000,
      rectificationDays: 20,
      carryExcess: false,
    },
    obligations: [
      { code: 'volunteer-team', title: '孵化志愿者团队', metric: '年内 2 支' },
      { code: 'hotline-response', title: '热线按时响应' },
    ],
    instalments: [
      { id: newId('ins'), no: 1, kind: 'ADVANCE', amount: '30000000', fundId },
      {
        id: newId('ins'),
        no: 2,
        kind: 'EVALUATED',
        amount: '30000000',
        periodFrom: '2026-01-01',
        periodTo: '2026-06-30',
        fundId,
      },
      {
        id: newId('ins'),
        no: 3,
        kind: 'EVALUATED',
        amount: '30000000',
        periodFrom: '2026-07-01',
        periodTo: '2026-12-31',
        fundId,
      },
    ],
  };
}

let serial = 0;
export const key = (id: string) => ({ id, idempotencyKey: `key-${(serial += 1)}` });

export async function hashOf(mulin: TestService, actor: Actor, id: string): Promise<string> {
  const { contract } = await mulin.answer<{ contract: { textHash: string } }>(
    actor,
    'query ($id: ID!) { contract(id: $id) { textHash } }',
    { id },
  );
  return contract.textHash;
}

const INPUT_NAMES: Record<string, string> = {
  requestFunds: 'ContractStepInput',
  cancelContract: 'ContractStepInput',
  activateContract: 'ContractStepInput',
  completeContract: 'ContractStepInput',
  withdrawTermination: 'ContractStepInput',
  terminateContract: 'ContractStepInput',
  confirmFulfilment: 'DecideReportInput',
  withdrawFulfilment: 'DecideReportInput',
  confirmBreach: 'DecideReportInput',
  withdrawBreach: 'DecideReportInput',
};

/** What each kind of answer is asked for; only those that the mutation's union has are sent. */
const FACTS: Record<string, string> = {
  Contract:
    'id state version requestNo title signedAt completedOn termination { reasonCode lastDay proposedById confirmedById }',
  Fulfilment: 'id state version',
  Breach: 'id state version',
  InstalmentsDoNotSum: 'sum { fen currency } total { fen }',
  TermTooLong: 'mostMonths',
  LongTermUnexplained: 'usualMonths',
  LotHasContract: 'otherId',
  TenderNeeded: 'limit { fen }',
  RuleInvalid: 'problems { code path article message }',
  DatesOutOfOrder: 'from to',
  PeriodOutsideTerm: 'no from to',
  PeriodsOverlap: 'no otherNo',
  ObligationRepeated: 'code',
  ObligationUnknown: 'code known',
  OccurredOutsideTerm: 'occurredAt',
  FundsNotReserved: 'state unreserved',
  OrganisationNotVerified: 'organisationId',
  OrganisationRestricted: 'organisationId until',
  NotYourSide: 'side',
  SideAlreadySigned: 'side',
  SecondPersonNeeded: 'firstPersonId',
  ContractChangedSinceSigned: 'signedHash currentHash',
  ContractIsSuspended: 'contractId since',
  TermNotBegun: 'from',
  TermNotOver: 'to',
  TerminationReasonUnknown: 'reasonCode known',
  DayOutsideTerm: 'day',
  InvalidInput: 'field problem',
  IdAlreadyUsed: 'id',
  IdempotencyKeyReused: 'idempotencyKey',
  StateConflict: 'expectedVersion actualVersion actualState',
};

const TERMS =
  'TermTooLong LongTermUnexplained TenderNeeded DatesOutOfOrder PeriodOutsideTerm PeriodsOverlap InstalmentsDoNotSum ObligationRepeated RuleInvalid IdAlreadyUsed InvalidInput';
const STEP = 'StateConflict IdempotencyKeyReused InvalidInput';
const RECORD =
  'ContractIsSuspended ObligationUnknown OccurredOutsideTerm StateConflict IdAlreadyUsed InvalidInput';
const MEMBERS: Record<string, string> = {
  draftContract: `Contract OrganisationNotVerified OrganisationRestricted ${TERMS}`,
  reviseContract: `Contract ${TERMS} StateConflict IdempotencyKeyReused`,
  signContract: `Contract FundsNotReserved NotYourSide SideAlreadySigned SecondPersonNeeded ContractChangedSinceSigned RuleInvalid OrganisationNotVerified OrganisationRestricted ${STEP}`,
  requestFunds: `Contract LotHasContract ${STEP}`,
  cancelContract: `Contract ${STEP}`,
  activateContract: `Contract ContractIsSuspended TermNotBegun ${STEP}`,
  completeContract: `Contract ContractIsSuspended TermNotOver ${STEP}`,
  proposeTermination: `Contract TerminationReasonUnknown DayOutsideTerm ${STEP}`,
  withdrawTermination: `Contract ${STEP}`,
  terminateContract: `Contract SecondPersonNeeded ${STEP}`,
  recordFulfilment: `Fulfilment NotYourSide ${RECORD}`,
  confirmFulfilment: `Fulfilment SecondPersonNeeded ${STEP}`,
  withdrawFulfilment: `Fulfilment NotYourSide ${STEP}`,
  recordBreach: `Breach ${RECORD}`,
  confirmBreach: `Breach SecondPersonNeeded ${STEP}`,
  withdrawBreach: `Breach ${STEP}`,
};

function mutationOf(name: string): string {
  const input = INPUT_NAMES[name] ?? `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  const members = (MEMBERS[name] ?? '')
    .split(' ')
    .map((type) => `... on ${type} { ${FACTS[type]} }`);
  return `mutation ($input: ${input}!) { ${name}(input: $input) {
    __typename ... on Refusal { message rule { id article title } } ${members.join(' ')}
  } }`;
}

/** An event as a handler gets it. */
export function received<P>(type: EventType<P>, payload: P): ReceivedEvent<P> {
  return {
    id: newEventId(),
    type,
    subject: type.subject(payload),
    aggregateVersion: 1,
    street: STREET,
    key: type.key(payload),
    time: new Date(),
    payload,
    topic: type.topic,
    partition: 0,
    offset: '0',
  };
}

/** An event as another service's relay sends it: CloudEvents in binary mode. */
export function record<P>(
  type: EventType<P>,
  payload: P,
  aggregateVersion: number,
): OutgoingRecord {
  const recordKey = type.key(payload);
  return {
    topic: type.topic,
    key: recordKey,
    value: JSON.stringify(payload),
    headers: {
      ce_specversion: '1.0',
      ce_id: newEventId(),
      ce_type: type.ceType,
      ce_source: type.source,
      ce_subject: type.subject(payload),
      ce_time: new Date().toISOString(),
      ce_dataschema: type.dataSchema,
      ce_street: STREET,
      ce_partitionkey: recordKey,
      ce_aggregateversion: String(aggregateVersion),
      'content-type': 'application/json',
    },
  };
}
