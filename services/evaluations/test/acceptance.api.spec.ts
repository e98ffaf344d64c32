import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { ContractTerminated } from '@mulin/events';
import { newEventId, newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import { Bench } from './builders.js';
import { MONDAY, person, signed } from './facts.js';
import type { Answer } from './selection.js';

describe('final acceptance', () => {
  let here: Bench;
  let people: Bench['people'];
  beforeAll(async () => {
    here = await Bench.open();
    people = here.people;
  });
  afterEach(() => here.clockTo(MONDAY));
  afterAll(() => here.close());

  /** A contract with one evaluated instalment, which was evaluated; its term ended on 30 June. */
  const ended = async (change: object = {}) => {
    const { instalments } = signed();
    const contract = await here.contract({
      to: '2026-06-30',
      instalments: instalments.slice(0, 2),
      ...change,
    });
    return contract;
  };
  const draft = (contractId: string, more: object = {}, actor: Actor = people.officer) =>
    here.do(actor, 'draftAcceptance', {
      id: newId('acc'),
      contractId,
      outcome: 'ACCEPTED',
      standards: [
        { code: 'service', met: true, note: '符合约定' },
        { code: 'safety', met: true },
      ],
      ...more,
    });
  const hear = (acceptance: Answer, more: object = {}) =>
    here.do(people.officer, 'hearResidents', {
      id: acceptance.id,
      heardOn: '2026-07-02',
      heard: 60,
      satisfied: 57,
      expectedVersion: 1,
      idempotencyKey: newEventId(),
      ...more,
    });
  const sign = (acceptance: Answer, actor: Actor = people.approver, expectedVersion = 2) =>
    here.do(actor, 'signAcceptance', {
      id: acceptance.id,
      expectedVersion,
      idempotencyKey: newEventId(),
    });
  const heard = async (contractId: string, more: object = {}, actor: Actor = people.officer) => {
    const acceptance = await draft(contractId, more, actor);
    await hear(acceptance);
    return acceptance;
  };

  it('is drafted, residents are heard, a second person signs: the retained money is decided', async () => {
    const contract = await ended();
    await here.finalised(contract, contract.second, 9000);
    const acceptance = await heard(contract.contractId);
    expect(await sign(acceptance)).toMatchObject({
      __typename: 'AcceptanceRecord',
      state: 'SIGNED',
      outcome: 'ACCEPTED',
      heard: 60,
      satisfied: 57,
    });
    expect(await here.events(acceptance.id)).toEqual([
      {
        type: 'mulin.acceptance.signed.v1',
        version: 1,
        payload: {
          acceptanceId: acceptance.id,
          contractId: contract.contractId,
          organisationId: contract.organisationId,
          outcome: 'accepted',
          signedAt: expect.stringMatching(/^2026-07-06T/),
        },
      },
    ]);
    const { _entities } = await here.mulin.answer<{ _entities: object[] }>(
      contract.manager,
      `query ($refs: [_Any!]!) { _entities(representations: $refs) {
        ... on Contract { acceptance { state outcome standards { code met } } } } }`,
      { refs: [{ __typename: 'Contract', id: contract.contractId }] },
    );
    expect(_entities).toMatchObject([{ acceptance: { state: 'SIGNED', outcome: 'ACCEPTED' } }]);
  });

  it('may fail, and says so', async () => {
    const contract = await ended();
    await here.finalised(contract, contract.second, 9000);
    const standards = [{ code: 'service', met: false, note: '未达约定' }];
    const acceptance = await heard(contract.contractId, { outcome: 'FAILED', standards });
    await sign(acceptance);
    expect((await here.events(acceptance.id))[0]?.payload).toMatchObject({ outcome: 'failed' });
  });

  it('is not signed by who drafted it, not even past the code', async () => {
    const contract = await ended();
    await here.finalised(contract, contract.second, 9000);
    const both = person(['streetOfficer', 'streetApprover']);
    const acceptance = await heard(contract.contractId, {}, both);
    expect(await sign(acceptance, both)).toMatchObject({
      __typename: 'SecondPersonNeeded',
      firstPersonId: both.id,
    });
    const behind = here.mulin.database.query(
      `update acceptance set state = 'signed', signed_by = drafted_by where id = $1`,
      [acceptance.id],
    );
    await expect(behind).rejects.toMatchObject({
      constraint: 'who drafts an acceptance does not sign it',
    });
  });

  it('is not signed before residents were heard', async () => {
    const contract = await ended();
    const acceptance = await draft(contract.contractId);
    expect(await sign(acceptance, people.approver, 1)).toMatchObject({
      __typename: 'StateConflict',
      actualState: 'drafted',
    });
  });

  it('is not signed while the contract runs', async () => {
    const contract = await here.contract();
    const acceptance = await heard(contract.contractId);
    expect(await sign(acceptance)).toMatchObject({
      __typename: 'ContractNotEnded',
      endsOn: '2026-09-30',
    });
  });

  it('is not signed while an instalment is undecided or under rectification', async () => {
    const contract = await ended();
    const acceptance = await heard(contract.contractId);
    expect(await sign(acceptance)).toMatchObject({
      __typename: 'InstalmentsOpen',
      instalments: [2],
      rule: { id: 'acceptance.instalments' },
    });
    await here.finalised(contract, contract.second, 5000);
    expect(await sign(acceptance)).toMatchObject({ __typename: 'InstalmentsOpen' });
  });

  it('looks only at what was evaluated when the contract was terminated', async () => {
    const contract = await here.contract();
    const { contractId, organisationId } = contract;
    await here.finalised(contract, contract.second, 9000);
    await here.send(ContractTerminated, {
      contractId,
      organisationId,
      reasonCode: 'agreement',
      terminatedOn: '2026-05-31',
    });
    const acceptance = await heard(contractId);
    await eventually(async () =>
      expect(await sign(acceptance)).toMatchObject({ __typename: 'AcceptanceRecord' }),
    );
  });

  it('exists once for each contract', async () => {
    const contract = await ended();
    const first = await draft(contract.contractId);
    expect(await draft(contract.contractId)).toMatchObject({
      __typename: 'AlreadyDrafted',
      acceptanceId: first.id,
    });
    const twins = await ended();
    const both = await Promise.all([draft(twins.contractId), draft(twins.contractId)]);
    expect(both.map(({ __typename }) => __typename).sort()).toEqual([
      'AcceptanceRecord',
      'AlreadyDrafted',
    ]);
  });

  it('is neither drafted nor signed by anybody related to the organisation', async () => {
    const contract = await ended();
    await here.finalised(contract, contract.second, 9000);
    const related = person(['streetOfficer', 'streetApprover']);
    await here.relate(related, contract.organisationId, null, 'relativeOfHead');
    expect(await draft(contract.contractId, {}, related)).toMatchObject({
      __typename: 'ConflictOfInterest',
      relation: 'relativeOfHead',
    });
    const acceptance = await heard(contract.contractId);
    expect(await sign(acceptance, related)).toMatchObject({ __typename: 'ConflictOfInterest' });
  });

  it.each([
    ['no standard', { standards: [] }, 'input.standards'],
    ['an id of another kind', { id: newId('eva') }, 'input.id'],
  ])('refuses a draft with %s', async (_what, change, field) => {
    const contract = await ended();
    expect(await draft(contract.contractId, change)).toMatchObject({
      __typename: 'InvalidInput',
      field,
    });
  });

  it('refuses more satisfied people than were heard, and a hearing that is still to come', async () => {
    const contract = await ended();
    const acceptance = await draft(contract.contractId);
    expect(await hear(acceptance, { satisfied: 61 })).toMatchObject({
      __typename: 'InvalidInput',
      field: 'input.satisfied',
    });
    expect(await hear(acceptance, { heardOn: '2026-07-07' })).toMatchObject({
      __typename: 'InvalidInput',
      field: 'input.heardOn',
    });
  });

  it('is shown to the organisation once it is signed', async () => {
    const contract = await ended();
    const ask = async (actor: Actor) =>
      (
        await here.mulin.answer<{ _entities: { acceptance: object | null }[] }>(
          actor,
          `query ($refs: [_Any!]!) { _entities(representations: $refs) {
            ... on Contract { acceptance { state } } } }`,
          { refs: [{ __typename: 'Contract', id: contract.contractId }] },
        )
      )._entities[0]?.acceptance;
    await draft(contract.contractId);
    expect(await ask(contract.manager)).toBeNull();
    expect(await ask(people.officer)).toEqual({ state: 'DRAFTED' });
    expect(await ask(people.elsewhere)).toBeNull();
  });
});
