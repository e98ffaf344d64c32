import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CommitmentRefused,
  CommitmentReleased,
  CommitmentReserved,
  ContractFundsRequested,
  OrganisationRegistered,
  OrganisationRestricted,
  OrganisationVerified,
  PaymentDecided,
  TenderAwarded,
  TenderResumed,
  TenderSuspended,
} from '@mulin/events';
import { newId } from '@mulin/ids';
import { ensureTopics, KafkaBus } from '@mulin/messaging';
import { eventually, testBrokers, uniqueName } from '@mulin/testing';
import { Kafka, logLevel } from 'kafkajs';
import { ContractClock } from '../src/contract/contract-clock.js';
import { type Bench, bench, type Drafted, hashOf, key, record, terms } from './builders.js';
import { expectChecksToHold } from './checks.js';

describe('what contracts hears through the broker', () => {
  let at: Bench;
  let bus: KafkaBus;
  beforeAll(async () => {
    const topicPrefix = `${uniqueName('contracts')}.`;
    const brokers = testBrokers();
    await ensureTopics(brokers, { partitions: 3, topicPrefix });
    bus = new KafkaBus({ brokers, clientId: 'payments-of-the-test', topicPrefix });
    at = await bench({ events: true, topicPrefix });
  });
  afterAll(async () => {
    await bus.close();
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const stateOf = async (id: string) => {
    const [row] = await at.mulin.database.query<Record<string, unknown>>(
      'select state, version, request_no, funds_refusal from contract where id = $1',
      [id],
    );
    return row;
  };
  const within = { withinMs: 20_000 };
  const until = (id: string, wanted: object) =>
    eventually(async () => expect(await stateOf(id)).toMatchObject(wanted), within);
  const answer = (contract: Drafted, requestNo = 1) => ({
    contractId: contract.id,
    organisationId: at.organisationId,
    requestNo,
  });
  const reserved = (contract: Drafted, requestNo: number, aggregateVersion: number) =>
    record(
      CommitmentReserved,
      {
        ...CommitmentReserved.good,
        ...answer(contract, requestNo),
        instalmentIds: contract.instalments.map(({ id }) => id),
      },
      aggregateVersion,
    );
  const refused = (contract: Drafted, requestNo: number, aggregateVersion: number) =>
    record(
      CommitmentRefused,
      { ...CommitmentRefused.good, ...answer(contract, requestNo) },
      aggregateVersion,
    );
  /** An event that changes nothing, sent behind the others: when it was handled, they were. */
  const drained = async (contract: Drafted, aggregateVersion: number) => {
    const last = record(
      CommitmentReleased,
      { ...CommitmentReleased.good, ...answer(contract, 99) },
      aggregateVersion,
    );
    await bus.send([last]);
    await eventually(async () => {
      const rows = await at.mulin.database.query('select from mulin.inbox where event_id = $1', [
        last.headers.ce_id,
      ]);
      return rows.length === 1;
    }, within);
  };

  const award = (change: Partial<typeof TenderAwarded.good> = {}) =>
    record(
      TenderAwarded,
      {
        ...TenderAwarded.good,
        tenderId: newId('ten'),
        lotId: newId('lot'),
        organisationId: at.organisationId,
        contractId: newId('con'),
        // The award notice went out today, by the clock of these suites.
        noticedAt: '2026-11-23T09:00:00+08:00',
        ...change,
      },
      1,
    );

  it('drafts the contract of an award from the tender file and the price, once, though the event comes twice', async () => {
    const event = award();
    const { contractId: id } = JSON.parse(String(event.value)) as { contractId: string };
    await bus.send([event, event]);
    await until(id, { state: 'drafted', version: 1 });
    const { contract } = await at.mulin.answer<{ contract: object }>(
      at.manager,
      `query ($id: ID!) { contract(id: $id) { title amount { fen } from to tender { id } rule { retention }
         obligations { code title metric } instalments { no kind amount { fen } period { to } } } }`,
      { id },
    );
    expect(contract).toEqual({
      title: '第三睦邻中心托管服务公开比选',
      amount: { fen: '85000000' },
      ...{ from: '2026-01-01', to: '2026-12-31' },
      tender: { id: event.key },
      rule: { retention: 1000 },
      obligations: [{ code: 'volunteer-team', title: '孵化志愿者团队', metric: '年内 2 支' }],
      instalments: [
        { no: 1, kind: 'ADVANCE', amount: { fen: '25500000' }, period: null },
        { no: 2, kind: 'EVALUATED', amount: { fen: '59500000' }, period: { to: '2026-12-31' } },
      ],
    });
  });

  it('never changes what was awarded: not by a revision, nor in the database', async () => {
    const event = award();
    const { contractId: id } = JSON.parse(String(event.value)) as { contractId: string };
    await bus.send([event]);
    await until(id, { state: 'drafted' });
    const { organisationId: _, ...asked } = terms(at.organisationId);
    expect(
      await at.do(at.officer, 'reviseContract', {
        ...asked,
        ...key(id),
        expectedVersion: 1,
      }),
    ).toMatchObject({ __typename: 'TermsWereAwarded', rule: { article: '政府采购法 第四十六条' } });
    for (const sql of [
      `update contract set amount_fen = amount_fen - 1 where id = $1`,
      `update contract set organisation_id = 'org_x' where id = $1`,
      `update instalment set amount_fen = 1 where contract_id = $1`,
      `delete from obligation where contract_id = $1`,
      `insert into obligation (id, contract_id, street, organisation_id, position, code, title)
         select 'obl_x', id, street, organisation_id, 9, 'more', '加码' from contract where id = $1`,
    ])
      await expect(at.mulin.database.query(sql, [id])).rejects.toThrow('were awarded');
  });

  it('is held with its tender: nobody signs, the time to sign stands still, and payments is told', async () => {
    const event = award();
    const { contractId: id, tenderId } = JSON.parse(String(event.value)) as Record<string, string>;
    const news = (type: typeof TenderSuspended | typeof TenderResumed, aggregateVersion: number) =>
      type === TenderSuspended
        ? record(
            TenderSuspended,
            { ...TenderSuspended.good, tenderId: String(tenderId) },
            aggregateVersion,
          )
        : record(
            TenderResumed,
            { ...TenderResumed.good, tenderId: String(tenderId) },
            aggregateVersion,
          );
    await bus.send([event]);
    await until(String(id), { state: 'drafted' });
    await at.do(at.officer, 'requestFunds', { ...key(String(id)), expectedVersion: 1 });
    await at.reserve(String(id));
    await bus.send([news(TenderSuspended, 2)]);
    await until(String(id), { state: 'funded', version: 4 });
    const signature = async () => ({
      ...key(String(id)),
      ...{ side: 'BUYER', expectedVersion: (await stateOf(String(id)))?.version },
      textHash: await hashOf(at.mulin, at.approver, String(id)),
    });
    expect(await at.do(at.approver, 'signContract', await signature())).toMatchObject({
      __typename: 'ContractIsSuspended',
      rule: { article: '政府采购法实施条例 第五十四条' },
    });
    const [before] = await at.mulin.database.query<{ by: Date }>(
      'select sign_by as by from contract where id = $1',
      [id],
    );
    await at.mulin.database.advanceClock('40 days');
    await bus.send([news(TenderResumed, 3)]);
    await until(String(id), { state: 'funded', version: 5 });
    const [after] = await at.mulin.database.query<{ by: Date }>(
      'select sign_by as by from contract where id = $1',
      [id],
    );
    await at.mulin.database.advanceClock('-40 days');
    // Forty days and the seconds that this took.
    const moved = (after?.by.getTime() ?? 0) - (before?.by.getTime() ?? 0);
    expect(moved).toBeGreaterThanOrEqual(40 * 86_400_000);
    expect(moved).toBeLessThan(41 * 86_400_000);
    expect(await at.do(at.approver, 'signContract', await signature())).toMatchObject({
      __typename: 'Contract',
    });
    const told = (await at.outbox(String(id))).map(({ type }) => type);
    expect(told).toEqual([
      'mulin.contract.fundsRequested.v1',
      'mulin.contract.suspended.v1',
      'mulin.contract.resumed.v1',
    ]);
  });

  it('gives up an award whose money was refused and that nobody signed within 30 days of its notice', async () => {
    const event = award();
    const { contractId: id } = JSON.parse(String(event.value)) as { contractId: string };
    await bus.send([event]);
    await until(id, { state: 'drafted' });
    const signBy = async () =>
      (
        await at.mulin.answer<{ contract: object }>(
          at.manager,
          'query ($id: ID!) { contract(id: $id) { state signBy } }',
          { id },
        )
      ).contract;
    // From the award notice of 2026-11-23, though no money is there yet.
    const until24h = '2026-12-23T16:00:00.000Z';
    expect(await signBy()).toEqual({ state: 'DRAFTED', signBy: until24h });
    await at.do(at.officer, 'requestFunds', { ...key(id), expectedVersion: 1 });
    await bus.send([
      record(
        CommitmentRefused,
        {
          ...CommitmentRefused.good,
          contractId: id,
          organisationId: at.organisationId,
          requestNo: 1,
        },
        1,
      ),
    ]);
    await until(id, { state: 'drafted', version: 3 });
    expect(await signBy()).toEqual({ state: 'DRAFTED', signBy: until24h });
    await at.mulin.database.advanceClock('31 days');
    await at.mulin.service.app.get(ContractClock).tick();
    expect(await signBy()).toEqual({ state: 'CANCELLED', signBy: until24h });
    expect((await at.outbox(id)).at(-1)).toMatchObject({
      type: 'mulin.contract.cancelled.v1',
      payload: { contractId: id, reasonCode: 'expired' },
    });
    await at.mulin.database.advanceClock('-31 days');
  });

  it('asks payments on the topic of contracts, under the contract as key', async () => {
    const contract = await at.contract('AWAITING_FUNDS');
    const kafka = new Kafka({ brokers: testBrokers(), logLevel: logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: uniqueName('reader') });
    await consumer.connect();
    await consumer.subscribe({
      topic: `${at.mulin.topicPrefix}mulin.contract.events.v1`,
      fromBeginning: true,
    });
    const keys: { key?: string; type?: string }[] = [];
    await consumer.run({
      eachMessage: ({ message }) => {
        keys.push({ key: message.key?.toString(), type: message.headers?.ce_type?.toString() });
        return Promise.resolve();
      },
    });
    await eventually(
      () => expect(keys).toContainEqual({ key: contract.id, type: ContractFundsRequested.ceType }),
      within,
    );
    await consumer.disconnect();
  });

  it('is funded when payments reserved the money, once, though the event comes three times', async () => {
    const contract = await at.contract('AWAITING_FUNDS');
    const event = reserved(contract, 1, 1);
    await bus.send([event, event]);
    await until(contract.id, { state: 'funded', version: 3 });
    await bus.send([event]);
    await drained(contract, 2);
    expect(await stateOf(contract.id)).toMatchObject({ state: 'funded', version: 3 });
  });

  it('is drafted again when payments refused, once, though the event comes twice', async () => {
    const contract = await at.contract('AWAITING_FUNDS');
    const event = refused(contract, 1, 1);
    await bus.send([event, event]);
    await until(contract.id, {
      state: 'drafted',
      version: 3,
      funds_refusal: {
        requestNo: 1,
        code: 'budgetExceeded',
        requestedFen: '90000000',
        remainingFen: '50000000',
      },
    });
    await drained(contract, 2);
    expect(await stateOf(contract.id)).toMatchObject({ version: 3 });
  });

  it('takes answers in the order payments gave them, whatever order they arrive in', async () => {
    const contract = await at.contract('AWAITING_FUNDS');
    const first = refused(contract, 1, 1);
    const second = reserved(contract, 2, 2);
    await bus.send([second]);
    await eventually(async () => {
      const parked = await at.mulin.database.query('select from mulin.parked where event_id = $1', [
        second.headers.ce_id,
      ]);
      return parked.length === 1;
    }, within);
    expect(await stateOf(contract.id)).toMatchObject({ state: 'awaitingFunds' });
    await bus.send([first]);
    await until(contract.id, { state: 'drafted' });
    // The second answer has no request yet: it belongs to none of ours and changes nothing.
    await eventually(async () => {
      const parked = await at.mulin.database.query('select from mulin.parked where event_id = $1', [
        second.headers.ce_id,
      ]);
      return parked.length === 0;
    }, within);
    await at.do(at.officer, 'requestFunds', { ...key(contract.id), expectedVersion: 3 });
    await drained(contract, 3);
    expect(await stateOf(contract.id)).toMatchObject({ state: 'awaitingFunds', request_no: 2 });
  });

  it('stays cancelled when the answer comes late', async () => {
    const contract = await at.contract('AWAITING_FUNDS');
    await at.do(at.officer, 'cancelContract', {
      ...key(contract.id),
      expectedVersion: contract.version,
    });
    await bus.send([reserved(contract, 1, 1)]);
    await drained(contract, 2);
    expect(await stateOf(contract.id)).toMatchObject({ state: 'cancelled' });
  });

  it('holds no money for a cancelled contract once payments released it', async () => {
    const contract = await at.contract('AWAITING_FUNDS');
    await bus.send([reserved(contract, 1, 1)]);
    await until(contract.id, { state: 'funded' });
    await at.do(at.officer, 'cancelContract', { ...key(contract.id), expectedVersion: 3 });
    const released = { ...CommitmentReleased.good, ...answer(contract) };
    await bus.send([record(CommitmentReleased, released, 2)]);
    await eventually(async () => {
      const [row] = await at.mulin.database.query<{ held: number }>(
        'select count(*)::int as held from instalment where contract_id = $1 and reserved',
        [contract.id],
      );
      expect(row?.held).toBe(0);
    }, within);
  });

  it('may contract an organisation once it was verified, and not while it is barred', async () => {
    const organisationId = newId('org');
    const registered = { ...OrganisationRegistered.good, organisationId };
    const draft = () => at.do(at.officer, 'draftContract', terms(organisationId));
    await bus.send([record(OrganisationRegistered, registered, 1)]);
    await eventually(async () => {
      const rows = await at.mulin.database.query('select from organisation where id = $1', [
        organisationId,
      ]);
      return rows.length === 1;
    }, within);
    expect(await draft()).toMatchObject({ __typename: 'OrganisationNotVerified' });
    const verified = record(OrganisationVerified, { organisationId }, 2);
    await bus.send([verified, verified]);
    await eventually(
      async () => expect(await draft()).toMatchObject({ __typename: 'Contract' }),
      within,
    );
    await bus.send([record(OrganisationRestricted, { organisationId, until: '2999-01-01' }, 3)]);
    await eventually(
      async () => expect(await draft()).toMatchObject({ __typename: 'OrganisationRestricted' }),
      within,
    );
  });

  it('puts an answer it cannot read before a person, and goes on with the other contracts', async () => {
    const broken = await at.contract('AWAITING_FUNDS');
    const other = await at.contract('AWAITING_FUNDS');
    const bad = { ...reserved(broken, 1, 1), value: '{"contractId":1}' };
    await bus.send([bad, reserved(other, 1, 1)]);
    await until(other.id, { state: 'funded' });
    expect(await stateOf(broken.id)).toMatchObject({ state: 'awaitingFunds' });
    const seen = await eventually(async () => {
      const { contractsDeadLetters } = await at.mulin.answer<{
        contractsDeadLetters: { nodes: { eventId: string; status: string }[] };
      }>(at.approver, '{ contractsDeadLetters { nodes { eventId status } } }');
      const letter = contractsDeadLetters.nodes.find(
        ({ eventId }) => eventId === bad.headers.ce_id,
      );
      if (!letter) throw new Error('no such dead letter yet');
      return letter;
    }, within);
    expect(seen.status).toMatch(/^open$/i);
    const { errors } = await at.mulin.ask(at.manager, '{ contractsDeadLetters { nodes { id } } }');
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  it('reads past events that are not for it', async () => {
    const contract = await at.contract('AWAITING_FUNDS');
    const decided = { ...PaymentDecided.good, contractId: contract.id, decisionId: newId('dec') };
    await bus.send([record(PaymentDecided, decided, 1), reserved(contract, 1, 1)]);
    await until(contract.id, { state: 'funded' });
    const dead = 'select reason from mulin.dead_letter where record_key = $1';
    expect(await at.mulin.database.query(dead, [contract.id])).toEqual([]);
  });
});
