import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS } from '@mulin/events';
import { newId } from '@mulin/ids';
import { eventually } from '@mulin/testing';
import { mutationOf } from './operations.js';
import { readRecords, type ReadRecord } from './records.js';
import {
  type Agreement,
  AMOUNT,
  creditCode,
  decided,
  finalised,
  fund,
  organisation,
  RULE,
  signedContract,
} from './story.js';
import { World, WHILE_IT_BOOTS } from './world.js';

const ROOT = new URL('../../', import.meta.url).pathname;
const PAYMENTS = 'mulin.payment.events.v1';
const python = spawnSync('python3', ['--version']).status === 0;

/** The fenced blocks of that language in a page, as a reader copies them. */
function blocks(page: string, language: string): string[] {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const fences = text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'));
  return [...fences].map(([, block = '']) => block);
}

const shellWith = (page: string, word: string): string[] =>
  blocks(page, 'sh').filter((block) => block.includes(word));

/** A module `kafka` that plays the broker's records; the real client is not part of this repository. */
const STUB = `
import json, os

class Record:
    def __init__(self, told):
        self.topic, self.key, self.value = told["topic"], told["key"].encode(), told["value"].encode()
        self.headers = [(name, text.encode()) for name, text in told["headers"].items()]

class KafkaConsumer:
    def __init__(self, *topics, bootstrap_servers, auto_offset_reset, consumer_timeout_ms):
        assert bootstrap_servers == "127.0.0.1:9092" and auto_offset_reset == "earliest"
        assert consumer_timeout_ms > 0
        with open(os.environ["RECORDS"]) as file:
            self.records = [Record(each) for each in json.load(file) if each["topic"] in topics]

    def __iter__(self):
        return iter(self.records)
`;

describe('what the README asks a newcomer to copy', () => {
  let world: World;
  let agreement: Agreement;
  let folder: string;
  let records: ReadRecord[];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mulin-readme-'));
    world = await World.open({ at: '2026-01-05T10:00:00+08:00' });
    const provider = await organisation(world, { name: '延泽' });
    const fundId = await fund(world, 2n * AMOUNT);
    agreement = await signedContract(world, { fundId, provider, advance: AMOUNT, rule: RULE });
    await world.clockTo('2026-04-07T10:00:00+08:00');
    await finalised(world, agreement, { score: 8500 });
    await decided(world, agreement.instalmentId, 1);
    records = await eventually(
      async () => {
        const all = await readRecords(world.topicPrefix);
        expect(all.filter(isDecision)).toHaveLength(2);
        return all;
      },
      { withinMs: 30_000 },
    );
    // Twice, as Kafka may bring it: whoever adds up must not count it twice.
    const told = [...records, ...records.filter(isDecision)];
    writeFileSync(join(folder, 'kafka.py'), STUB);
    writeFileSync(join(folder, 'records.json'), JSON.stringify(told));
  }, WHILE_IT_BOOTS);

  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await world.close();
  });

  const isDecision = ({ topic, headers }: ReadRecord) =>
    topic === PAYMENTS && headers.ce_type === 'mulin.payment.decided.v1';

  it.each(['README.md', 'README.zh.md'])('the first query of %s has an answer', async (page) => {
    const [block = ''] = shellWith(page, 'curl');
    const [, account = '', body = ''] = /--as (\w+)[^]*?-d \\\n +'(.*)'\n/.exec(block) ?? [];
    expect(account).toBe('auditor');
    const { query } = JSON.parse(body) as { query: string };
    const answer = await world.answer<{ contracts: { nodes: object[] } }>(
      world.people.auditor,
      query,
    );
    expect(answer.contracts.nodes).toEqual([
      expect.objectContaining({
        organisation: { name: '延泽' },
        instalments: expect.arrayContaining([
          expect.objectContaining({
            evaluation: { score: 8500, grade: '良好' },
            decisions: [expect.objectContaining({ released: { fen: '27000000' } })],
          }),
        ]),
      }),
    ]);
  });

  const withPython = python ? it : it.skip;
  if (!python) console.warn('python3 is not here: the Python of the READMEs was not run.');

  const printed = (page: string): string => {
    const programs = blocks(page, 'python');
    expect(programs).toHaveLength(1);
    const env = { ...process.env, PYTHONPATH: folder, RECORDS: join(folder, 'records.json') };
    const ran = spawnSync('python3', ['-c', programs.join()], { env, encoding: 'utf8' });
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    return ran.stdout;
  };

  withPython.each(['README.md', 'README.zh.md'])(
    'the Python of %s prints every decision',
    (page) => {
      const lines = printed(page).trim().split('\n');
      expect(lines).toContainEqual(
        expect.stringMatching(
          new RegExp(`^${agreement.id} reduced \\{.*'releasedFen': '27000000'`),
        ),
      );
    },
  );

  withPython('the Python of libs/events/README.md adds up what was released and reduced', () => {
    // The advance, and nine tenths of the evaluated instalment: each once, though each came twice.
    const of = (fen: number) => `{'${agreement.organisationId}': ${fen}}`;
    expect(printed('libs/events/README.md').trim()).toBe(
      `released ${of(57_000_000)} reduced ${of(3_000_000)}`,
    );
  });

  it.each(['README.md', 'README.zh.md', 'libs/events/README.md'])(
    'kcat of %s asks for a topic there is',
    (page) => {
      const [block = ''] = shellWith(page, 'kcat -b');
      const [, topic = ''] = / -t (\S+)/.exec(block) ?? [];
      expect(TOPICS).toContain(topic);
    },
  );

  it('an event names the request that caused it, and one that an event caused names none', async () => {
    const trace = `00-${'5'.repeat(32)}-${'7'.repeat(16)}-01`;
    const made = records.filter(({ headers }) => headers.traceparent !== undefined);
    const traces = new Set(made.map(({ headers }) => headers.traceparent));
    // Each request without a trace of its own was given a new one.
    expect(traces.size).toBeGreaterThan(5);
    expect(records.filter(isDecision).map(({ headers }) => headers.traceparent)).toEqual([
      undefined,
      undefined,
    ]);

    const id = newId('org');
    const input = { id, type: 'SERVICE_ORGANISATION', name: '知行', creditCode: creditCode() };
    const register = mutationOf(world.schema, 'registerOrganisation');
    await world.ask(world.people.officer, register, { input }, { traceparent: trace });
    const told = await world.databases.organisations.query<{ trace: string }>(
      `select headers->>'traceparent' as trace from mulin.outbox where aggregateid = $1`,
      [id],
    );
    expect(told).toEqual([{ trace }]);
  });
});
