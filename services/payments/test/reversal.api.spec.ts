import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { breaches, type ContractStory, fundWith, person } from './builders.js';
import { approver, Desk, officer, step } from './desk.js';
import * as ask from './operations.js';

const late = { obligation: 'hotline-response', per: { fen: '100000' } };
const relatedOfficer = person(['streetOfficer']);
const relatedApprover = person(['streetApprover']);
const costly = { obligation: 'safety', per: { fen: '12500000' } };

describe('a withdrawn breach is put right by two people, and every fen of it stays on record', () => {
  let desk: Desk;

  beforeAll(async () => {
    desk = await Desk.open();
  });
  afterAll(async () => {
    expect(await desk.close()).toEqual([]);
  });

  const standing = async (contract: ContractStory, no = 1) => {
    const [row] = await desk.mulin.database.query<{ id: string; figures: string }>(
      `select id, concat_ws(' ', released_fen, reduced_fen, rectification_fen, retained_fen) as figures
       from decision where instalment_id = $1 order by no desc limit 1`,
      [contract.instalment(no).id],
    );
    return row ?? { id: '', figures: '' };
  };
  const propose = (decisionId: string, withdrawnBreachIds: string[], id = newId('dec')) =>
    desk.mutate(officer, ask.PROPOSE_REVERSAL, {
      ...{ id, decisionId, withdrawnBreachIds },
      document: '延街办〔2026〕12号',
    });
  const approve = (id: string, actor = approver) =>
    desk.mutate(actor, ask.APPROVE_REVERSAL, step(id, 1));

  it('one of two late hotline orders was not late: 1,000 yuan follow, by transfers that name the first', async () => {
    const contract = await desk.signed({ rule: { breachDeductions: [late] } });
    const charged = breaches('hotline-response', 2);
    await desk.evaluated(contract, { score: 8500, breaches: charged });
    const decision = await standing(contract);
    const proposal = await propose(decision.id, [charged[0]?.id ?? '']);
    expect(proposal).toMatchObject({ state: 'PROPOSED' });
    expect(await approve(String(proposal.id))).toMatchObject({
      state: 'APPROVED',
      decision: {
        kind: 'reversal',
        causeId: decision.id,
        released: { fen: '26900000' },
        reduced: { fen: '3100000' },
        newlyReleased: { fen: '100000' },
        transfers: [
          {
            debit: `available:${desk.fundId}`,
            fen: '3200000',
            reverses: expect.stringContaining('trf_') as unknown,
          },
          {
            credit: `payable:${contract.organisationId}:${desk.fundId}`,
            fen: '100000',
            reverses: null,
          },
          { credit: `available:${desk.fundId}`, fen: '3100000', reverses: null },
        ],
      },
    });
  });

  it('is neither proposed nor approved by somebody related to the payee', async () => {
    const contract = await desk.signed({ rule: { breachDeductions: [late] } });
    const charged = breaches('hotline-response', 2);
    await desk.evaluated(contract, { score: 8500, breaches: charged });
    const decision = await standing(contract);
    const { organisationId } = contract;
    for (const { id: personId } of [relatedOfficer, relatedApprover])
      await desk.mulin.database.query(
        `insert into relation (id, street, person_id, organisation_id, kind, valid_from, valid_to)
         values ($1, '310110015', $2, $3, 'director', '2015-01-01', null)`,
        [newId('rel'), personId, organisationId],
      );
    const input = { decisionId: decision.id, withdrawnBreachIds: [charged[0]?.id ?? ''] };
    expect(
      await desk.mutate(relatedOfficer, ask.PROPOSE_REVERSAL, {
        ...{ ...input, id: newId('dec'), document: '延街办〔2026〕12号' },
      }),
    ).toMatchObject({ __typename: 'ConflictOfInterest' });
    const proposal = await propose(decision.id, input.withdrawnBreachIds);
    expect(await approve(String(proposal.id), relatedApprover)).toMatchObject({
      __typename: 'ConflictOfInterest',
    });
    await expect(
      desk.mulin.database.query(
        `update reversal set state = 'APPROVED', approved_by = $2 where id = $1`,
        [proposal.id, relatedApprover.id],
      ),
    ).rejects.toThrow('somebody related to the payee');
    expect(await approve(String(proposal.id))).toMatchObject({ state: 'APPROVED' });
  });

  it('a claim that was carried shrinks with it', async () => {
    const contract = await desk.signed({
      amounts: [30_000_000n, 30_000_000n],
      rule: { breachDeductions: [costly], carryExcess: true },
    });
    const charged = breaches('safety', 2);
    await desk.evaluated(contract, { score: 6000, breaches: charged });
    const decision = await standing(contract);
    const { id } = await propose(decision.id, [charged[0]?.id ?? '']);
    await approve(String(id));
    expect((await standing(contract)).figures).toBe('8500000 21500000 0 0');
    await desk.evaluated(contract, { no: 2, score: 9500 });
    expect((await standing(contract, 2)).figures).toBe('30000000 0 0 0');
  });

  it('a claim that was already taken from a later instalment must be put right there first', async () => {
    const contract = await desk.signed({
      amounts: [30_000_000n, 30_000_000n],
      rule: { breachDeductions: [costly], carryExcess: true },
    });
    const charged = breaches('safety', 2);
    await desk.evaluated(contract, { score: 6000, breaches: charged });
    await desk.evaluated(contract, { no: 2, score: 9500 });
    const decision = await standing(contract);
    expect(await propose(decision.id, [charged[0]?.id ?? ''])).toMatchObject({
      __typename: 'NotReversible',
      code: 'claimTaken',
    });
  });

  it('an instalment under rectification is corrected, and its second attempt follows the correction', async () => {
    const rule = {
      bands: [
        { fromScore: 0, payShare: 3000, grade: '不合格' },
        { fromScore: 8000, payShare: 9000, grade: '良好' },
      ],
      breachDeductions: [late],
    };
    const contract = await desk.signed({ rule });
    const charged = breaches('hotline-response', 2);
    const after = await desk.evaluated(contract, { score: 5000, breaches: charged });
    const decision = await standing(contract);
    expect(decision.figures).toBe('8800000 200000 21000000 0');
    const { id } = await propose(decision.id, [charged[0]?.id ?? '']);
    await approve(String(id));
    expect((await standing(contract)).figures).toBe('8900000 100000 21000000 0');
    // Evaluations knows of no reversal: its second attempt names both breaches, one is charged.
    await desk.evaluated(contract, { score: 8500, breaches: charged, after });
    expect((await standing(contract)).figures).toBe('26900000 3100000 0 0');
  });

  it('nobody does it alone, and nobody does it twice', async () => {
    const contract = await desk.signed({ rule: { breachDeductions: [late] } });
    const charged = breaches('hotline-response', 1);
    await desk.evaluated(contract, { score: 8500, breaches: charged });
    const decision = await standing(contract);
    const both = person(['streetOfficer', 'streetApprover']);
    const input = {
      id: newId('dec'),
      decisionId: decision.id,
      withdrawnBreachIds: charged.map(({ id }) => id),
      document: '延街办〔2026〕12号',
    };
    await desk.mutate(both, ask.PROPOSE_REVERSAL, input);
    expect(await approve(input.id, both)).toMatchObject({
      __typename: 'SecondPersonNeeded',
      firstPersonId: both.id,
    });
    const second = await propose(decision.id, input.withdrawnBreachIds);
    const answers = await Promise.all([approve(input.id), approve(String(second.id))]);
    expect(answers.map(({ __typename: name }) => name).sort()).toEqual([
      'NotReversible',
      'Reversal',
    ]);
    expect(answers.find(({ __typename: name }) => name === 'NotReversible')).toMatchObject({
      code: 'notStanding',
    });
  });

  it('it names the document by which the breach was withdrawn', async () => {
    const contract = await desk.signed({ rule: { breachDeductions: [late] } });
    const charged = breaches('hotline-response', 1);
    await desk.evaluated(contract, { score: 8500, breaches: charged });
    const { id: decisionId } = await standing(contract);
    const withdrawnBreachIds = charged.map(({ id }) => id);
    const without = (document: string) =>
      desk.mutate(officer, ask.PROPOSE_REVERSAL, {
        ...{ id: newId('dec'), decisionId, withdrawnBreachIds, document },
      });
    expect(await without(' ')).toMatchObject({
      __typename: 'InvalidInput',
      field: 'input.document',
    });
    expect(await without('号'.repeat(201))).toMatchObject({ __typename: 'InvalidInput' });
    const proposal = await propose(decisionId, withdrawnBreachIds);
    await expect(
      desk.mulin.database.query(`update reversal set document = ' ' where id = $1`, [proposal.id]),
    ).rejects.toThrow('a reversal rests on a document');
  });

  it('what was not charged, or would change nothing, is refused', async () => {
    const contract = await desk.signed({ rule: { breachDeductions: [late] } });
    await desk.evaluated(contract, { score: 8500, breaches: breaches('other-duty', 1) });
    const decision = await standing(contract);
    expect(await propose(decision.id, [newId('brc')])).toMatchObject({ code: 'breachNotCharged' });
    expect(await propose(decision.id, [])).toMatchObject({ code: 'nothingChanges' });
  });

  it('money that was reserved anew in the meantime cannot come back', async () => {
    const small = await fundWith(desk.mulin.database, 30_000_000n);
    const contract = await desk.signed({ fundId: small, rule: { breachDeductions: [late] } });
    const charged = breaches('hotline-response', 1);
    await desk.evaluated(contract, { score: 8500, breaches: charged });
    await desk.reserved({ fundId: small, amounts: [3_100_000n] });
    const decision = await standing(contract);
    expect(
      await propose(
        decision.id,
        charged.map(({ id }) => id),
      ),
    ).toMatchObject({
      __typename: 'BudgetExceeded',
      requested: { fen: '100000' },
      remaining: { fen: '0' },
    });
  });
});
