import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { EvaluationFinalised } from '@mulin/events';
import { newEventId, newId } from '@mulin/ids';
import { countStatements, type TestService, testService } from '@mulin/testing';
import { EvaluationEvents } from '../src/record/evaluation.events.js';
import { boot, checks, migrations, serviceName } from '../src/index.js';

const STREET = '310110015';
const person = (roles: Actor['roles'], more: Partial<Actor> = {}): Actor => ({
  ...{ id: newId('per'), street: STREET, organisation: null, roles },
  ...more,
});
const officer = person(['streetOfficer']);
const approver = person(['streetApprover']);
const otherApprover = person(['streetApprover']);
const both = person(['streetOfficer', 'streetApprover']);

type Told = Record<string, unknown> & { __typename: string; id: string; version: number };

describe('the track record of an organisation', () => {
  let mulin: TestService;
  let serial = 0;
  beforeAll(async () => {
    mulin = await testService({ serviceName, boot, migrations });
  });
  afterAll(async () => {
    for (const { name, sql } of checks)
      expect({ name, violations: await mulin.database.query(sql) }).toEqual({
        name,
        violations: [],
      });
    await mulin.stop();
  });

  const organisation = async (): Promise<string> => {
    const id = newId('org');
    await mulin.database.query(
      `insert into organisation (id, street, type, name, state, registered_by, verified_by, version, events)
       values ($1, $2, 'partner', '某社会组织（虚构）', 'verified', 'a', 'b', 2, 2)`,
      [id, STREET],
    );
    return id;
  };
  const ask = async (actor: Actor, mutation: string, input: object): Promise<Told> => {
    const type = `${mutation.charAt(0).toUpperCase()}${mutation.slice(1)}Input`;
    const named = /^(confirm|revoke)/.test(mutation) ? 'RecordStepInput' : type;
    const kind = mutation.endsWith('Rating') ? 'Rating' : 'BadRecord';
    const { data, errors } = await mulin.ask<Record<string, Told>>(
      actor,
      `mutation ($input: ${named}!) { ${mutation}(input: $input) { __typename
         ... on ${kind} { id version } ... on Refusal { rule { id article } } } }`,
      { input },
    );
    const told = data?.[mutation];
    if (!told) throw new Error(JSON.stringify(errors));
    return told;
  };
  const step = ({ id, version }: Told) => ({
    ...{ id, expectedVersion: version, idempotencyKey: `key-${(serial += 1)}` },
  });
  const rating = (organisationId: string, change: object = {}) => ({
    ...{ id: newId('rtg'), organisationId, grade: 4, from: '2024-07-01', to: '2029-06-30' },
    ...{ document: '沪民评〔2024〕1 号（虚构）', ...change },
  });
  const badRecord = (organisationId: string, change: object = {}) => ({
    ...{ id: newId('bad'), organisationId, kind: 'collusion', from: '2026-01-01' },
    ...{ to: '2027-12-31', document: '沪财处〔2026〕1 号（虚构）', ...change },
  });
  const trackRecord = async (actor: Actor, id: string, asOf: string) => {
    const { organisation: seen } = await mulin.answer<{ organisation: { trackRecord: object } }>(
      actor,
      `query ($id: ID!, $asOf: CivilDate) { organisation(id: $id) { trackRecord(asOf: $asOf) {
         asOf rating { grade } badRecords { kind } evaluations meanScore latest { score } } } }`,
      { id, asOf },
    );
    return seen.trackRecord;
  };
  const outbox = (id: string) =>
    mulin.database.query<{ type: string; payload: object }>(
      'select type, payload from mulin.outbox where aggregateid = $1 order by seq',
      [id],
    );
  const evaluated = (organisationId: string, scores: readonly number[]) =>
    mulin.service.database.asSystem((tx) =>
      new EvaluationEvents().finalised(
        scores.map((score, at) => ({
          ...{ id: newEventId(), type: EvaluationFinalised, street: STREET, key: 'x' },
          ...{ subject: 'x', aggregateVersion: 1, time: new Date(), partition: 0, offset: '0' },
          topic: EvaluationFinalised.topic,
          payload: {
            ...EvaluationFinalised.good,
            ...{ evaluationId: newId('eva'), organisationId, score },
            finalisedAt: `2026-0${at + 1}-15T10:00:00+08:00`,
          },
        })),
        { tx },
      ),
    );

  it('takes a grade when a second person confirmed it, for five years at the longest, and tells it', async () => {
    const id = await organisation();
    for (const change of [{ to: '2029-07-01' }, { to: '2024-06-30' }])
      expect(await ask(officer, 'recordRating', rating(id, change))).toMatchObject({
        __typename: 'GradeTooLong',
      });
    expect(await ask(officer, 'recordRating', rating(id, { grade: 6 }))).toMatchObject({
      __typename: 'InvalidInput',
    });
    const recorded = await ask(both, 'recordRating', rating(id));
    expect(await trackRecord(officer, id, '2026-01-01')).toMatchObject({ rating: null });
    expect(await ask(both, 'confirmRating', step(recorded))).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
    const confirmed = await ask(approver, 'confirmRating', step(recorded));
    expect(await ask(approver, 'confirmRating', step(confirmed))).toMatchObject({
      __typename: 'StateConflict',
    });
    expect(await outbox(id)).toEqual([
      {
        type: 'mulin.organisation.rated.v1',
        payload: {
          ...{ ratingId: recorded.id, organisationId: id, grade: 4 },
          ...{ from: '2024-07-01', to: '2029-06-30' },
        },
      },
    ]);
  });

  it('says which grade held on a day, and none before it began or after it ended', async () => {
    const id = await organisation();
    for (const change of [{}, { grade: 5, from: '2026-01-01', to: '2026-12-31' }])
      await ask(
        approver,
        'confirmRating',
        step(await ask(officer, 'recordRating', rating(id, change))),
      );
    const gradeOn = async (day: string) => {
      const record = await trackRecord(officer, id, day);
      return (record as { rating: { grade: number } | null }).rating?.grade ?? null;
    };
    expect(await gradeOn('2024-06-30')).toBeNull();
    expect(await gradeOn('2024-07-01')).toBe(4);
    expect(await gradeOn('2026-06-01')).toBe(5);
    expect(await gradeOn('2029-06-30')).toBe(4);
    expect(await gradeOn('2029-07-01')).toBeNull();
  });

  it('keeps an organisation out for as long as the law allows for that kind, and says until when', async () => {
    const id = await organisation();
    for (const change of [{ to: '2026-12-30' }, { to: '2029-01-01' }, { kind: 'rudeness' }])
      expect(await ask(officer, 'recordBadRecord', badRecord(id, change))).toMatchObject({
        __typename: 'BadRecordUnlawful',
      });
    const first = await ask(both, 'recordBadRecord', badRecord(id));
    expect(await ask(both, 'confirmBadRecord', step(first))).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
    const confirmed = await ask(approver, 'confirmBadRecord', step(first));
    const second = await ask(officer, 'recordBadRecord', badRecord(id, { to: '2026-12-31' }));
    await ask(approver, 'confirmBadRecord', step(second));
    expect(await trackRecord(officer, id, '2026-06-01')).toMatchObject({
      badRecords: [{ kind: 'collusion' }, { kind: 'collusion' }],
    });
    expect(await trackRecord(officer, id, '2028-01-01')).toMatchObject({ badRecords: [] });
    expect(await ask(approver, 'revokeBadRecord', step(confirmed))).toMatchObject({
      __typename: 'SecondPersonNeeded',
    });
    await ask(otherApprover, 'revokeBadRecord', step(confirmed));
    expect((await outbox(id)).map(({ payload }) => payload)).toEqual([
      { organisationId: id, until: '2027-12-31' },
      { organisationId: id, until: '2027-12-31' },
      // The shorter one stands.
      { organisationId: id, until: '2026-12-31' },
    ]);
  });

  it('keeps what evaluations found, from events, and shows it to the staff and to itself', async () => {
    const id = await organisation();
    await evaluated(id, [9000, 8001, 5000]);
    const staff = await trackRecord(officer, id, '2026-02-28');
    expect(staff).toMatchObject({
      ...{ evaluations: 2, meanScore: 8500, latest: [{ score: 8001 }, { score: 9000 }] },
    });
    const itself = person(['organisationManager'], { organisation: id });
    expect(await trackRecord(itself, id, '2026-12-31')).toMatchObject({ evaluations: 3 });
    const other = person(['organisationManager'], { organisation: newId('org') });
    expect(await trackRecord(other, id, '2026-12-31')).toMatchObject({
      ...{ evaluations: 0, meanScore: null, latest: [] },
    });
  });

  it('costs as many statements for twenty organisations as for one', async () => {
    for (let made = 0; made < 5; made += 1) await evaluated(await organisation(), [7000]);
    const page = async (first: number) => {
      const { count } = await countStatements(mulin.service.database.app, () =>
        mulin.answer(
          officer,
          `query ($first: Int!) { organisations(first: $first) { nodes { trackRecord(asOf: "2026-12-31") { meanScore } } } }`,
          { first },
        ),
      );
      return count;
    };
    const [one, many] = [await page(1), await page(20)];
    expect(many).toEqual(one);
  });
});
