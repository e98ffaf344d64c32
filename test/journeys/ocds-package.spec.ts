import { describe, expect, it } from '@jest/globals';
import {
  AcceptanceSigned,
  ChallengeDecided,
  ChallengeFiled,
  ContractCancelled,
  ContractSigned,
  ContractTerminated,
  EvaluationFinalised,
  OrganisationRegistered,
  PaymentDecided,
  PaymentReversed,
  PaymentSettled,
  PlanSingleSourceNoticed,
  ProcurementPlanApproved,
  TenderAmended,
  TenderAwarded,
  TenderOpened,
  TenderPublished,
  TenderResultAnnounced,
} from '@mulin/events';
import { newEventId, newId } from '@mulin/ids';
import { type Fact, printPackage, recordsOf, releasesOf } from '@mulin/insights';
import { cove, merged, NO_FINDING, ocdsValidator } from './ocds.js';
import { WHILE_IT_BOOTS } from './world.js';

const TENDER = TenderPublished.good.tenderId;
const INSTALMENT = PaymentDecided.good.instalmentId;
const AT = '2026-12-20T10:00:00+08:00';
const PUBLISHER = { ocidPrefix: 'mulin0', name: '某街道办事处' };

const RULE = {
  ...TenderAwarded.good.rule,
  breachDeductions: [
    { obligation: 'hotline-response', per: { fen: '50000' }, cap: { share: 500 } },
  ],
};

type Story = [{ ceType: string; good: object }, object][];
const contractId = TenderAwarded.good.contractId;
/** A whole process, with an evaluation that costs money. */
const whole: Story = [
  [OrganisationRegistered, {}],
  [ProcurementPlanApproved, {}],
  [PlanSingleSourceNoticed, {}],
  [TenderPublished, {}],
  [TenderOpened, {}],
  [ChallengeFiled, {}],
  [ChallengeDecided, {}],
  [TenderResultAnnounced, {}],
  [TenderAwarded, { rule: RULE }],
  [ContractSigned, { contractId, tenderId: TENDER }],
  [EvaluationFinalised, { contractId, instalmentId: INSTALMENT }],
  [PaymentDecided, { contractId }],
  [PaymentSettled, { contractId, instalmentId: INSTALMENT }],
  [PaymentReversed, { contractId, instalmentId: INSTALMENT }],
  [AcceptanceSigned, { contractId }],
];
const [OPENED] = TenderOpened.good.bids;
const [RANKED] = TenderResultAnnounced.good.bids;
const [FIRST] = TenderResultAnnounced.good.awards;
const NEXT = { bidId: newId('bid'), organisationId: newId('org') };
const FOLLOWING = { ...NEXT, awardId: newId('awd') };
const GIVEN_UP = newId('con');
/** A file that was changed, a contract that nobody signed, and the one that followed it and ended before its evaluation. */
const fallen: Story = [
  [OrganisationRegistered, {}],
  [TenderPublished, {}],
  [TenderAmended, {}],
  [TenderOpened, { bids: [OPENED, { ...OPENED, ...NEXT }, { ...OPENED, bidId: newId('bid') }] }],
  [TenderResultAnnounced, { bids: [RANKED, { ...RANKED, ...NEXT }] }],
  [TenderAwarded, { contractId: GIVEN_UP }],
  [ContractCancelled, { contractId: GIVEN_UP }],
  [TenderResultAnnounced, { awards: [{ ...FIRST, ...FOLLOWING }] }],
  [TenderAwarded, { ...FOLLOWING, contractId }],
  [ContractSigned, { contractId, tenderId: TENDER }],
  [ContractTerminated, { contractId }],
  [PaymentDecided, { contractId, kind: 'termination', attempt: null }],
];

/** A process as its events tell it; each a minute after the other. */
const process = (told: Story): Fact[] =>
  told.map(([type, change], at) => {
    const payload = { ...type.good, ...change };
    return {
      ...{ eventId: newEventId(), type: type.ceType, street: '310110015', payload },
      ...{ subject: '', tenderId: TENDER, contractId },
      ...{ organisationId: null, place: String(at + 1) },
      occurredAt: new Date(new Date(AT).getTime() + at * 60_000),
    };
  });
const ABOUT = { uri: 'urn:mulin:test', publisher: PUBLISHER, publishedAt: new Date(AT) };
const packaged = (story = whole) =>
  printPackage(ABOUT, { releases: releasesOf(process(story), TENDER, PUBLISHER) });
const recorded = (story = whole) =>
  printPackage(ABOUT, recordsOf(releasesOf(process(story), TENDER, PUBLISHER)));
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
      finance?: object[];
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
      ...['planning', 'planningUpdate', 'tender', 'tenderUpdate', 'tenderUpdate', 'tenderUpdate'],
      ...['award', 'awardUpdate', 'contract', 'implementation'],
      ...['implementationUpdate', 'implementationUpdate', 'implementationUpdate'],
      'implementationUpdate',
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

  it('says which needs it answers, what is judged, when bids were opened, and what was asked', () => {
    expect(tagged('planning')[0]?.planning).toMatchObject({
      ...{ rationale: '回应需求 1 项', documents: [{ documentType: 'needsAssessment' }] },
    });
    expect(tagged('tender')[0]?.tender).toMatchObject({
      awardCriteriaDetails: '服务方案（主观分）90.00 分；价格 10.00 分',
    });
    const [opening, asked, answered] = tagged('tenderUpdate').map(({ tender }) => tender);
    expect(opening).toMatchObject({ bidOpening: { date: TenderOpened.good.openedAt } });
    expect(asked).toMatchObject({ enquiries: [{ title: '质疑：中标结果' }] });
    expect(answered).toMatchObject({ enquiries: [{ answer: '不成立' }] });
    // Who asked stays with the parties.
    expect(JSON.stringify([asked, answered])).not.toContain('org_');
  });

  it('says from which fund it is paid, what a breach costs by contract, and how it was accepted', () => {
    const [fund] = tagged('contract')[0]?.contracts?.[0]?.finance ?? [];
    expect(fund).toMatchObject({ source: '财政资金', value: { currency: 'CNY' } });
    expect(tagged('implementation')[0]?.contracts?.[0]?.implementation).toMatchObject({
      performanceFailures: [{ penaltyContracted: '每次扣减 500.00 元，最多 本期金额的 5.00%' }],
    });
    expect(tagged('implementationUpdate').at(-1)?.contracts?.[0]?.implementation).toMatchObject({
      milestones: [{ title: '履约验收', status: 'met' }],
    });
  });

  it(
    'its releases merge into the record’s compiled release, by the standard’s own tool',
    async () => {
      for (const story of [whole, fallen]) {
        const { records } = JSON.parse(recorded(story)) as {
          records: { releases: object[]; compiledRelease: object }[];
        };
        const [record] = records;
        const compiled = await merged(record?.releases ?? []);
        if (compiled === null) return;
        expect(record?.compiledRelease).toEqual(compiled);
        expect(compiled).toMatchObject({ tender: { status: 'complete' }, tag: ['compiled'] });
      }
    },
    WHILE_IT_BOOTS,
  );

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
    // Who pays is the buyer of the release, who is paid the supplier; what came back went the other way.
    const [buyer, supplier] = [
      { id: '310110015', name: PUBLISHER.name },
      { id: OrganisationRegistered.good.organisationId, name: OrganisationRegistered.good.name },
    ];
    expect(told.releases[0]).toMatchObject({ buyer });
    expect(steps[2]).toMatchObject({
      transactions: [{ ...related, payer: buyer, payee: supplier }],
    });
    expect(steps[3]).toMatchObject({
      transactions: [{ ...related, payer: supplier, payee: buyer }],
    });
  });

  it(
    'passes the schema and the reference checker with its extensions, and a wrong word in any of them does not',
    async () => {
      const text = packaged();
      const [validate, validateRecord] = [
        await ocdsValidator('release-package-schema.json'),
        await ocdsValidator('record-package-schema.json'),
      ];
      // The schema alone is asked wherever it is at hand, the checker as well where it is installed.
      if (!validate || !validateRecord) return;
      expect(validate(JSON.parse(text))).toEqual([]);
      expect(validateRecord(JSON.parse(recorded()))).toEqual([]);
      expect(validate(JSON.parse(packaged(fallen)))).toEqual([]);
      expect(validateRecord(JSON.parse(recorded(fallen)))).toEqual([]);
      const [found, record] = [await cove(text), await cove(recorded())];
      const [ended, endedRecord] = [await cove(packaged(fallen)), await cove(recorded(fallen))];
      if (!found || !record || !ended || !endedRecord) return;
      expect([found.count, record.count, ended.count]).toEqual([14, 1, 11]);
      for (const each of [found, record, ended, endedRecord]) {
        expect(each).toMatchObject(NO_FINDING);
        expect(each).not.toHaveProperty('conformance_errors');
      }
      const wrong = async (from: string, to: string) =>
        (await cove(text.replaceAll(from, to))) ?? found;
      const deprecated = await wrong('"budget":{', '"budget":{"source":"x",');
      expect(deprecated.deprecated_fields).not.toEqual([]);
      const empty = await wrong('"awardCriteria":"ratedCriteria"', '"awardCriteria":""');
      expect(empty.additional_checks).not.toEqual({});
      for (const field of [
        ...['relatedBid"', 'relatedLots"', 'observations"', 'penaltyPaid"', 'bidOpening"'],
        ...['enquiries"', 'finance"'],
      ])
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
