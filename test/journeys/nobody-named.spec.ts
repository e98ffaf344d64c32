import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import { everyRecord } from './records.js';
import {
  type Agreement,
  AMOUNT,
  decided,
  fund,
  lateAnswer,
  LENIENT_RULE,
  notified,
  organisation,
  rectificationOf,
  signedContract,
} from './story.js';
import { person, THAT_SAY_EVENTS, World, WHILE_IT_BOOTS } from './world.js';

/** What a person is called, how one reaches them, and what somebody wrote about somebody. */
const CANARY = {
  name: '张三丰金丝雀',
  phone: '13800138000',
  reason: '李阿姨金丝雀说服务员王二态度差',
  appeal: '申诉金丝雀：评估员赵六偏袒',
  answer: '答复金丝雀：经核实赵六无过错',
  report: '整改金丝雀：已辞退王二',
  evidence: '照片金丝雀：居民孙七家门口',
  note: '验收金丝雀：周八不满意',
  password: 'canary-Passw0rd-13900139000',
  login: 'canary.login',
  because: '反馈金丝雀',
};
const WORDS = [...Object.values(CANARY), '金丝雀', '13900139000'];

describe('no name, number or free text leaves the service it was typed into', () => {
  let world: World;
  let agreement: Agreement;
  const answers: string[] = [];

  beforeAll(async () => {
    world = await World.open({ at: '2026-01-05T10:00:00+08:00' });
    const provider = await organisation(world);
    const fundId = await fund(world, AMOUNT);
    agreement = await signedContract(world, { fundId, provider, rule: LENIENT_RULE });
    await world.clockTo('2026-04-07T10:00:00+08:00');
    await everythingIsTyped();
  }, WHILE_IT_BOOTS);

  afterAll(async () => {
    await world.close();
  });

  it('not in the outbox of any service, payload or headers', async () => {
    for (const service of THAT_SAY_EVENTS) {
      const rows = await world.databases[service].query<{ text: string }>(
        'select row_to_json(outbox)::text as text from mulin.outbox as outbox',
      );
      expect({ service, found: found(rows.map(({ text }) => text)) }).toEqual({
        service,
        found: [],
      });
    }
  });

  it('not in what any topic holds', async () => {
    const records = await everyRecord(world.topicPrefix);
    expect(records.length).toBeGreaterThan(10);
    expect(found(records)).toEqual([]);
  });

  it('not in the answer nor in the log when the database itself refuses what was typed', async () => {
    // PostgreSQL then quotes the text in its message, and TypeORM all parameters.
    await world.databases.contracts.query(
      'alter table breach add constraint "broken on purpose" check (evidence::int > 0) not valid',
    );
    const mutation =
      'mutation ($input: RecordBreachInput!) { recordBreach(input: $input) { __typename } }';
    const { codes, text } = await world.ask(world.people.officer, mutation, {
      input: {
        id: newId('brc'),
        contractId: agreement.id,
        obligation: 'hotline-response',
        occurredAt: '2026-02-11T10:00:00+08:00',
        evidence: CANARY.evidence,
      },
    });
    expect(codes).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(found([text])).toEqual([]);
    expect(text).not.toMatch(/broken|22P02|integer|constraint|postgres|select|insert/i);
    const logged = world.logs.lines.filter((line) => line.includes('"code":"22P02"'));
    expect(logged).toHaveLength(1);
    expect(logged[0]).toContain('recordBreach');
    expect(found(world.logs.lines)).toEqual([]);
  });

  it('not in any log line, though services and gateway were asked to tell everything', async () => {
    await world.ask(world.people.officer, `{ contract(id: "${CANARY.name}") { title } }`);
    const { lines } = world.logs;
    const names = new Set(lines.map((line) => /"(?:service|name)":"(\w+)"/.exec(line)?.[1]));
    // Something must have been heard of both, or the search proves nothing.
    expect([...names]).toEqual(expect.arrayContaining(['contracts', 'gateway']));
    expect(found(lines)).toEqual([]);
  });

  it('not in the read models that services keep of one another', async () => {
    const foreign = [
      ['evaluations', 'breach'],
      ['evaluations', 'fulfilment'],
      ['evaluations', 'relation'],
      ['evaluations', 'term'],
      ['contracts', 'organisation'],
      ['payments', 'term'],
      ['payments', 'decision'],
    ] as const;
    for (const [service, table] of foreign) {
      const rows = await world.databases[service].query<{ text: string }>(
        `select row_to_json(${table})::text as text from ${table}`,
      );
      expect({ service, table, found: found(rows.map(({ text }) => text)) }).toEqual({
        service,
        table,
        found: [],
      });
    }
  });

  it('not in a refusal, which repeats no password and no text', async () => {
    expect(answers.length).toBeGreaterThan(0);
    expect(found(answers)).toEqual([]);
  });

  it('but each is where it was typed, for those who may read it', async () => {
    const typed = await Promise.all([
      world.databases.organisations.query('select name from person'),
      world.databases.evaluations.query('select * from sheet'),
      world.databases.evaluations.query('select * from appeal'),
      world.databases.evaluations.query('select * from rectification'),
      world.databases.contracts.query('select evidence from breach'),
    ]);
    const here = found(typed.map((rows) => JSON.stringify(rows)));
    const { name, reason, appeal, answer, report, evidence } = CANARY;
    expect(here).toEqual(expect.arrayContaining([name, reason, appeal, answer, report, evidence]));
  });

  async function everythingIsTyped(): Promise<void> {
    const { officer, approver, operator, evaluator } = world.people;
    const personId = newId('per');
    await world.must(officer, 'registerPerson', { id: personId, name: CANARY.name });
    const { organisationId } = agreement;
    const post = { id: newId('pos'), personId, organisationId, role: 'HEAD', from: '2025-01-01' };
    await world.must(officer, 'recordPost', post);
    const [held] = await world.databases.organisations.query<{ relation: string }>(
      'select relation_id as relation from post where id = $1',
      [post.id],
    );
    await world.mustStep(approver, 'confirmRelation', held?.relation ?? '');
    const account = {
      id: newId('idn'),
      personId,
      login: CANARY.login,
      password: CANARY.password,
      roles: ['organisationManager'],
      organisationId,
    };
    await world.must(operator, 'registerAccount', account);
    const weak = {
      ...account,
      id: newId('idn'),
      login: 'other.login',
      password: CANARY.phone.slice(0, 9),
    };
    answers.push(JSON.stringify(await world.do(operator, 'registerAccount', weak)));

    await lateAnswer(world, agreement.id, { evidence: `${CANARY.evidence} ${CANARY.phone}` });
    const { instalmentId, manager } = agreement;
    const evaluationId = await notified(world, {
      instalmentId,
      score: 5000,
      breaches: 1,
      reason: `${CANARY.reason} ${CANARY.phone}`,
    });
    const appeal = { id: newId('apl'), evaluationId, reasonCode: 'SCORE', text: CANARY.appeal };
    await world.must(manager, 'appealEvaluation', appeal);
    const expectedVersion = (await world.change(evaluationId)).expectedVersion;
    await world.must(approver, 'decideAppeal', {
      ...(await world.change(appeal.id)),
      expectedVersion,
      upheld: false,
      answer: CANARY.answer,
      reopenSheetIds: [],
    });
    await world.mustStep(manager, 'acceptResult', evaluationId);
    await world.mustStep(world.people.secondApprover, 'finaliseEvaluation', evaluationId);
    await decided(world, instalmentId, 1);
    const { id, version } = await rectificationOf(world, evaluationId);
    const report = { report: CANARY.report, expectedVersion: version };
    await world.mustStep(manager, 'submitRectification', id, report);
    const stranger = person('organisationManager', { organisation: newId('org') });
    const refused = await world.ask(
      stranger,
      'query ($id: ID!) { evaluation(id: $id) { appeals { text } sheets { reason } } }',
      { id: evaluationId },
    );
    answers.push(refused.text);
    const standards = [{ code: 'hotline-response', met: false, note: CANARY.note }];
    const acceptance = { id: newId('acc'), contractId: agreement.id, outcome: 'FAILED', standards };
    await world.must(evaluator, 'draftAcceptance', acceptance);
    await relayed();
  }

  /** Everything that was said has left its outbox. */
  async function relayed(): Promise<void> {
    await eventually(async () => {
      for (const service of THAT_SAY_EVENTS) {
        const [row] = await world.databases[service].query<{ waiting: number }>(
          'select count(*)::int as waiting from mulin.outbox where published_at is null',
        );
        expect(row?.waiting).toBe(0);
      }
    });
  }
});

/** Which of the planted words are in these texts, also where they were escaped for JSON. */
function found(texts: readonly string[]): string[] {
  const all = texts.join('\n');
  return WORDS.filter(
    (word) => all.includes(word) || all.includes(JSON.stringify(word).slice(1, -1)),
  );
}
