import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CommitmentReleased,
  CommitmentReserved,
  ContractCancelled,
  ContractFundsReleased,
  EvaluationFinalised,
  type EventType,
  FundAppropriated,
  FundClosed,
  FundOpened,
  OrganisationRated,
  OrganisationRegistered,
  OrganisationRestricted,
  OrganisationVerified,
  PaymentDecided,
  PersonRegistered,
  RelationEnded,
  RelationRecorded,
  TenderLotFailed,
  TenderOpened,
} from '@mulin/events';
import { newEventId, newId } from '@mulin/ids';
import { ensureTopics, KafkaBus, type OutgoingRecord } from '@mulin/messaging';
import { eventually, testBrokers, uniqueName } from '@mulin/testing';
import { AFTER_DEADLINE, Bench, missing, NOW, step, STREET } from './builders.js';
import { expectChecksToHold } from './checks.js';

describe('what tenders hears through the broker', () => {
  let at: Bench;
  let bus: KafkaBus;
  beforeAll(async () => {
    const topicPrefix = `${uniqueName('tenders')}.`;
    const brokers = testBrokers();
    await ensureTopics(brokers, { partitions: 3, topicPrefix });
    bus = new KafkaBus({ brokers, clientId: 'organisations-of-the-test', topicPrefix });
    at = await Bench.open({ events: true, topicPrefix });
  });
  afterAll(async () => {
    await bus.close();
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  it('who may bid, and who heads whom, told twice and in one go', async () => {
    const [organisationId, relationId, personId] = [newId('org'), newId('rel'), newId('per')];
    const about = { relationId, personId, organisationId };
    const told = [
      record(
        OrganisationRegistered,
        { ...OrganisationRegistered.good, organisationId, name: '某社（虚构）' },
        1,
      ),
      record(OrganisationVerified, { organisationId }, 2),
      record(OrganisationRestricted, { organisationId, until: '2027-11-23' }, 3),
      record(OrganisationRestricted, { organisationId, until: '2026-11-23' }, 4),
      record(RelationRecorded, { ...about, kind: 'head', from: '2024-01-01', to: null }, 1),
      record(RelationEnded, { ...about, to: '2025-06-30' }, 2),
    ];
    await bus.send([...told, ...told]);
    await eventually(
      async () => {
        const rows = await at.mulin.database.query(
          `select verified, restricted_until::text, kind, valid_to::text from organisation
           join relation on organisation_id = organisation.id where organisation.id = $1`,
          [organisationId],
        );
        expect(rows).toEqual([
          { verified: true, restricted_until: '2026-11-23', kind: 'head', valid_to: '2025-06-30' },
        ]);
      },
      { withinMs: 20_000 },
    );
  });

  it('who is known to the register, by id alone', async () => {
    const personId = newId('per');
    const told = record(PersonRegistered, { personId }, 1);
    await bus.send([told, told]);
    await eventually(
      async () => {
        const rows = await at.mulin.database.query('select * from known_person where id = $1', [
          personId,
        ]);
        expect(rows).toEqual([{ id: personId, street: STREET }]);
      },
      { withinMs: 20_000 },
    );
  });

  it('which funds there are, and what is left in them, in whatever order and however often it is told', async () => {
    const [fundId, contractId] = [newId('fun'), newId('con')];
    const funds = async () => {
      const [row] = await at.mulin.database.query(
        `select street, fiscal_year, is_open, appropriated_fen - promised_fen as available
         from known_fund where id = $1`,
        [fundId],
      );
      return row;
    };
    const until = (wanted: object) =>
      eventually(async () => expect(await funds()).toEqual(wanted), { withinMs: 20_000 });
    const of = { contractId, requestNo: 1 };
    const commitments = [{ id: newId('cmt'), fundId, amountFen: '60' }];
    const taken = record(CommitmentReserved, { ...CommitmentReserved.good, ...of, commitments }, 1);
    // The contract's money is told before the fund it comes from.
    await bus.send([taken, taken]);
    await until({ street: null, fiscal_year: null, is_open: true, available: '-60' });
    const apr = () => ({ fundId, appropriationId: newId('apr'), amountFen: '50' });
    const told = [
      record(FundOpened, { fundId, fiscalYear: 2026 }, 1),
      record(FundAppropriated, apr(), 2),
      record(FundAppropriated, apr(), 3),
    ];
    await bus.send([...told, ...told]);
    await until({ street: STREET, fiscal_year: 2026, is_open: true, available: '40' });
    const posted = { ...PaymentDecided.good.posted, reducedFen: '5' };
    const decisionId = newId('dec');
    await bus.send([
      record(PaymentDecided, { ...PaymentDecided.good, contractId, fundId, decisionId, posted }, 1),
    ]);
    await until({ street: STREET, fiscal_year: 2026, is_open: true, available: '45' });
    const freed = record(CommitmentReleased, { ...CommitmentReleased.good, ...of }, 2);
    await bus.send([freed, freed, record(FundClosed, { fundId }, 4)]);
    await until({ street: STREET, fiscal_year: 2026, is_open: false, available: '105' });
  });

  it('that a winner never signed: its award has fallen, and the next candidate may be chosen', async () => {
    const { tender, award, winner } = await at.announcedTender();
    await at.clockTo(new Date('2025-12-02T00:00:01+08:00'));
    const noticed = await at.must(at.approver, 'noticeAward', step(award));
    const accepted = await at.must(winner, 'acceptAward', step(noticed));
    const expired = record(
      ContractFundsReleased,
      {
        ...{ contractId: String(accepted.contractId), organisationId: winner.organisation ?? '' },
        ...{ requestNo: 1, because: 'expired' },
      },
      1,
    );
    await bus.send([expired, expired]);
    await eventually(
      async () => {
        const rows = await at.mulin.database.query(
          `select award.state, award.refusal, tender.state as tender from award join tender on tender.id = tender_id
           where award.id = $1`,
          [award.id],
        );
        expect(rows).toEqual([
          { state: 'refused', refusal: 'contract-expired', tender: 'resultNotice' },
        ]);
      },
      { withinMs: 20_000 },
    );
    const [now] = await at.mulin.database.query<{ id: string; version: number }>(
      'select id, version from tender where id = $1',
      [tender.id],
    );
    await at.must(at.officer, 'chooseWinners', step(now ?? missing('tender')));
    const ranks = await at.mulin.database.query(
      `select rank from award where tender_id = $1 and state = 'proposed'`,
      [tender.id],
    );
    expect(ranks).toEqual([{ rank: 2 }]);
  });

  it('that a drafted contract was given up before any money was asked for: the next candidate may be chosen too', async () => {
    const { tender, award, winner } = await at.announcedTender();
    await at.clockTo(new Date('2025-12-02T00:00:01+08:00'));
    const noticed = await at.must(at.approver, 'noticeAward', step(award));
    const accepted = await at.must(winner, 'acceptAward', step(noticed));
    const cancelled = record(
      ContractCancelled,
      {
        ...{ contractId: String(accepted.contractId), organisationId: winner.organisation ?? '' },
        ...{ tenderId: tender.id, reasonCode: 'givenUp', cancelledAt: '2025-12-02T10:00:00+08:00' },
      },
      1,
    );
    await bus.send([cancelled, cancelled]);
    await eventually(
      async () => {
        const rows = await at.mulin.database.query(
          `select award.state, award.refusal, tender.state as tender from award join tender on tender.id = tender_id
           where award.id = $1`,
          [award.id],
        );
        expect(rows).toEqual([
          { state: 'refused', refusal: 'contract-cancelled', tender: 'resultNotice' },
        ]);
      },
      { withinMs: 20_000 },
    );
  });

  it('tells everyone on its topic, in order, that a lot came to nothing while the tender goes on', async () => {
    await at.clockTo(NOW);
    const lots = [1, 2].map((no) => ({
      id: newId('lot'),
      title: `包件 ${no}`,
      budget: '45000000',
    }));
    const tender = await at.publishedTender({ lots });
    for (const [lot, bidders] of [
      [lots[0], 3],
      [lots[1], 2],
    ] as const)
      for (let each = 0; each < bidders; each += 1) {
        const bidder = at.bidder();
        const input = { price: '40000000', forLot: lot?.id ?? '' };
        await at.must(bidder, 'submitBid', await at.submission(tender, bidder, input));
      }
    await at.clockTo(AFTER_DEADLINE);
    await at.opened(tender);
    const told: { type?: string; payload: { lotId?: string; reasonCode?: string } }[] = [];
    const reading = await bus.subscribe({
      group: uniqueName('reader'),
      topics: [TenderLotFailed.topic],
      ...{ chunkSize: 100, concurrency: 1, onState: () => undefined },
      onChunk: (records) => {
        for (const { key, headers, value } of records)
          if (key === tender.id)
            told.push({ type: headers.ce_type, payload: JSON.parse(String(value)) as object });
        return Promise.resolve();
      },
    });
    await eventually(
      () => {
        expect(told.slice(-2)).toMatchObject([
          { type: TenderOpened.ceType },
          {
            type: TenderLotFailed.ceType,
            payload: { tenderId: tender.id, lotId: lots[1]?.id, reasonCode: 'tooFewBids' },
          },
        ]);
      },
      { withinMs: 20_000 },
    );
    await reading.stop();
  });

  it('how an organisation was evaluated, and what grade it holds, told twice', async () => {
    const [organisationId, evaluationId, ratingId] = [newId('org'), newId('eva'), newId('rtg')];
    const told = [
      record(OrganisationRated, { ...OrganisationRated.good, organisationId, ratingId }, 1),
      record(
        EvaluationFinalised,
        { ...EvaluationFinalised.good, organisationId, evaluationId, contractId: newId('con') },
        1,
      ),
    ];
    await bus.send([...told, ...told]);
    await eventually(
      async () => {
        const rows = await at.mulin.database.query(
          `select grade, score from known_grade join known_evaluation using (organisation_id)
           where organisation_id = $1`,
          [organisationId],
        );
        expect(rows).toEqual([
          { grade: OrganisationRated.good.grade, score: EvaluationFinalised.good.score },
        ]);
      },
      { withinMs: 20_000 },
    );
  });
});

/** An event as another service's relay sends it: CloudEvents in binary mode. */
function record<P>(type: EventType<P>, payload: P, aggregateVersion: number): OutgoingRecord {
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
