import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ContractFundsRequested, ContractSigned, validateStrict } from '@mulin/events';
import { newId } from '@mulin/ids';
import {
  type Bench,
  bench,
  type Drafted,
  hashOf,
  key,
  knownOrganisation,
  person,
} from './builders.js';
import { expectChecksToHold } from './checks.js';

describe('money before signatures', () => {
  let at: Bench;
  beforeAll(async () => {
    at = await bench();
  });
  afterAll(async () => {
    await expectChecksToHold(at.mulin);
    await at.mulin.stop();
  });

  const step = ({ id, version }: { id: string; version: number }) => ({
    ...key(id),
    expectedVersion: version,
  });
  const read = async (id: string) =>
    (
      await at.mulin.answer<{ contract: Record<string, unknown> }>(
        at.officer,
        /* GraphQL */ `
          query ($id: ID!) {
            contract(id: $id) {
              state
              version
              requestNo
              signedAt
              fundedAt
              fundsRefusal {
                requestNo
                code
                fundId
                requested {
                  fen
                }
                remaining {
                  fen
                }
              }
              instalments {
                reserved
              }
              signatures {
                side
                signedById
                textHash
              }
            }
          }
        `,
        { id },
      )
    ).contract;
  const sign = async (
    actor: typeof at.officer,
    contract: Drafted,
    side: string,
    change: object = {},
  ) =>
    at.do(actor, 'signContract', {
      ...step(contract),
      side,
      textHash: await hashOf(at.mulin, at.officer, contract.id),
      ...change,
    });

  describe('asking for the money', () => {
    it('fixes the terms and tells payments which instalments to reserve from which fund', async () => {
      const contract = await at.contract('AWAITING_FUNDS');
      expect(await read(contract.id)).toMatchObject({ state: 'AWAITING_FUNDS', requestNo: 1 });
      const [event, ...more] = await at.outbox(contract.id);
      expect(more).toEqual([]);
      expect(event).toMatchObject({ type: ContractFundsRequested.ceType, aggregateversion: 1 });
      expect(event?.payload).toEqual({
        contractId: contract.id,
        organisationId: at.organisationId,
        requestNo: 1,
        instalments: contract.instalments.map(({ id, no, amount, fundId }) => ({
          id,
          no,
          amountFen: amount,
          fundId,
        })),
      });
    });

    it('does it once, however often the same request comes at once', async () => {
      const contract = await at.contract('DRAFTED');
      const input = step(contract);
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => at.do(at.officer, 'requestFunds', input)),
      );
      for (const answer of answers)
        expect(answer).toMatchObject({
          __typename: 'Contract',
          state: 'AWAITING_FUNDS',
          requestNo: 1,
        });
      expect(await at.outbox(contract.id)).toHaveLength(1);
      expect(
        await at.do(at.officer, 'requestFunds', { ...input, expectedVersion: 2 }),
      ).toMatchObject({
        __typename: 'IdempotencyKeyReused',
        idempotencyKey: input.idempotencyKey,
      });
    });

    it('lets the contract be drafted again when the fund is too small, and shows by how much', async () => {
      const contract = await at.contract('AWAITING_FUNDS');
      await at.refuse(contract.id);
      expect(await read(contract.id)).toMatchObject({
        state: 'DRAFTED',
        version: 3,
        fundsRefusal: {
          requestNo: 1,
          code: 'budgetExceeded',
          requested: { fen: '90000000' },
          remaining: { fen: '50000000' },
        },
      });
      const again = await at.do(at.officer, 'requestFunds', step({ ...contract, version: 3 }));
      expect(again).toMatchObject({ state: 'AWAITING_FUNDS', requestNo: 2 });
      expect(await read(contract.id)).toMatchObject({ fundsRefusal: null });
      expect((await at.outbox(contract.id)).map((event) => event.aggregateversion)).toEqual([1, 2]);
    });

    it('takes no answer to an earlier request for an answer to this one', async () => {
      const contract = await at.contract('AWAITING_FUNDS');
      await at.refuse(contract.id);
      await at.do(at.officer, 'requestFunds', step({ ...contract, version: 3 }));
      await at.reserve(contract.id, 1);
      await at.refuse(contract.id, 1);
      expect(await read(contract.id)).toMatchObject({ state: 'AWAITING_FUNDS', requestNo: 2 });
      await at.reserve(contract.id, 2);
      expect(await read(contract.id)).toMatchObject({
        state: 'FUNDED',
        instalments: [{ reserved: true }, { reserved: true }, { reserved: true }],
      });
    });
  });

  describe('cancelling', () => {
    it('gives reserved money back', async () => {
      const contract = await at.contract('FUNDED');
      expect(await at.do(at.officer, 'cancelContract', step(contract))).toMatchObject({
        state: 'CANCELLED',
      });
      const events = await at.outbox(contract.id);
      expect(events.map((event) => event.type)).toEqual([
        'mulin.contract.fundsRequested.v1',
        'mulin.contract.fundsReleased.v1',
      ]);
      expect(events[1]?.payload).toMatchObject({ requestNo: 1, because: 'cancelled' });
    });

    it('gives nothing back when nothing was asked for, and is told all the same', async () => {
      const contract = await at.contract('DRAFTED');
      expect(await at.do(at.officer, 'cancelContract', step(contract))).toMatchObject({
        state: 'CANCELLED',
      });
      expect(await at.outbox(contract.id)).toMatchObject([
        { type: 'mulin.contract.cancelled.v1', payload: { reasonCode: 'givenUp', tenderId: null } },
      ]);
    });

    it('stays cancelled when the money is reserved a moment too late', async () => {
      const contract = await at.contract('AWAITING_FUNDS');
      await at.do(at.officer, 'cancelContract', step(contract));
      await at.reserve(contract.id);
      expect(await read(contract.id)).toMatchObject({
        state: 'CANCELLED',
        instalments: [{ reserved: false }, { reserved: false }, { reserved: false }],
      });
    });

    it('is refused once both sides have signed', async () => {
      const contract = await at.contract('SIGNED');
      expect(await at.do(at.officer, 'cancelContract', step(contract))).toMatchObject({
        __typename: 'StateConflict',
        actualState: 'signed',
      });
    });
  });

  describe('signing', () => {
    it('is refused before the money is reserved', async () => {
      for (const state of ['DRAFTED', 'AWAITING_FUNDS'] as const) {
        const contract = await at.contract(state);
        expect(await sign(at.approver, contract, 'BUYER')).toMatchObject({
          __typename: 'FundsNotReserved',
          state,
          unreserved: [1, 2, 3],
          rule: { id: 'contract.funds.first', article: '预算法 第十三条' },
        });
      }
    });

    it('is refused while one instalment of this fiscal year has no money', async () => {
      const contract = await at.contract('FUNDED');
      await at.mulin.database.query(
        'update instalment set reserved = false where contract_id = $1 and no = 2',
        [contract.id],
      );
      expect(await sign(at.approver, contract, 'BUYER')).toMatchObject({
        __typename: 'FundsNotReserved',
        state: 'FUNDED',
        unreserved: [2],
      });
    });

    it('takes both sides, and tells payments the terms with the second signature', async () => {
      const contract = await at.contract('FUNDED');
      const textHash = await hashOf(at.mulin, at.officer, contract.id);
      expect(textHash).toMatch(/^sha256:[0-9a-f]{64}$/);
      const first = await sign(at.manager, contract, 'PROVIDER');
      expect(first).toMatchObject({ __typename: 'Contract', state: 'FUNDED', signedAt: null });
      expect(await at.outbox(contract.id)).toHaveLength(1);
      const second = await sign(at.approver, { ...contract, version: first.version }, 'BUYER');
      expect(second).toMatchObject({ __typename: 'Contract', state: 'SIGNED' });
      expect(await read(contract.id)).toMatchObject({
        signatures: [
          { side: 'PROVIDER', signedById: at.manager.id, textHash },
          { side: 'BUYER', signedById: at.approver.id, textHash },
        ],
      });
      const event = (await at.outbox(contract.id))[1];
      expect(event).toMatchObject({ type: ContractSigned.ceType, aggregateversion: 2 });
      expect(validateStrict(ContractSigned, event?.payload)).toMatchObject({ ok: true });
      expect(event?.payload).toEqual({
        contractId: contract.id,
        title: contract.title,
        organisationId: at.organisationId,
        tenderId: null,
        amountFen: '90000000',
        from: '2026-01-01',
        to: '2026-12-31',
        ruleVersion: 1,
        rule: { version: 1, ...contract.rule },
        obligations: [{ code: 'volunteer-team' }, { code: 'hotline-response' }],
        instalments: [
          { ...signed(contract, 0), kind: 'advance' },
          {
            ...signed(contract, 1),
            kind: 'evaluated',
            periodFrom: '2026-01-01',
            periodTo: '2026-06-30',
          },
          {
            ...signed(contract, 2),
            kind: 'evaluated',
            periodFrom: '2026-07-01',
            periodTo: '2026-12-31',
          },
        ],
        signedAt: second.signedAt,
      });
    });

    it('with one key makes one signature, however often it comes at once', async () => {
      const contract = await at.contract('FUNDED');
      const textHash = await hashOf(at.mulin, at.officer, contract.id);
      const input = { ...step(contract), side: 'BUYER', textHash };
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => at.do(at.approver, 'signContract', input)),
      );
      for (const answer of answers)
        expect(answer).toMatchObject({ __typename: 'Contract', state: 'FUNDED' });
      expect((await read(contract.id)).signatures).toHaveLength(1);
    });

    it('or cancelling: of the two at once exactly one happens', async () => {
      for (let round = 0; round < 5; round += 1) {
        const contract = await at.contract('FUNDED');
        const first = await sign(at.approver, contract, 'BUYER');
        const half = { ...contract, version: first.version };
        const [signedAnswer, cancelled] = await Promise.all([
          sign(at.manager, half, 'PROVIDER'),
          at.do(at.secondOfficer, 'cancelContract', step(half)),
        ]);
        expect([signedAnswer.__typename, cancelled.__typename].sort()).toEqual([
          'Contract',
          'StateConflict',
        ]);
        const told = (await at.outbox(contract.id)).map((event) => event.type);
        expect(told).toHaveLength(2);
        expect(told[1]).toBe(
          signedAnswer.__typename === 'Contract'
            ? 'mulin.contract.signed.v1'
            : 'mulin.contract.fundsReleased.v1',
        );
      }
    });

    it('is refused to a side one does not act for', async () => {
      const contract = await at.contract('FUNDED');
      expect(await sign(at.approver, contract, 'PROVIDER')).toMatchObject({
        __typename: 'NotYourSide',
        side: 'PROVIDER',
        message: 'You do not act for the provider.',
      });
      expect(await sign(at.manager, contract, 'BUYER')).toMatchObject({
        __typename: 'NotYourSide',
      });
    });

    it('is refused to who wrote the terms, and to who revised them', async () => {
      const writer = person(['streetOfficer', 'streetApprover']);
      const contract = await at.contract('DRAFTED');
      const { organisationId: _, version, ...content } = contract;
      await at.do(writer, 'reviseContract', { ...content, ...step({ ...contract, version }) });
      await at.do(at.officer, 'requestFunds', step({ ...contract, version: 2 }));
      await at.reserve(contract.id);
      expect(await sign(writer, { ...contract, version: 4 }, 'BUYER')).toMatchObject({
        __typename: 'SecondPersonNeeded',
        firstPersonId: writer.id,
        rule: { id: 'fourEyes' },
      });
    });

    it('is refused to one person for both sides, in the database too', async () => {
      const both = person(['streetApprover', 'organisationManager'], {
        organisation: at.organisationId,
      });
      const contract = await at.contract('FUNDED');
      const first = await sign(both, contract, 'PROVIDER');
      expect(await sign(both, { ...contract, version: first.version }, 'BUYER')).toMatchObject({
        __typename: 'SecondPersonNeeded',
        firstPersonId: both.id,
      });
      const forge = (by: string) =>
        at.mulin.database.query(
          `insert into signature select $2, contract_id, street, organisation_id, 'buyer', $3, written_by,
             text_hash, signed_at from signature where contract_id = $1`,
          [contract.id, newId('sig'), by],
        );
      await expect(forge(both.id)).rejects.toThrow('two sides are two people');
      await expect(forge(at.officer.id)).rejects.toThrow(
        'who wrote the terms does not sign them for the buyer',
      );
    });

    it('is refused twice for one side', async () => {
      const contract = await at.contract('FUNDED');
      const first = await sign(at.approver, contract, 'BUYER');
      const other = person(['streetApprover']);
      expect(await sign(other, { ...contract, version: first.version }, 'BUYER')).toMatchObject({
        __typename: 'SideAlreadySigned',
        side: 'BUYER',
      });
    });

    it('is refused under a text that is not the contract’s', async () => {
      const contract = await at.contract('FUNDED');
      const textHash = `sha256:${'0'.repeat(64)}`;
      const currentHash = await hashOf(at.mulin, at.officer, contract.id);
      expect(await sign(at.approver, contract, 'BUYER', { textHash })).toMatchObject({
        __typename: 'ContractChangedSinceSigned',
        signedHash: textHash,
        currentHash,
      });
    });

    it('is refused when the other side signed another text', async () => {
      const contract = await at.contract('FUNDED');
      const first = await sign(at.approver, contract, 'BUYER');
      const tampered = `sha256:${'1'.repeat(64)}`;
      await at.mulin.database.query('update signature set text_hash = $2 where contract_id = $1', [
        contract.id,
        tampered,
      ]);
      const second = await sign(at.manager, { ...contract, version: first.version }, 'PROVIDER');
      expect(second).toMatchObject({
        __typename: 'ContractChangedSinceSigned',
        signedHash: tampered,
      });
    });

    it('checks the rule once more, should it have been changed past the service', async () => {
      const contract = await at.contract('DRAFTED');
      await at.mulin.database.query(
        `update contract set rule = rule || '{"retention": 10001}' where id = $1`,
        [contract.id],
      );
      await at.do(at.officer, 'requestFunds', step(contract));
      await at.reserve(contract.id);
      expect(await sign(at.approver, { ...contract, version: 3 }, 'BUYER')).toMatchObject({
        __typename: 'RuleInvalid',
        problems: [{ code: 'outOfRange', path: 'retention' }],
      });
      await at.do(at.officer, 'cancelContract', step({ ...contract, version: 3 }));
    });

    it('is refused with an organisation that was barred since the draft', async () => {
      const organisationId = newId('org');
      await knownOrganisation(at.mulin, organisationId);
      const contract = await at.contract('FUNDED', { organisationId });
      await at.mulin.database.query(
        "update organisation set restricted_until = '2026-11-23' where id = $1",
        [organisationId],
      );
      const refusal = await sign(at.approver, contract, 'BUYER');
      expect(refusal).toMatchObject({
        __typename: 'OrganisationRestricted',
        until: '2026-11-23',
        rule: { article: '政府采购法 第七十七条' },
      });
      await at.mulin.database.query(
        "update organisation set restricted_until = '2026-11-22' where id = $1",
        [organisationId],
      );
      expect(await sign(at.approver, contract, 'BUYER')).toMatchObject({ __typename: 'Contract' });
    });

    it('is refused on a version that somebody has changed since', async () => {
      const contract = await at.contract('FUNDED');
      expect(await sign(at.approver, { ...contract, version: 1 }, 'BUYER')).toMatchObject({
        __typename: 'StateConflict',
        expectedVersion: 1,
        actualVersion: 3,
      });
    });

    it('freezes the rule, for the database too', async () => {
      const contract = await at.contract('SIGNED');
      await expect(
        at.mulin.database.query(
          `update contract set rule = rule || '{"retention": 0}' where id = $1`,
          [contract.id],
        ),
      ).rejects.toThrow('the terms of');
    });
  });

  it('has the same table of steps in the database as in the code', async () => {
    const { NEXT } = await import('../src/contract/contract.states.js');
    const rows = await at.mulin.database.query<{ step: string }>(
      `select from_state || ' ' || to_state as step from contract_step order by 1`,
    );
    const steps = Object.entries(NEXT).flatMap(([from, to]) =>
      to.map((state) => `${from} ${state}`),
    );
    expect(rows.map(({ step }) => step)).toEqual(steps.sort());
  });
});

function signed(contract: Drafted, place: number) {
  const { id, no, amount: amountFen, fundId } = contract.instalments[place] ?? {};
  return { id, no, amountFen, fundId };
}
