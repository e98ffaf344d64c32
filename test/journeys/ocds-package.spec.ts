import { describe, expect, it } from '@jest/globals';
import {
  ContractSigned,
  EvaluationFinalised,
  OrganisationRegistered,
  PaymentDecided,
  PaymentSettled,
  PlanSingleSourceNoticed,
  ProcurementPlanApproved,
  TenderAwarded,
  TenderOpened,
  TenderPublished,
  TenderResultAnnounced,
} from '@mulin/events';
import { newEventId } from '@mulin/ids';
import { type Fact, printPackage, recordsOf, releasesOf } from '@mulin/insights';
import { cove, NO_FINDING, ocdsValidator } from './ocds.js';
import { WHILE_IT_BOOTS } from './world.js';

const TENDER = TenderPublished.good.tenderId;
const INSTALMENT = PaymentDecided.good.instalmentId;
const AT = '2026-12-20T10:00:00+08:00';
const PUBLISHER = { ocidPrefix: 'mulin0', name: '某街道办事处' };

/** A whole process as its events tell it, with an evaluation that costs money; each a minute after the other. */
const process = (): Fact[] => {
  const contractId = TenderAwarded.good.contractId;
  const told: [{ ceType: string; good: object }, object][] = [
    [OrganisationRegistered, {}],
    [ProcurementPlanApproved, {}],
    [PlanSingleSourceNoticed, {}],
    [TenderPublished, {}],
    [TenderOpened, {}],
    [TenderResultAnnounced, {}],
    [TenderAwarded, {}],
    [ContractSigned, { contractId, tenderId: TENDER }],
    [EvaluationFinalised, { contractId, instalmentId: INSTALMENT }],
    [PaymentDecided, { contractId }],
    [PaymentSettled, { contractId, instalmentId: INSTALMENT }],
  ];
  return told.map(([type, change], at) => {
    const payload = { ...type.good, ...change };
    return {
      ...{ eventId: newEventId(), type: type.ceType, street: '310110015', payload },
      ...{ subject: '', tenderId: TENDER, contractId },
      ...{ organisationId: null, place: String(at + 1) },
      occurredAt: new Date(new Date(AT).getTime() + at * 60_000),
    };
  });
};
const ABOUT = { uri: 'urn:mulin:test', publisher: PUBLISHER, publishedAt: new Date(AT) };
const packaged = () => printPackage(ABOUT, { releases: releasesOf(process(), TENDER, PUBLISHER) });
const recorded = () => printPackage(ABOUT, recordsOf(releasesOf(process(), TENDER, PUBLISHER)));
interface Milestone {
  id: string;
  status: string;
}
interface Told {
  releases: {
    tag: string[];
    planning?: object;
    tender?: { lots?: object[] };
    bids?: { statistics: object[]; details: object[] };
    awards?: object[];
    contracts?: {
      milestones?: Milestone[];
      agreedMetrics?: object[];
      implementation?: {
        milestones?: Milestone[];
        metrics?: object[];
        performanceFailures?: object[];
        transactions?: object[];
      };
    }[];
  }[];
}

describe('open contracting data of a whole process, told from its events', () => {
  const told = JSON.parse(packaged()) as Told;
  const tagged = (tag: string) => told.releases.filter((each) => each.tag[0] === tag);

  it('has a release for each step, first and following ones told apart', () => {
    expect(told.releases.map(({ tag }) => tag[0])).toEqual([
      ...['planning', 'planningUpdate', 'tender', 'tenderUpdate', 'award', 'awardUpdate'],
      ...['contract', 'implementation', 'implementationUpdate', 'implementationUpdate'],
    ]);
  });

  it('says lots and bids: how many there were, whose, at what price, and which one won', () => {
    const { lots, bids } = {
      lots: tagged('tender')[0]?.tender?.lots,
      bids: tagged('award')[0]?.bids,
    };
    expect(lots).toMatchObject([{ id: TenderPublished.good.lots[0]?.id, status: 'active' }]);
    expect(bids?.statistics).toMatchObject([
      { measure: 'validBids', value: 1 },
      { measure: 'validBids', value: 1, relatedLot: TenderResultAnnounced.good.bids[0]?.lotId },
    ]);
    expect(bids?.details).toMatchObject([{ status: 'valid', value: { amount: 850_000 } }]);
    expect(tagged('award')[0]?.awards).toMatchObject([
      {
        relatedBid: TenderResultAnnounced.good.bids[0]?.bidId,
        relatedLots: [TenderResultAnnounced.good.bids[0]?.lotId],
      },
    ]);
  });

  it('links an evaluation to the money: score, breaches, deduction and payment name one milestone', () => {
    const contract = tagged('contract')[0]?.contracts?.[0];
    expect(contract?.milestones?.map(({ status }) => status)).toContain('scheduled');
    expect(contract?.agreedMetrics).toMatchObject([
      { id: 'volunteer-team', title: '孵化志愿者团队' },
    ]);
    const steps = [...tagged('implementation'), ...tagged('implementationUpdate')].map(
      ({ contracts }) => contracts?.[0]?.implementation,
    );
    const related = { relatedImplementationMilestone: { id: INSTALMENT } };
    expect(steps[0]).toMatchObject({
      metrics: [
        { id: 'evaluation-score', observations: [{ measure: 85, ...related }] },
        { id: 'volunteer-team', observations: [{ measure: 'fulfilled', ...related }] },
      ],
      performanceFailures: [{ category: 'hotline-response', events: 2 }],
    });
    expect(steps[1]).toMatchObject({
      milestones: [{ id: INSTALMENT, status: 'partiallyMet' }],
      performanceFailures: [{ penaltyImposed: '扣减 32000.00 元', penaltyPaid: true }],
    });
    expect(steps[2]).toMatchObject({ transactions: [related] });
  });

  it(
    'passes the schema and the reference checker with its five extensions, and a wrong word in any of them does not',
    async () => {
      const text = packaged();
      const validate = await ocdsValidator('release-package-schema.json');
      const found = await cove(text);
      const record = await cove(recorded());
      if (!validate || !found || !record) return;
      expect(validate(JSON.parse(text))).toEqual([]);
      expect([found.count, record.count]).toEqual([10, 1]);
      for (const each of [found, record]) {
        expect(each).toMatchObject(NO_FINDING);
        expect(each).not.toHaveProperty('conformance_errors');
      }
      const wrong = async (from: string, to: string) =>
        (await cove(text.replaceAll(from, to))) ?? found;
      const deprecated = await wrong('"budget":{', '"budget":{"source":"x",');
      expect(deprecated.deprecated_fields).not.toEqual([]);
      const empty = await wrong('"awardCriteria":"ratedCriteria"', '"awardCriteria":""');
      expect(empty.additional_checks).not.toEqual({});
      for (const field of ['relatedBid"', 'relatedLots"', 'observations"', 'penaltyPaid"'])
        expect((await wrong(`"${field}`, `"my_${field}`)).additional_fields).not.toEqual([]);
      expect(
        (
          await wrong(
            '"relatedImplementationMilestone":{"id"',
            '"relatedImplementationMilestone":{"no"',
          )
        ).validation_errors,
      ).not.toEqual([]);
      expect((await wrong('"valid"', '"best"')).additional_closed_codelist_values).not.toEqual({});
      expect(
        (await wrong('"validBids"', '"goodBids"')).additional_open_codelist_values,
      ).not.toEqual({});
    },
    WHILE_IT_BOOTS,
  );
});
