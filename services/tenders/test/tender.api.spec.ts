import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { countStatements } from '@mulin/testing';
import { Bench, person, RULE, step, type Told } from './builders.js';
import { expectChecksToHold } from './checks.js';

describe('a tender', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await Bench.open();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  /** The codes of what keeps this file from being published. */
  const problemsOf = async (change: object, plan: object = {}) => {
    const tender = await at.draftedTender(change, plan);
    const { data } = await at.mulin.ask<{
      publishTender: { problems?: { code: string; article: string; message: string }[] };
    }>(
      at.approver,
      `mutation ($input: TenderStepInput!) { publishTender(input: $input) { __typename
         ... on TenderFileInvalid { problems { code path article message } } } }`,
      { input: step(tender) },
    );
    return data?.publishTender.problems ?? [];
  };

  it('is made of an approved plan, which no second tender may use', async () => {
    const plan = await at.approvedPlan();
    const draft = async () =>
      at.do(at.officer, 'draftTender', {
        id: newId('ten'),
        procurementPlanId: plan.id,
        ...(await at.tenderFile()),
      });
    const tender = await draft();
    expect(tender).toMatchObject({ __typename: 'Tender', state: 'DRAFT', round: 1 });
    expect(await draft()).toMatchObject({
      __typename: 'PlanNotApproved',
      procurementPlanId: plan.id,
      state: 'used',
    });
    await at.must(at.officer, 'cancelTender', step(tender));
    expect(await draft()).toMatchObject({ __typename: 'Tender' });
  });

  it('is published by somebody who did not write its file, and is told once', async () => {
    const both = person(['streetOfficer', 'streetApprover']);
    const plan = await at.approvedPlan();
    const tender = await at.must(both, 'draftTender', {
      id: newId('ten'),
      procurementPlanId: plan.id,
      ...(await at.tenderFile()),
    });
    expect(await at.do(both, 'publishTender', step(tender))).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
    await expect(
      at.mulin.database.query(
        `update tender set state = 'published', published_at = now(), procedure_version = 1,
           published_by = written_by[1] where id = $1`,
        [tender.id],
      ),
    ).rejects.toThrow('who writes a tender file does not publish it');
    const publish = step(tender);
    const published = await at.must(at.approver, 'publishTender', publish);
    expect(published).toMatchObject({ state: 'PUBLISHED', procedureVersion: 1 });
    expect(await at.must(at.approver, 'publishTender', publish)).toEqual(published);
    expect(await at.outbox(tender.id)).toEqual([
      expect.objectContaining({
        type: 'mulin.tender.published.v1',
        aggregateversion: 1,
        payload: expect.objectContaining({
          priceWeight: 1000,
          deadline: '2025-11-25T02:00:00.000Z',
        }),
      }),
    ]);
  });

  it('has criteria and a price that make 100 points, neither more nor less', async () => {
    expect(await problemsOf({ priceWeight: 1100 })).toEqual([
      expect.objectContaining({
        ...{ code: 'pointsDoNotSum', article: '街道限额以下公开比选办法（示例） 第十条' },
      }),
    ]);
  });

  it('weighs the price within the legal range of its procedure', async () => {
    const [criterion] = (await at.tenderFile()).criteria;
    const criteria = [{ ...criterion, points: 9100 }];
    expect(await problemsOf({ priceWeight: 900, criteria })).toEqual([
      expect.objectContaining({
        code: 'priceWeightOutOfRange',
        article: '街道限额以下公开比选办法（示例） 第十条',
      }),
    ]);
    const open = { method: 'OPEN_TENDERING' };
    const late = { deadline: '2025-12-10T10:00:00+08:00' };
    expect(
      await problemsOf(
        { priceWeight: 900, criteria: [{ ...criterion, id: newId('crt'), points: 9100 }], ...late },
        open,
      ),
    ).toEqual([
      expect.objectContaining({ code: 'priceWeightOutOfRange', article: '87号令 第五十五条' }),
    ]);
  });

  it('never scores how big a bidder is, nor where it worked, nor what was a condition', async () => {
    const file = await at.tenderFile();
    for (const [factorCode, article] of [
      ['registered-capital', '87号令 第十七条'],
      ['local-award', '政府采购法实施条例 第二十条第四项'],
      ['qualification', '87号令 第五十五条'],
    ]) {
      const [first, second] = file.criteria.map((each) => ({ ...each, id: newId('crt') }));
      expect(
        await problemsOf({ criteria: [first, { ...second, scale: null, factorCode }] }),
      ).toEqual([expect.objectContaining({ code: 'factorForbidden', article })]);
    }
    const [first, second] = file.criteria;
    expect(
      await problemsOf({ criteria: [first, { ...second, scale: null, factorCode: 'my-taste' }] }),
    ).toEqual([expect.objectContaining({ code: 'factorUnknown' })]);
  });

  it('gives bidders the days that the law gives them', async () => {
    const open = { method: 'OPEN_TENDERING' };
    // Published on the tenth, which is not counted; the twentieth day is the thirtieth, and ends at 24:00.
    expect(await problemsOf({ deadline: '2025-11-30T23:59:59.999+08:00' }, open)).toEqual([
      expect.objectContaining({ code: 'deadlineTooEarly', article: '政府采购法 第三十五条' }),
    ]);
    expect(await problemsOf({ deadline: '2025-12-01T00:00:00+08:00' }, open)).toEqual([]);
    expect(await problemsOf({ fileUntil: '2025-11-12' })).toEqual([
      expect.objectContaining({ code: 'fileTooShort' }),
    ]);
    expect(await problemsOf({ fileUntil: '2025-11-13' })).toEqual([]);
  });

  it('keeps ceilings within budgets, and lots within the plan', async () => {
    const lot = { id: newId('lot'), title: '托管服务' };
    expect(
      await problemsOf({ lots: [{ ...lot, budget: '90000000', ceiling: '90000001' }] }),
    ).toEqual([
      expect.objectContaining({
        ...{ code: 'ceilingAboveBudget', article: '街道限额以下公开比选办法（示例） 第五条' },
      }),
    ]);
    const nothing = { ...lot, id: newId('lot'), budget: '90000000', ceiling: '0' };
    expect(
      await at.do(at.officer, 'draftTender', {
        ...{ id: newId('ten'), procurementPlanId: newId('ppl') },
        ...(await at.tenderFile({ lots: [nothing] })),
      }),
    ).toMatchObject({ __typename: 'InvalidInput', field: 'input.lots[0].ceiling' });
    const two = [
      { ...lot, id: newId('lot'), budget: '60000000' },
      { ...lot, id: newId('lot'), budget: '60000000' },
    ];
    expect(await problemsOf({ lots: two })).toEqual([
      expect.objectContaining({ code: 'lotsAboveBudget', article: '政府采购法 第六条' }),
    ]);
  });

  it('announces a contract of a year, of three at the most with a reason why the service is a steady one', async () => {
    const about = async (change: object) =>
      (await problemsOf(change)).filter(({ code }) => /term/i.test(code));
    const article = '财政部令第102号 第二十四条';
    const longTermBecause = '内容固定、须连续服务，经费已列入三年滚动预算，价格稳定';
    expect(await about({ to: '2026-12-31' })).toEqual([]);
    expect(await about({ to: '2027-01-01' })).toEqual([
      expect.objectContaining({ code: 'longTermUnexplained', path: 'longTermBecause', article }),
    ]);
    expect(await about({ to: '2028-12-31', longTermBecause })).toEqual([]);
    expect(await about({ to: '2029-01-01', longTermBecause })).toEqual([
      expect.objectContaining({ code: 'termTooLong', path: 'to', article }),
    ]);
  });

  it('announces periods of the term, each day in one of them, and never pays all of it in advance', async () => {
    const file = await at.tenderFile();
    const [advance, evaluated] = file.instalments;
    const having = async (...instalments: object[]) =>
      (await problemsOf({ instalments })).filter(({ code }) => /period|Evaluated/.test(code));
    const article = '财库〔2021〕22号 第二十三条';
    const half = { ...evaluated, share: 3500 };
    expect(
      await having(
        advance ?? {},
        { ...half, periodTo: '2026-06-30' },
        { ...half, periodFrom: '2026-07-01' },
      ),
    ).toEqual([]);
    for (const period of [{ periodFrom: '2025-12-31' }, { periodTo: '2027-01-01' }])
      expect(await having(advance ?? {}, { ...evaluated, ...period })).toEqual([
        expect.objectContaining({ code: 'periodOutsideTerm', article }),
      ]);
    expect(await having(advance ?? {}, half, { ...half, periodFrom: '2026-12-31' })).toEqual([
      expect.objectContaining({ code: 'periodsOverlap', article }),
    ]);
    expect(await having({ ...advance, share: 10_000 })).toEqual([
      expect.objectContaining({ code: 'nothingEvaluated', path: 'instalments', article }),
    ]);
  });

  it('announces a payment rule that can be carried out, and instalments that make the whole price', async () => {
    const rule = { ...RULE, gates: [{ obligation: 'no-such', capShare: 8000, appliesTo: [2] }] };
    expect((await problemsOf({ paymentRule: JSON.stringify(rule) })).length).toBeGreaterThan(0);
    const file = await at.tenderFile();
    const [advance, evaluated] = file.instalments;
    expect(await problemsOf({ instalments: [advance, { ...evaluated, share: 6999 }] })).toEqual([
      expect.objectContaining({ code: 'sharesDoNotSum' }),
    ]);
    const notJson = await at.do(at.officer, 'draftTender', {
      id: newId('ten'),
      procurementPlanId: (await at.approvedPlan()).id,
      ...file,
      paymentRule: '{',
    });
    expect(notJson).toMatchObject({ __typename: 'TenderFileInvalid' });
  });

  it('is opened by three different people with valid keys', async () => {
    const [first, second] = await at.officers();
    const revoked = await at.newOfficer();
    await at.must(revoked.actor, 'revokeOpeningKey', {
      ...step({ id: revoked.keyId, version: 1 }),
    });
    const keys = (third: string) => ({ openingKeyIds: [first?.keyId, second?.keyId, third] });
    for (const third of [revoked.keyId, newId('key')])
      expect(await problemsOf(keys(third))).toEqual([
        expect.objectContaining({ code: 'openingOfficers' }),
      ]);
    expect(
      await at.do(at.officer, 'registerOpeningKey', { id: newId('key'), publicKey: '{"no":1}' }),
    ).toMatchObject({ __typename: 'OpeningKeyInvalid' });
    expect(
      (
        await at.mulin.ask(
          at.officer,
          `mutation ($input: RevokeOpeningKeyInput!) {
         revokeOpeningKey(input: $input) { __typename } }`,
          {
            input: step({ id: first?.keyId ?? '', version: 1 }),
          },
        )
      ).errors?.[0]?.extensions.code,
    ).toBe('NOT_FOUND');
  });

  describe('that is published', () => {
    const clarify = (tender: Told, change: object) =>
      at.do(at.approver, 'issueClarification', {
        id: newId('cla'),
        tenderId: tender.id,
        text: '开放时间以合同为准。',
        affectsBids: false,
        ...change,
      });

    it('changes no more, in the code and in the database', async () => {
      const tender = await at.publishedTender();
      expect(
        await at.do(at.officer, 'reviseTender', { ...step(tender), ...(await at.tenderFile()) }),
      ).toMatchObject({ __typename: 'StateConflict' });
      const change = (sql: string) => at.mulin.database.query(sql, [tender.id]);
      await expect(change(`update tender set price_weight = 9999 where id = $1`)).rejects.toThrow(
        'is public',
      );
      await expect(change(`delete from criterion where tender_id = $1`)).rejects.toThrow(
        'is public',
      );
      await expect(
        change(`update tender set deadline = deadline - interval '1 day' where id = $1`),
      ).rejects.toThrow('may only move to a later day');
    });

    it('may be explained at any time, but a change that affects bids comes in time or moves the deadline', async () => {
      const tender = await at.publishedTender();
      await at.clockTo(new Date('2025-11-24T10:00:00+08:00'));
      try {
        expect(await clarify(tender, {})).toMatchObject({ affectsBids: false, round: 1 });
        expect(await clarify(tender, { affectsBids: true })).toMatchObject({
          __typename: 'DeadlineMustMove',
          earliest: '2025-11-27T16:00:00.000Z',
          rule: { article: '街道限额以下公开比选办法（示例） 第七条' },
        });
        expect(
          await clarify(tender, { affectsBids: true, deadline: '2025-11-28T00:00:00+08:00' }),
        ).toMatchObject({ __typename: 'Clarification', round: 2 });
        expect(await at.outbox(tender.id)).toHaveLength(3);
        await at.clockTo(new Date('2025-11-28T00:00:00+08:00'));
        expect(await clarify(tender, {})).toMatchObject({ __typename: 'DeadlinePassed' });
      } finally {
        await at.clockTo(new Date('2025-11-10T10:00:00+08:00'));
      }
    });

    it('is never to be answered earlier than was said: the refusal names the article of its procedure', async () => {
      for (const [method, article] of [
        ['BELOW_THRESHOLD', '街道限额以下公开比选办法（示例） 第七条'],
        ['OPEN_TENDERING', '政府采购法实施条例 第三十一条'],
      ] as const) {
        const times = { fileUntil: '2025-11-20', deadline: '2025-12-05T10:00:00+08:00' };
        const tender = await at.publishedTender(times, { method });
        const earlier = new Date(Date.parse(String(tender.deadline)) - 60_000).toISOString();
        for (const affectsBids of [false, true])
          expect(await clarify(tender, { affectsBids, deadline: earlier })).toMatchObject({
            ...{ __typename: 'DeadlineNotEarlier', deadline: tender.deadline },
            rule: { article },
          });
      }
    });

    it('says of itself what its clarifications are held to: the same days, counted the same way', async () => {
      const tender = await at.publishedTender({ deadline: '2025-11-21T00:00:00+08:00' });
      const phase = async () => {
        const { tender: seen } = await at.mulin.answer<{ tender: { phase: string } }>(
          at.resident,
          'query ($id: ID!) { tender(id: $id) { phase } }',
          { id: tender.id },
        );
        return seen.phase;
      };
      try {
        // Three full days, the 18th to the 20th, still lie between.
        await at.clockTo(new Date('2025-11-17T23:59:00+08:00'));
        expect(await phase()).toBe('CLARIFYING');
        expect(await clarify(tender, { affectsBids: true })).toMatchObject({ round: 2 });
        await at.clockTo(new Date('2025-11-18T00:00:01+08:00'));
        expect(await phase()).toBe('BIDDING');
        expect(await clarify(tender, { affectsBids: true })).toMatchObject({
          __typename: 'DeadlineMustMove',
        });
      } finally {
        await at.clockTo(new Date('2025-11-10T10:00:00+08:00'));
      }
    });

    it('is explained by somebody who did not write it, and never moved behind the first day of its contract', async () => {
      const both = person(['streetOfficer', 'streetApprover']);
      const plan = await at.approvedPlan();
      const draft = await at.must(both, 'draftTender', {
        ...{ id: newId('ten'), procurementPlanId: plan.id },
        ...(await at.tenderFile()),
      });
      const tender = await at.must(at.approver, 'publishTender', step(draft));
      const input = { tenderId: tender.id, text: '开放时间以合同为准。', affectsBids: false };
      expect(await at.do(both, 'issueClarification', { id: newId('cla'), ...input })).toMatchObject(
        { __typename: 'SecondPersonNeeded', firstPersonId: both.id },
      );
      for (const deadline of ['2026-01-01T00:00:00+08:00', '9999-12-31T00:00:00+08:00'])
        expect(await clarify(tender, { deadline })).toMatchObject({
          __typename: 'TenderFileInvalid',
          rule: { article: '政府采购法 第四十六条' },
        });
      expect(await clarify(tender, { deadline: '2025-12-31T10:00:00+08:00' })).toMatchObject({
        __typename: 'Clarification',
      });
    });

    it('shows residents its file, and says what the clock makes of it', async () => {
      const draft = await at.draftedTender();
      const look = `query ($id: ID!) { tender(id: $id) { phase title budget { fen }
        lots { no ceiling { fen } } criteria { code points objective } openingKeys { fingerprint }
        procurementPlan { title serviceItem { title } } clarifications { text } } }`;
      const hidden = await at.mulin.ask(at.resident, look, { id: draft.id });
      expect(hidden.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
      await at.must(at.approver, 'publishTender', step(draft));
      const { tender } = await at.mulin.answer<{ tender: object }>(at.resident, look, {
        id: draft.id,
      });
      expect(tender).toMatchObject({
        phase: 'CLARIFYING',
        budget: { fen: '90000000' },
        lots: [{ no: 1, ceiling: { fen: '88000000' } }],
        criteria: [
          { code: 'service-plan', points: 6000 },
          { code: 'grade', objective: true },
        ],
        procurementPlan: { serviceItem: { title: '睦邻中心托管' } },
      });
      expect(Object.values(tender)[5]).toHaveLength(3);
    });
  });

  it('tells bidders what the contract will oblige to and when it pays, once it is published', async () => {
    const draft = await at.draftedTender();
    const look = `query ($id: ID!) { tender(id: $id) { obligations { code title metric }
      instalments { no kind share periodFrom periodTo } } }`;
    const bidder = at.bidder();
    const hidden = await at.mulin.ask(bidder, look, { id: draft.id });
    expect(hidden.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    await at.must(at.approver, 'publishTender', step(draft));
    expect(await at.mulin.answer(bidder, look, { id: draft.id })).toEqual({
      tender: {
        obligations: [{ code: 'volunteer-team', title: '孵化志愿者团队', metric: '年内 2 支' }],
        instalments: [
          { no: 1, kind: 'ADVANCE', share: 3000, periodFrom: null, periodTo: null },
          {
            ...{ no: 2, kind: 'EVALUATED', share: 7000 },
            ...{ periodFrom: '2026-01-01', periodTo: '2026-12-31' },
          },
        ],
      },
    });
  });

  it('is read by who is not signed in once it is published, with all of its file; a draft is not', async () => {
    const draft = await at.draftedTender();
    const look = `query ($id: ID!) { tender(id: $id) { title phase lots { no } criteria { code }
      openingKeys { fingerprint } obligations { code } procurementPlan { title }
      clarifications { text } } }`;
    const hidden = await at.mulin.ask(null, look, { id: draft.id });
    expect(hidden.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
    const published = await at.must(at.approver, 'publishTender', step(draft));
    await at.must(at.approver, 'issueClarification', {
      ...{ id: newId('cla'), tenderId: published.id, text: '以合同为准。', affectsBids: false },
    });
    const { tender } = await at.mulin.answer<{ tender: object }>(null, look, { id: draft.id });
    expect(tender).toMatchObject({
      ...{ phase: 'CLARIFYING', lots: [{ no: 1 }], obligations: [{ code: 'volunteer-team' }] },
      criteria: [{ code: 'service-plan' }, { code: 'grade' }],
      openingKeys: [{}, {}, {}],
      procurementPlan: { title: '第三睦邻中心托管服务' },
      clarifications: [{ text: '以合同为准。' }],
    });
    const elsewhere = await at.mulin.ask(person(['resident'], { street: '310110016' }), look, {
      id: draft.id,
    });
    expect(elsewhere.errors?.[0]?.extensions.code).toBe('NOT_FOUND');
  });

  it('is found by its plan and by the days of its deadline', async () => {
    const plan = await at.approvedPlan();
    const tender = await at.must(at.officer, 'draftTender', {
      ...{ id: newId('ten'), procurementPlanId: plan.id },
      ...(await at.tenderFile({ deadline: '2025-11-26T10:00:00+08:00' })),
    });
    const found = async (filter: object) => {
      const { tenders } = await at.mulin.answer<{ tenders: { nodes: { id: string }[] } }>(
        at.officer,
        'query ($filter: TenderFilter) { tenders(first: 100, filter: $filter) { nodes { id } } }',
        { filter },
      );
      return tenders.nodes.map(({ id }) => id);
    };
    expect(await found({ planId: plan.id })).toEqual([tender.id]);
    const [from, before] = ['2025-11-26T00:00:00+08:00', '2025-11-26T10:00:00+08:00'];
    expect(await found({ planId: plan.id, deadline: { from } })).toEqual([tender.id]);
    expect(await found({ planId: plan.id, deadline: { from, before } })).toEqual([]);
    const { procurementPlans: plans } = await at.mulin.answer<{
      procurementPlans: { nodes: { id: string }[] };
    }>(
      at.officer,
      '{ procurementPlans(first: 100, filter: { method: SINGLE_SOURCE }) { nodes { id } } }',
    );
    expect(plans.nodes).toEqual([]);
  });

  it('fails after publication on a ground of the law only, by somebody who did not write it, and no bid is ever opened', async () => {
    const tender = await at.publishedTender();
    const bid = await at.bid(tender);
    const fail = (actor: typeof at.approver, reasonCode: string) =>
      at.do(actor, 'declareTenderFailed', { ...step(tender), reasonCode });
    expect(await fail(at.approver, 'weChangedOurMinds')).toMatchObject({
      __typename: 'FailingReasonUnknown',
      known: ['allAboveBudget', 'illegality', 'taskCancelled'],
    });
    const both = { ...at.officer, roles: ['streetOfficer', 'streetApprover'] as const };
    expect(await fail(both, 'taskCancelled')).toMatchObject({ __typename: 'SecondPersonNeeded' });
    expect(await fail(at.approver, 'taskCancelled')).toMatchObject({
      ...{ state: 'FAILED', failedBecause: 'taskCancelled' },
    });
    expect((await at.outbox(tender.id)).at(-1)).toMatchObject({
      type: 'mulin.tender.failed.v1',
      payload: expect.objectContaining({ reasonCode: 'taskCancelled' }),
    });
    // Nothing was opened, and nobody is told who would have bid.
    expect((await at.outbox(tender.id)).at(-1)?.payload).not.toHaveProperty('bids');
    const [row] = await at.mulin.database.query<{ bid: string; plan: string }>(
      `select bid.state as bid, plan.state as plan from bid join tender on tender.id = tender_id
       join procurement_plan plan on plan.id = plan_id where bid.id = $1`,
      [bid.id],
    );
    expect(row).toEqual({ bid: 'sealed', plan: 'approved' });
  });

  it('is listed in as many statements for one as for six', async () => {
    for (let made = 0; made < 6; made += 1) await at.publishedTender({ title: `分页 ${made}` });
    const ask = (first: number) =>
      at.mulin.answer<{ tenders: { nodes: object[]; totalCount: number } }>(
        at.resident,
        `query ($first: Int!) { tenders(first: $first, filter: { state: { in: [PUBLISHED] },
           search: "分页" }, orderBy: { field: DEADLINE }) { totalCount nodes { phase lots { id }
           criteria { id } openingKeys { id } clarifications { id } procurementPlan { title } } } }`,
        { first },
      );
    const counted = async (first: number) =>
      (await countStatements(at.mulin.service.database.app, () => ask(first))).count;
    expect(await counted(6)).toBe(await counted(1));
    expect((await ask(6)).tenders.totalCount).toBe(6);
  });
});
