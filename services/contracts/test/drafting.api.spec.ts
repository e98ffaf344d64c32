import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { type Bench, bench, key, knownOrganisation, person, terms } from './builders.js';
import { expectChecksToHold } from './checks.js';

describe('drafting a contract', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await bench();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const draft = (change: object = {}) =>
    at.do(at.officer, 'draftContract', { ...terms(at.organisationId), ...change });
  const withRule = (change: object) =>
    draft({ rule: { ...terms(at.organisationId).rule, ...change } });
  const withInstalment = (place: number, change: object) => {
    const { instalments, ...rest } = terms(at.organisationId);
    return draft({
      ...rest,
      instalments: instalments.map((each, index) =>
        index === place ? { ...each, ...change } : each,
      ),
    });
  };
  const contracts = async () => {
    const [row] = await at.mulin.database.query<{ count: number }>(
      'select count(*)::int as count from contract',
    );
    return row?.count ?? 0;
  };

  it('keeps the terms as they were written, and tells nobody yet', async () => {
    const input = terms(at.organisationId);
    expect(await at.do(at.officer, 'draftContract', input)).toMatchObject({
      __typename: 'Contract',
      id: input.id,
      state: 'DRAFTED',
      version: 1,
    });
    const { contract } = await at.mulin.answer<{ contract: Record<string, unknown> }>(
      at.officer,
      /* GraphQL */ `
        query ($id: ID!) {
          contract(id: $id) {
            title
            amount {
              fen
              currency
            }
            from
            to
            fiscalYear
            tenderId
            organisation {
              id
            }
            rule {
              version
              bands {
                fromScore
                payShare
                grade
                interpolate
              }
              failBelow
              gates {
                obligation
                capShare
                appliesTo
              }
              breachDeductions {
                obligation
                per {
                  fen
                  share
                }
                cap {
                  fen
                  share
                }
              }
              retention
              rectificationDays
              carryExcess
            }
            obligations {
              code
              title
              metric
              status
            }
            instalments {
              id
              no
              kind
              amount {
                fen
              }
              period {
                from
                to
              }
              fundId
              reserved
              contract {
                id
              }
            }
            signatures {
              id
            }
            breaches {
              id
            }
            fulfilments {
              id
            }
            fundsRefusal {
              code
            }
          }
        }
      `,
      { id: input.id },
    );
    expect(contract).toMatchObject({
      title: '第三睦邻中心托管协议',
      amount: { fen: '90000000', currency: 'CNY' },
      from: '2026-01-01',
      to: '2026-12-31',
      fiscalYear: 2026,
      tenderId: null,
      organisation: { id: at.organisationId },
      rule: {
        version: 1,
        gates: [{ obligation: 'volunteer-team', capShare: 8000, appliesTo: [2, 3] }],
        breachDeductions: [
          {
            obligation: 'hotline-response',
            per: { fen: '100000', share: null },
            cap: { fen: null, share: 500 },
          },
        ],
      },
      obligations: [
        { code: 'volunteer-team', metric: '年内 2 支', status: 'PENDING' },
        { code: 'hotline-response', metric: null, status: 'PENDING' },
      ],
      instalments: [
        { no: 1, kind: 'ADVANCE', period: null, reserved: false, contract: { id: input.id } },
        { no: 2, kind: 'EVALUATED', period: { from: '2026-01-01', to: '2026-06-30' } },
        { no: 3, amount: { fen: '30000000' } },
      ],
      signatures: [],
    });
    expect(await at.outbox(input.id)).toEqual([]);
  });

  it('does it once, however often the same request comes at once', async () => {
    const input = terms(at.organisationId);
    const before = await contracts();
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => at.do(at.officer, 'draftContract', input)),
    );
    for (const answer of answers)
      expect(answer).toMatchObject({ __typename: 'Contract', id: input.id });
    expect(await contracts()).toBe(before + 1);
  });

  it('refuses an id that was used for other content', async () => {
    const input = terms(at.organisationId);
    await at.do(at.officer, 'draftContract', input);
    expect(await at.do(at.officer, 'draftContract', { ...input, title: '别的协议' })).toMatchObject(
      {
        __typename: 'IdAlreadyUsed',
        id: input.id,
      },
    );
  });

  it('refuses the id of an instalment of another contract, even one that the drafter cannot see', async () => {
    const street = '310110016';
    const organisationId = newId('org');
    await knownOrganisation(at.mulin, organisationId, { street });
    const elsewhere = terms(organisationId);
    await at.do(person(['streetOfficer'], { street }), 'draftContract', elsewhere);
    expect(await withInstalment(0, { id: elsewhere.instalments[0]?.id })).toMatchObject({
      __typename: 'IdAlreadyUsed',
      id: elsewhere.instalments[0]?.id,
    });
    expect(await draft({ id: elsewhere.id })).toMatchObject({ __typename: 'IdAlreadyUsed' });
  });

  it('refuses instalments that do not sum to the amount, to the fen, and says both sums', async () => {
    const before = await contracts();
    expect(await draft({ amount: '90000001' })).toMatchObject({
      __typename: 'InstalmentsDoNotSum',
      sum: { fen: '90000000', currency: 'CNY' },
      total: { fen: '90000001' },
      rule: { id: 'contract.instalments.sum', article: '财库〔2021〕22号 第二十三条' },
      message: 'The instalments sum to CNY 900,000.00, the contract is CNY 900,000.01.',
    });
    expect(await contracts()).toBe(before);
  });

  it.each([
    ['bands that are missing', { bands: [] }, 'bandsEmpty', 'bands'],
    [
      'bands that do not start at 0',
      { bands: [band(100, 0)] },
      'bandsNotFromZero',
      'bands[0].fromScore',
    ],
    [
      'bands that do not rise',
      { bands: [band(0, 0), band(0, 10)] },
      'bandsNotRising',
      'bands[1].fromScore',
    ],
    [
      'shares that fall',
      { bands: [band(0, 10), band(10, 0)] },
      'sharesFalling',
      'bands[1].payShare',
    ],
    [
      'a last band that interpolates',
      { bands: [{ ...band(0, 0), interpolate: true }] },
      'lastBandInterpolates',
      'bands[0].interpolate',
    ],
    ['a share above 10000', { bands: [band(0, 10001)] }, 'outOfRange', 'bands[0].payShare'],
    ['a negative score', { failBelow: -1 }, 'outOfRange', 'failBelow'],
    ['a retention above 10000', { retention: 10001 }, 'outOfRange', 'retention'],
    ['negative days', { rectificationDays: -1 }, 'negativeDays', 'rectificationDays'],
    ['days without end', { rectificationDays: 1001 }, 'tooManyDays', 'rectificationDays'],
    [
      'a gate on an obligation that the contract does not have',
      { gates: [{ obligation: 'other', capShare: 1, appliesTo: [2] }] },
      'unknownObligation',
      'gates[0].obligation',
    ],
    [
      'a gate on an instalment that the contract does not have',
      { gates: [{ obligation: 'volunteer-team', capShare: 1, appliesTo: [4] }] },
      'unknownInstalment',
      'gates[0].appliesTo[0]',
    ],
    [
      'a deduction for an obligation that the contract does not have',
      { breachDeductions: [{ obligation: 'other', per: { share: 1 } }] },
      'unknownObligation',
      'breachDeductions[0].obligation',
    ],
    [
      'two deductions for one obligation',
      { breachDeductions: [deduction(), deduction()] },
      'duplicateDeduction',
      'breachDeductions[1].obligation',
    ],
    [
      'a deduction of more than everything',
      { breachDeductions: [{ obligation: 'hotline-response', per: { share: 10001 } }] },
      'outOfRange',
      'breachDeductions[0].per.share',
    ],
  ])('refuses a rule with %s', async (_, change, code, path) => {
    const answer = await withRule(change);
    expect(answer).toMatchObject({
      __typename: 'RuleInvalid',
      rule: { id: 'contract.rule.valid' },
    });
    expect(answer.problems).toContainEqual(
      expect.objectContaining({
        code,
        path,
        article: expect.stringMatching(/./),
        message: expect.stringMatching(/[a-z]/),
      }),
    );
  });

  it('refuses a term that ends before it begins', async () => {
    expect(await draft({ from: '2027-01-01' })).toMatchObject({
      __typename: 'DatesOutOfOrder',
      from: '2027-01-01',
      to: '2026-12-31',
    });
  });

  it('refuses a period that ends before it begins', async () => {
    expect(
      await withInstalment(1, { periodFrom: '2026-06-30', periodTo: '2026-01-01' }),
    ).toMatchObject({
      __typename: 'DatesOutOfOrder',
    });
  });

  it('refuses a period outside the term', async () => {
    expect(await withInstalment(2, { periodTo: '2027-01-01' })).toMatchObject({
      __typename: 'PeriodOutsideTerm',
      no: 3,
      to: '2027-01-01',
    });
  });

  it('refuses to pay all of it in advance: then no evaluation would decide anything', async () => {
    const { instalments, amount, ...rest } = terms(at.organisationId);
    expect(
      await draft({
        ...{ ...rest, amount, instalments: [{ ...instalments[0], amount }] },
        rule: { ...rest.rule, gates: [] },
      }),
    ).toMatchObject({
      __typename: 'RuleInvalid',
      problems: [{ code: 'nothingEvaluated', path: 'instalments' }],
    });
  });

  it('refuses two periods that share a day, because a breach is charged once', async () => {
    expect(await withInstalment(2, { periodFrom: '2026-06-30' })).toMatchObject({
      __typename: 'PeriodsOverlap',
      no: 3,
      otherNo: 2,
    });
  });

  it('refuses one code for two obligations', async () => {
    const twice = [
      { code: 'volunteer-team', title: '一' },
      { code: 'volunteer-team', title: '二' },
    ];
    expect(await draft({ obligations: twice })).toMatchObject({
      __typename: 'ObligationRepeated',
      code: 'volunteer-team',
    });
  });

  it('refuses an organisation that nobody verified, or that this street does not know', async () => {
    const registered = newId('org');
    await knownOrganisation(at.mulin, registered, { verified: false });
    const elsewhere = newId('org');
    await knownOrganisation(at.mulin, elsewhere, { street: '310110016' });
    for (const organisationId of [registered, elsewhere, newId('org')]) {
      expect(await draft({ organisationId })).toMatchObject({
        __typename: 'OrganisationNotVerified',
        organisationId,
        rule: { article: '政府采购法 第二十二条' },
      });
    }
  });

  it('refuses an organisation that is barred, until the end of the last day', async () => {
    const barred = newId('org');
    await knownOrganisation(at.mulin, barred, { restrictedUntil: '2999-12-31' });
    const free = newId('org');
    await knownOrganisation(at.mulin, free, { restrictedUntil: '2020-12-31' });
    expect(await draft({ organisationId: barred })).toMatchObject({
      __typename: 'OrganisationRestricted',
      until: '2999-12-31',
      rule: { article: '政府采购法 第七十七条' },
    });
    expect(await draft({ organisationId: free })).toMatchObject({ __typename: 'Contract' });
  });

  it.each([
    ['an amount of nothing', { amount: '0' }, 'input.amount', 'ZERO'],
    ['an amount with fractions of a fen', { amount: '1.5' }, 'input.amount', 'FRACTION_OF_A_FEN'],
    ['a negative amount', { amount: '-1' }, 'input.amount', 'NEGATIVE_AMOUNT'],
    [
      'an amount above 10^14 fen',
      { amount: '100000000000001' },
      'input.amount',
      'AMOUNT_TOO_LARGE',
    ],
    ['an empty title', { title: '  ' }, 'input.title', 'EMPTY'],
    ['a title of 201 characters', { title: '长'.repeat(201) }, 'input.title', 'TOO_LONG'],
    ['a title that no database can hold', { title: 'a\u0000b' }, 'input.title', 'NOT_PLAIN_TEXT'],
    ['no instalments', { instalments: [] }, 'input.instalments', 'OUT_OF_RANGE'],
    ['a day that is not in the calendar', { to: '2026-02-30' }, 'input.to', 'NOT_A_DATE'],
    ['an id of something else', { id: newId('org') }, 'input.id', 'NOT_AN_ID'],
    [
      'an organisation that is no organisation',
      { organisationId: newId('con') },
      'input.organisationId',
      'NOT_AN_ID',
    ],
    [
      'a code that is no code',
      { obligations: [{ code: 'Volunteer Team', title: '一' }] },
      'input.obligations[0].code',
      'NOT_AN_ID',
    ],
  ])('refuses %s', async (_, change, field, problem) => {
    expect(await draft(change)).toMatchObject({ __typename: 'InvalidInput', field, problem });
  });

  it.each([
    ['numbers that do not count 1, 2, 3', 1, { no: 3 }, 'no', 'WRONG_ORDER'],
    ['an evaluated instalment without a period', 1, { periodTo: null }, 'periodTo', 'MISSING'],
    [
      'an advance with a period',
      0,
      { periodFrom: '2026-01-01', periodTo: '2026-06-30' },
      'periodFrom',
      'NOT_EXPECTED',
    ],
    ['an instalment of nothing', 0, { amount: '0' }, 'amount', 'ZERO'],
    ['a fund that is no fund', 0, { fundId: newId('con') }, 'fundId', 'NOT_AN_ID'],
  ])('refuses %s', async (_, place, change, field, problem) => {
    expect(await withInstalment(place, change)).toMatchObject({
      __typename: 'InvalidInput',
      field: `input.instalments[${place}].${field}`,
      problem,
    });
  });

  it('refuses a deduction that is both fen and share, or neither', async () => {
    for (const [per, problem] of [
      [{ fen: '1', share: 1 }, 'NOT_EXPECTED'],
      [{}, 'MISSING'],
    ] as const)
      expect(
        await withRule({ breachDeductions: [{ obligation: 'hotline-response', per }] }),
      ).toMatchObject({
        __typename: 'InvalidInput',
        field: 'input.rule.breachDeductions[0].per',
        problem,
      });
  });

  it('speaks the language it was asked in', async () => {
    const input = {
      ...terms(at.organisationId),
      rule: { ...terms(at.organisationId).rule, bands: [] },
    };
    const answer = await at.do(at.officer, 'draftContract', input, 'zh-CN');
    expect(answer).toMatchObject({
      message: expect.stringContaining('兑现规则有误'),
      problems: [{ message: '至少要有一个分数档' }],
    });
  });

  it('lets only street officers draft', async () => {
    const { errors } = await at.mulin.ask(
      at.manager,
      'mutation ($input: DraftContractInput!) { draftContract(input: $input) { __typename } }',
      { input: terms(at.organisationId) },
    );
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  describe('and revising it', () => {
    const revision = (drafted: object & { id: string }, change: object = {}) => {
      const { organisationId: _, ...content } = { ...terms(at.organisationId), ...drafted };
      return { ...content, ...key(drafted.id), expectedVersion: 1, ...change };
    };
    const plain = async () => {
      const { version: _, ...drafted } = await at.contract('DRAFTED');
      return drafted;
    };

    it('replaces all terms, and may keep the ids of instalments', async () => {
      const drafted = await plain();
      const answer = await at.do(
        at.secondOfficer,
        'reviseContract',
        revision(drafted, { title: '新标题' }),
      );
      expect(answer).toMatchObject({ __typename: 'Contract', title: '新标题', version: 2 });
      expect(await at.do(at.officer, 'reviseContract', revision(drafted))).toMatchObject({
        __typename: 'StateConflict',
        actualVersion: 2,
        actualState: 'drafted',
      });
    });

    it('leaves everything as it was when the new terms are refused', async () => {
      const drafted = await plain();
      expect(
        await at.do(at.officer, 'reviseContract', revision(drafted, { amount: '1' })),
      ).toMatchObject({ __typename: 'InstalmentsDoNotSum' });
      const { contract } = await at.mulin.answer<{ contract: object }>(
        at.officer,
        'query ($id: ID!) { contract(id: $id) { version amount { fen } instalments { no } } }',
        { id: drafted.id },
      );
      expect(contract).toEqual({
        version: 1,
        amount: { fen: '90000000' },
        instalments: [{ no: 1 }, { no: 2 }, { no: 3 }],
      });
    });

    it('answers the same key with the same answer, and refuses it for other content', async () => {
      const drafted = await plain();
      const input = revision(drafted);
      expect(await at.do(at.officer, 'reviseContract', input)).toMatchObject({ version: 2 });
      expect(await at.do(at.officer, 'reviseContract', input)).toMatchObject({ version: 2 });
      expect(
        await at.do(at.officer, 'reviseContract', { ...input, title: '另一个' }),
      ).toMatchObject({
        __typename: 'IdempotencyKeyReused',
      });
    });

    it('is over when the money was asked for, in the database too', async () => {
      const drafted = await at.contract('AWAITING_FUNDS');
      const { version: _, ...content } = drafted;
      expect(
        await at.do(at.officer, 'reviseContract', revision(content, { expectedVersion: 2 })),
      ).toMatchObject({ __typename: 'StateConflict', actualState: 'awaitingFunds' });
      const query = (sql: string) => at.mulin.database.query(sql, [drafted.id]);
      const fixed = 'the terms of';
      await expect(query("update contract set title = 'x' where id = $1")).rejects.toThrow(fixed);
      await expect(
        query('update instalment set amount_fen = 1 where contract_id = $1'),
      ).rejects.toThrow(fixed);
      await expect(query('delete from obligation where contract_id = $1')).rejects.toThrow(fixed);
    });

    it('cannot leave instalments that do not sum, whoever writes them', async () => {
      const drafted = await plain();
      await expect(
        at.mulin.database.query(
          'update instalment set amount_fen = amount_fen + 1 where contract_id = $1',
          [drafted.id],
        ),
      ).rejects.toThrow('do not sum to its amount');
    });
  });
});

function band(fromScore: number, payShare: number) {
  return { fromScore, payShare, grade: '档' };
}

function deduction() {
  return { obligation: 'hotline-response', per: { fen: '1' } };
}
