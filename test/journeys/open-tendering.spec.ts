import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@mulin/testing';
import { cove, NO_FINDING, ocdsValidator } from './ocds.js';
import { contractBecomes, contractNow, fund, organisation, requestFunds, sign } from './story.js';
import { type Bidder, Tendering } from './tendering.js';
import { person, type Told, WHILE_IT_BOOTS, World } from './world.js';

const PRICES = ['88000000', '85000000', '86000000', '90000000'];

/** Open tendering (公开招标) twice: too few qualify, and again with three, to the contract. */
describe('a street buys by open tendering', () => {
  let world: World;
  let at: Tendering;
  let plan: Told;
  let fundId: string;
  let bidders: Bidder[];
  let tender: Told;
  let awarded: string;

  beforeAll(async () => {
    world = await World.open({ at: '2025-11-03T10:00:00+08:00' });
    at = await Tendering.in(world);
    fundId = await fund(world, 90_000_000n);
    bidders = [];
    for (let made = 0; made < 5; made += 1) bidders.push(await organisation(world));
    plan = await at.plan({ fundId, amount: '90000000', method: 'OPEN_TENDERING' });
    await at.known(5);
  }, WHILE_IT_BOOTS);

  afterAll(async () => {
    await world.close();
  });

  const failedBecause = async () => {
    const { tender: seen } = await world.answer<{ tender: object }>(
      person('resident'),
      'query ($id: ID!) { tender(id: $id) { state failedBecause awards { id } } }',
      { id: tender.id },
    );
    return seen;
  };

  it('one bid comes late, one is withdrawn, one bidder does not qualify: fewer than three are left, and it fails', async () => {
    tender = await at.publish({
      ...{ planId: plan.id, fundId, budget: '90000000' },
      ...{ fileUntil: '2025-11-12', deadline: '2025-11-26T10:00:00+08:00' },
    });
    const [first, , , fourth, fifth] = bidders;
    if (!first || !fourth || !fifth) throw new Error('no bidders');
    const bids: Told[] = [];
    for (const [place, bidder] of bidders.slice(0, 4).entries())
      bids.push(await at.bid(tender, bidder, PRICES[place] ?? ''));
    await world.must(fourth.manager, 'withdrawBid', at.step(bids[3] ?? tender));
    const late = await at.submission(tender, fifth.id, { priceFen: '70000000' });
    await world.clockTo('2025-11-26T10:00:00.000+08:00');
    expect(await world.do(fifth.manager, 'submitBid', late)).toMatchObject({
      __typename: 'BidLate',
    });
    await world.clockTo('2025-11-26T10:00:10+08:00');
    const opened = await at.open(tender);
    expect(await at.review(opened, [bids[0]?.id ?? ''])).toMatchObject({
      state: 'FAILED',
      failedBecause: 'tooFewQualified',
    });
    expect(await failedBecause()).toEqual({
      ...{ state: 'FAILED', failedBecause: 'tooFewQualified', awards: [] },
    });
    const { bid } = await world.answer<{ bid: object }>(
      first.manager,
      'query ($id: ID!) { bid(id: $id) { state price { fen } qualificationReview { because } } }',
      { id: bids[0]?.id },
    );
    expect(bid).toEqual({
      state: 'DISQUALIFIED',
      price: null,
      qualificationReview: { because: '两年前受过重大行政处罚。' },
    });
  });

  it('the plan is free again, and a second tender gets three valid bids', async () => {
    await world.clockTo('2025-11-26T11:00:00+08:00');
    tender = await at.publish({
      ...{ planId: plan.id, fundId, budget: '90000000' },
      ...{ fileUntil: '2025-12-05', deadline: '2025-12-17T10:00:00+08:00' },
      title: '第三睦邻中心托管服务（二次招标）',
    });
    for (const [place, bidder] of bidders.slice(1, 4).entries())
      await at.bid(tender, bidder, PRICES[place] ?? '');
    await world.clockTo('2025-12-17T10:00:10+08:00');
    tender = await at.open(await at.review(await at.open(tender)));
    expect(tender).toMatchObject({ state: 'EVALUATING' });
  });

  it('five judge: three are too few, and four experts of five are drawn from the pool', async () => {
    const pool = await at.experts(6);
    expect(
      await world.do(world.people.officer, 'drawCommittee', {
        ...{ ...at.step(tender), experts: 3, buyerRepresentativeIds: [] },
      }),
    ).toMatchObject({ __typename: 'CommitteeInvalid', rule: { article: '87号令 第四十七条' } });
    const { committee, members } = await at.committee(tender, pool, 4);
    expect(members).toHaveLength(5);
    expect(await at.judge(tender, committee, members)).toMatchObject({ state: 'REPORTED' });
  });

  it('the draw and the scores can be made again by anyone, with the same result to the byte', async () => {
    tender = await at.announce(tender);
    const { draws, reports, texts } = await at.replayed(tender);
    expect({ draws, reports }).toEqual({ draws: [true], reports: [true] });
    // The members did not agree, so that there was something to reckon.
    expect(texts[0]).toContain('5070');
  });

  it('seven working days after the notice the winner is told and accepts, and the contract is drafted', async () => {
    // Announced on Wednesday 17 December: the notice runs until the 18th, challenges until the 29th.
    await world.clockTo('2025-12-30T00:00:01+08:00');
    const award = await at.award(tender, bidders);
    awarded = String(award.contractId);
    const contract = await eventually(async () => contractNow(world, String(award.contractId)), {
      withinMs: 20_000,
    });
    expect(contract.state).toBe('DRAFTED');
    await requestFunds(world, awarded);
    await contractBecomes(world, awarded, 'FUNDED');
    const winner = bidders.find(({ id }) => id === award.organisationId);
    if (!winner) throw new Error('nobody won');
    const { id: organisationId, manager } = winner;
    await sign(world, { id: awarded, organisationId, manager, fundId, instalmentId: '' });
    await contractBecomes(world, awarded, 'SIGNED');
  });

  it('leads from its bids to who bid and from its award to the contract, in one request', async () => {
    const ask = `query ($id: ID!) { tender(id: $id) {
      bids { totalCount nodes { organisationId organisation { id name } tender { id } } }
      awards { organisationId organisation { id name } tender { id } contract { id state } } } }`;
    interface Link {
      organisationId: string;
      organisation: { id: string; name: string };
    }
    interface Linked {
      tender: {
        bids: { totalCount: number; nodes: Link[] };
        awards: (Link & { contract: { id: string } | null })[];
      };
    }
    const { tender: read } = await world.answer<Linked>(world.people.officer, ask, {
      id: tender.id,
    });
    expect(read.bids.totalCount).toBe(3);
    for (const { organisationId, organisation } of [...read.bids.nodes, ...read.awards])
      expect(organisation).toEqual({ id: organisationId, name: expect.stringMatching(/./) });
    expect(read.awards.map(({ contract }) => contract)).toEqual([
      expect.objectContaining({ id: awarded }),
    ]);
    // To the public the award is no less public, and its contract no error.
    const open = `query ($id: ID!) { tender(id: $id) { awards { organisation { name } contract { id } } } }`;
    const { data, codes } = await world.ask(null, open, { id: tender.id });
    expect(codes).toEqual([]);
    expect(data).toMatchObject({ tender: { awards: [{ contract: null }] } });
  });

  it('all of it can be read as open contracting data that the standard’s own schema accepts', async () => {
    const ask = async (field: string) => {
      const answer = await world.answer<Record<string, { json: string }>>(
        world.people.auditor,
        `query ($id: ID!) { ${field}(tenderId: $id) { json } }`,
        { id: tender.id },
      );
      return answer[field]?.json ?? '';
    };
    const json = await eventually(
      async () => {
        const text = await ask('ocdsReleasePackage');
        if (!text.includes('"implementation"')) throw new Error('the advance is not there yet');
        return text;
      },
      { withinMs: 20_000 },
    );
    const releases = JSON.parse(json) as { releases: { tag: string[]; ocid: string }[] };
    expect(releases.releases.map(({ tag }) => tag[0])).toEqual([
      ...[
        'planning',
        'tender',
        'tenderUpdate',
        'award',
        'awardUpdate',
        'contract',
        'implementation',
      ],
    ]);
    expect(new Set(releases.releases.map(({ ocid }) => ocid))).toEqual(
      new Set([`ocds-mulin0-${tender.id}`]),
    );
    // Exact, as a JSON number: 850,000 yuan.
    expect(json).toContain('"amount":850000.00');
    const record = await ask('ocdsRecordPackage');
    for (const [schema, text] of [
      ['release-package-schema.json', json],
      ['record-package-schema.json', record],
    ] as const) {
      const validate = await ocdsValidator(schema);
      if (!validate) {
        console.warn(`${schema}: the OCDS schema is not at hand (../shared/data); not validated.`);
        continue;
      }
      expect(validate(JSON.parse(text))).toEqual([]);
      // And it is a check that can fail.
      expect(validate(JSON.parse(text.replaceAll('"services"', '"charity"')))).not.toEqual([]);
      expect(validate(JSON.parse(text.replaceAll('"version":"1.1"', '"version":1.1')))).not.toEqual(
        [],
      );
    }
  });

  it(
    'the reference checker finds nothing in it: no unknown field, no empty one, no code that is not in its list',
    async () => {
      const ask = async (field: string) => {
        const answer = await world.answer<Record<string, { json: string }>>(
          world.people.auditor,
          `query ($id: ID!) { ${field}(tenderId: $id) { json } }`,
          { id: tender.id },
        );
        return answer[field]?.json ?? '';
      };
      const json = await ask('ocdsReleasePackage');
      const found = await cove(json);
      const record = await cove(await ask('ocdsRecordPackage'));
      if (!found || !record) return;
      expect([found.count, record.count]).toEqual([7, 1]);
      for (const each of [found, record]) {
        expect(each).toMatchObject(NO_FINDING);
        expect(each).not.toHaveProperty('conformance_errors');
      }
      // Wrong samples, one for each kind of finding.
      const wrong = async (from: string, to: string) =>
        (await cove(json.replaceAll(from, to))) ?? found;
      expect((await wrong('"awardID"', '"awardNo"')).validation_errors).not.toEqual([]);
      expect((await wrong('"dateSigned"', '"signedOn"')).additional_fields).not.toEqual([]);
      expect((await wrong('"budget":{', '"budget":{"source":"x",')).deprecated_fields).not.toEqual(
        [],
      );
      expect(
        (await wrong('"awardCriteria":"ratedCriteria"', '"awardCriteria":""')).additional_checks,
      ).not.toEqual({});
      expect((await wrong('"ocds-mulin0', '"mulin')).conformance_errors).toBeDefined();
      expect((await wrong('"met"', '"paid"')).additional_closed_codelist_values).not.toEqual({});
      expect(
        (await wrong('"ratedCriteria"', '"bestFriends"')).additional_open_codelist_values,
      ).not.toEqual({});
    },
    WHILE_IT_BOOTS,
  );
});
