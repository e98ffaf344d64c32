import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import {
  ChallengeFiled,
  ContractCancelled,
  ContractFundsReleased,
  ContractFundsRequested,
  ContractSigned,
  EvaluationAppealed,
  EvaluationFinalised,
  EvaluationNotified,
  type EventType,
  ObligationBreached,
  OrganisationRegistered,
  PaymentDecided,
  PaymentReversed,
  PaymentSettled,
  ProcurementPlanApproved,
  TenderAwarded,
  TenderOpened,
  TenderPublished,
  TenderResultAnnounced,
} from '@mulin/events';
import { newEventId, newId } from '@mulin/ids';
import { type TestService, testService } from '@mulin/testing';
import { keep } from '../src/fact/fact-keeper.js';
import { boot, migrations, serviceName } from '../src/index.js';

const STREET = '310110015';
const person = (roles: Actor['roles'], street = STREET): Actor => ({
  ...{ id: newId('per'), street, organisation: null, roles },
});
const NAME = '公开名称社（虚构）';

interface Release {
  tag: string[];
  contracts?: { implementation?: object }[];
}
interface Party {
  name: string;
  identifier?: { id: string };
  roles: string[];
}

describe('open contracting data', () => {
  let mulin: TestService;
  beforeAll(async () => {
    mulin = await testService({ serviceName, boot, migrations });
  });
  afterAll(async () => {
    await mulin.stop();
  });

  const tell = <P>(type: EventType<P>, payload: P) =>
    mulin.service.database.asSystem((tx) =>
      keep(tx, type as EventType, [
        {
          ...{ id: newEventId(), street: STREET, subject: type.subject(payload) },
          ...{ time: new Date('2026-01-05T10:00:00+08:00'), payload },
        },
      ]),
    );
  /** A tender that was published and opened, with one bid. */
  const openedTender = async () => {
    const ids = { tenderId: newId('ten'), organisationId: newId('org') };
    const procurementPlanId = newId('ppl');
    await tell(OrganisationRegistered, { ...OrganisationRegistered.good, ...ids, name: NAME });
    await tell(ProcurementPlanApproved, { ...ProcurementPlanApproved.good, procurementPlanId });
    await tell(TenderPublished, { ...TenderPublished.good, ...ids, procurementPlanId });
    const [bid] = TenderOpened.good.bids;
    if (!bid) throw new Error('no bid');
    const bids = [{ ...bid, organisationId: ids.organisationId }];
    await tell(TenderOpened, { ...TenderOpened.good, tenderId: ids.tenderId, bids });
    return ids;
  };
  const packageOf = async (actor: Actor | null, tenderId: string) => {
    const { data, errors } = await mulin.ask<{ ocdsReleasePackage: { json: string } | null }>(
      actor,
      'query ($id: ID!) { ocdsReleasePackage(tenderId: $id) { json } }',
      { id: tenderId },
    );
    return data?.ocdsReleasePackage?.json ?? JSON.stringify(errors);
  };

  it('is for everyone once a tender is published, and does not say who bids before the result', async () => {
    const { tenderId, organisationId } = await openedTender();
    const elsewhere = person(['resident'], '310110016');
    for (const actor of [null, person(['resident']), elsewhere]) {
      const told = await packageOf(actor, tenderId);
      expect(told).toContain(`ocds-mulin0-${tenderId}`);
      expect(told).not.toContain(organisationId);
      expect(told).not.toContain(NAME);
    }
    // The street's own staff see what they saw before; those of another street nothing of it.
    expect(await packageOf(person(['auditor']), tenderId)).toContain(tenderId);
    expect(await packageOf(person(['auditor'], '310110016'), tenderId)).toContain('NOT_FOUND');
  });

  it('names the winner as the register does, by name and credit code, with the result', async () => {
    const { tenderId, organisationId } = await openedTender();
    const [lot] = TenderPublished.good.lots;
    const won = { ...TenderResultAnnounced.good.awards[0], organisationId, lotId: lot?.id ?? '' };
    await tell(TenderResultAnnounced, {
      ...{ ...TenderResultAnnounced.good, tenderId },
      awards: [won as (typeof TenderResultAnnounced.good.awards)[number]],
    });
    await tell(TenderAwarded, { ...TenderAwarded.good, tenderId, organisationId });
    const { releases } = JSON.parse(await packageOf(null, tenderId)) as {
      releases: { parties: Party[] }[];
    };
    expect(releases.at(-1)?.parties).toContainEqual(
      expect.objectContaining({
        ...{ id: organisationId, name: NAME },
        identifier: expect.objectContaining({ id: OrganisationRegistered.good.creditCode }),
      }),
    );
  });

  it('leaks nothing that was not published: no filing, request for money, nor what is evaluated before a contract is signed', async () => {
    const { tenderId, organisationId } = await openedTender();
    const contractId = newId('con');
    await tell(TenderResultAnnounced, { ...TenderResultAnnounced.good, tenderId });
    await tell(TenderAwarded, { ...TenderAwarded.good, tenderId, organisationId, contractId });
    const before = await packageOf(null, tenderId);
    const challengeId = newId('chl');
    await tell(ChallengeFiled, { ...ChallengeFiled.good, tenderId, challengeId });
    await tell(ContractFundsRequested, { ...ContractFundsRequested.good, contractId });
    await tell(EvaluationFinalised, { ...EvaluationFinalised.good, contractId });
    await tell(PaymentDecided, { ...PaymentDecided.good, contractId });
    const ids = (text: string) =>
      (JSON.parse(text) as { releases: { id: string }[] }).releases.map(({ id }) => id);
    expect(ids(await packageOf(null, tenderId))).toEqual(ids(before));
    expect(await packageOf(null, tenderId)).not.toContain(challengeId);
    // No row of them is seen at all, whatever a query would ask.
    const seen = await mulin.service.database.read(null, (tx) =>
      tx.query<{ type: string }[]>('select distinct type from fact order by type'),
    );
    expect(seen.map(({ type }) => type)).toEqual([
      'mulin.organisation.registered.v1',
      'mulin.procurementPlan.approved.v1',
      'mulin.tender.awarded.v1',
      'mulin.tender.opened.v1',
      'mulin.tender.published.v1',
      'mulin.tender.resultAnnounced.v1',
    ]);
  });

  it('tells everyone that an award fell with its contract, and nothing of contracts that no tender awarded', async () => {
    const byHand = newId('con');
    for (const [type, good] of [
      [ContractCancelled, ContractCancelled.good],
      [ContractFundsReleased, ContractFundsReleased.good],
    ] as const) {
      const { tenderId, organisationId } = await openedTender();
      const [contractId, awardId] = [newId('con'), newId('awd')];
      await tell(TenderAwarded, {
        ...{ ...TenderAwarded.good, tenderId, awardId, organisationId, contractId },
      });
      expect(await packageOf(null, tenderId)).not.toContain('awardCancellation');
      await tell<object>(type as EventType<object>, { ...good, contractId });
      await tell<object>(type as EventType<object>, { ...good, contractId: byHand });
      const { releases } = JSON.parse(await packageOf(null, tenderId)) as { releases: object[] };
      expect(releases.at(-1)).toMatchObject({
        ...{ tag: ['awardCancellation'], awards: [{ id: awardId, status: 'cancelled' }] },
        contracts: [{ id: contractId, status: 'cancelled' }],
      });
    }
    const seen = await mulin.service.database.read(null, (tx) =>
      tx.query<object[]>('select type from fact where contract_id = $1', [byHand]),
    );
    expect(seen).toEqual([]);
  });

  it('tells everyone how a signed contract was evaluated and paid, and not how it came to that', async () => {
    const { tenderId, organisationId } = await openedTender();
    const ids = { contractId: newId('con'), organisationId, instalmentId: newId('ins') };
    const [orderId, evaluationId] = [newId('pay'), newId('eva')];
    await tell(TenderAwarded, { ...TenderAwarded.good, ...ids, tenderId });
    const steps = async (actor: Actor | null = null) =>
      (JSON.parse(await packageOf(actor, tenderId)) as { releases: Release[] }).releases
        .flatMap(({ contracts }) => contracts ?? [])
        .flatMap(({ implementation }) => implementation ?? []);
    // What came before the contract was told waits for it, whatever the order of topics.
    const settled = { ...PaymentSettled.good, ...ids, orderId };
    await tell(EvaluationFinalised, { ...EvaluationFinalised.good, ...ids, evaluationId });
    await tell(PaymentDecided, { ...PaymentDecided.good, ...ids });
    await tell(PaymentSettled, settled);
    expect(await steps()).toEqual([]);
    expect(await steps(person(['auditor']))).toHaveLength(3);

    const [, instalment] = ContractSigned.good.instalments;
    if (!instalment) throw new Error('no instalment');
    const instalments = [{ ...instalment, id: ids.instalmentId }];
    await tell(ContractSigned, { ...ContractSigned.good, ...ids, tenderId, instalments });
    const related = { relatedImplementationMilestone: { id: ids.instalmentId } };
    const buyer = { id: STREET, name: '街道办事处' };
    const supplier = { id: organisationId, name: NAME };
    expect(await steps()).toMatchObject([
      {
        metrics: [
          { observations: [{ id: evaluationId, measure: 85, ...related }] },
          { observations: [{ measure: 'fulfilled', ...related }] },
        ],
        performanceFailures: [{ events: 2 }],
      },
      {
        milestones: [{ id: ids.instalmentId, status: 'partiallyMet' }],
        performanceFailures: [{ penaltyImposed: '扣减 32000.00 元' }],
      },
      {
        transactions: [
          {
            ...{ id: orderId, date: settled.settledAt, value: { amount: 268_000 }, ...related },
            ...{ payer: buyer, payee: supplier },
          },
        ],
      },
    ]);
    // A breach that is only recorded, a result that can still be appealed, and the appeal stay the street's own.
    await tell(ObligationBreached, { ...ObligationBreached.good, ...ids });
    await tell(EvaluationNotified, { ...EvaluationNotified.good, ...ids });
    await tell(EvaluationAppealed, { ...EvaluationAppealed.good, ...ids });
    expect(await steps()).toHaveLength(3);
    const seen = await mulin.service.database.read(null, (tx) =>
      tx.query<{ type: string }[]>(
        'select distinct type from fact where contract_id = $1 order by type',
        [ids.contractId],
      ),
    );
    expect(seen.map(({ type }) => type)).toEqual([
      'mulin.contract.signed.v1',
      'mulin.evaluation.finalised.v1',
      'mulin.payment.decided.v1',
      'mulin.payment.settled.v1',
      'mulin.tender.awarded.v1',
    ]);
    const told = await packageOf(null, tenderId);
    for (const { id } of EvaluationFinalised.good.breaches) expect(told).not.toContain(id);
    expect(told).not.toMatch(/per_/);

    // Money that came back is not left told as paid.
    await tell(PaymentReversed, { ...PaymentReversed.good, ...ids, orderId });
    expect((await steps()).at(-1)).toMatchObject({
      transactions: [
        { id: `${orderId}-reversed`, value: { amount: 268_000 }, payer: supplier, payee: buyer },
      ],
    });
    // Nor is a deduction that was taken back.
    const posted = { ...PaymentDecided.good.posted, reducedFen: '-3200000' };
    const free = { outcome: 'released' as const, reducedFen: '0', posted };
    await tell(PaymentDecided, { ...PaymentDecided.good, ...ids, ...free, kind: 'reversal' });
    expect((await steps()).at(-1)).toMatchObject({
      milestones: [{ status: 'met' }],
      performanceFailures: [{ id: ids.instalmentId, penaltyImposed: '扣减 0.00 元' }],
    });
  });
});
