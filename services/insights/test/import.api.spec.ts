import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@mulin/auth';
import { newId } from '@mulin/ids';
import { type TestService, testService } from '@mulin/testing';
import { boot, checks, migrations, serviceName } from '../src/index.js';

const SAMPLES = new URL('../../../../shared/data/ocds-samples/', import.meta.url).pathname;
const STREET = '310110015';
const officer: Actor = {
  id: newId('per'),
  street: STREET,
  organisation: null,
  roles: ['streetOfficer'],
};

/** A release as another system might publish it. */
const release = (id: string, change: object = {}) => ({
  ...{ ocid: 'ocds-abc123-0001', id, date: '2019-03-01T00:00:00+08:00', tag: ['contract'] },
  ...{ initiationType: 'tender', tender: { id: '1' }, awards: [{ id: '1' }] },
  contracts: [{ id: '1', awardID: '1' }],
  parties: [{ id: 'x', name: '某单位', contactPoint: { name: '张三', telephone: '13800000000' } }],
  ...change,
});
const packageOf = (releases: readonly unknown[]) =>
  JSON.stringify({ version: '1.1', uri: 'urn:x', publisher: { name: '某区' }, releases });

describe('history from another system', () => {
  let mulin: TestService;
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

  const take = async (json: string, id = newId('imp')) => {
    const { importOcds } = await mulin.answer<{
      importOcds: { __typename: string; problems?: { path: string; code: string }[] };
    }>(
      officer,
      `mutation ($input: ImportOcdsInput!) { importOcds(input: $input) { __typename
         ... on OcdsImport { releases processes publisher } ... on OcdsPackageInvalid { problems { path code } } } }`,
      { input: { id, json } },
    );
    return importOcds;
  };
  const problemsOf = async (json: string) =>
    (await take(json)).problems?.map(({ path, code }) => `${path} ${code}`);
  const rows = async () => {
    const [row] = await mulin.database.query<{ count: number }>(
      'select count(*)::int as count from imported_release',
    );
    return row?.count;
  };

  it('is taken in as a whole, once, without what names people', async () => {
    const json = packageOf([release('1'), release('2', { ocid: 'ocds-abc123-0002' })]);
    const id = newId('imp');
    expect(await take(json, id)).toEqual({
      ...{ __typename: 'OcdsImport', releases: 2, processes: 2, publisher: '某区' },
    });
    expect(await take(json, id)).toMatchObject({ __typename: 'OcdsImport' });
    expect(await problemsOf(json)).toEqual(['releases[0].id known', 'releases[1].id known']);
    const kept = await mulin.database.query<{ text: string }>(
      'select release::text as text from imported_release',
    );
    expect(kept).toHaveLength(2);
    expect(JSON.stringify(kept)).toContain('某单位');
    expect(JSON.stringify(kept)).not.toMatch(/张三|13800000000|contactPoint/);
    const { ocdsImports } = await mulin.answer<{ ocdsImports: { nodes: object[] } }>(
      officer,
      '{ ocdsImports(first: 5) { nodes { releases publisher } } }',
    );
    expect(ocdsImports.nodes).toEqual([{ releases: 2, publisher: '某区' }]);
  });

  it('is not taken in by halves: every row that is wrong is named, and nothing is written', async () => {
    const before = await rows();
    expect(
      await problemsOf(
        packageOf([
          release('11'),
          release('12', { ocid: 'OCDS-87SD3T-1' }),
          release('13', { date: '2019-03-01' }),
          release('14', { tag: ['signed'], contracts: [{ id: '1' }] }),
          release('15', { tender: {}, awards: [{}, { id: 2 }] }),
          release('11'),
          release('16', { ocid: 'ocds-mulin0-ten_1' }),
          'nonsense',
        ]),
      ),
    ).toEqual([
      'releases[1].ocid notAnOcid',
      'releases[2].date notADate',
      'releases[3].tag notACode',
      'releases[3].contracts[0].awardID missing',
      'releases[4].tender.id missing',
      'releases[4].awards[0].id missing',
      'releases[5].id repeated',
      'releases[6].ocid ours',
      'releases[7] missing',
    ]);
    expect(await rows()).toBe(before);
  });

  it('is nothing where there is nothing', async () => {
    expect(await problemsOf('{')).toEqual([' notJson']);
    expect(await problemsOf('[]')).toEqual([' notJson']);
    expect(await problemsOf('{}')).toEqual(['publisher.name missing', 'releases empty']);
    expect(await problemsOf(packageOf([]))).toEqual(['releases empty']);
  });

  it('may be a record package too', async () => {
    const record = {
      ocid: 'ocds-abc123-0009',
      releases: [release('91', { ocid: 'ocds-abc123-0009' })],
    };
    const json = JSON.stringify({ publisher: { name: '某市' }, records: [record] });
    expect(await take(json)).toMatchObject({ __typename: 'OcdsImport', releases: 1 });
  });

  it('takes the samples of the standard, and refuses an old one whose ids are not of its form', async () => {
    if (!existsSync(SAMPLES)) {
      console.warn('The OCDS samples are not at hand (../shared/data); not imported.');
      return;
    }
    for (const step of ['01-planning', '02-tender', '04-award', '05-contract', '06-implementation'])
      expect(
        await take(readFileSync(`${SAMPLES}ocds-213czf-000-00001-${step}.json`, 'utf8')),
      ).toMatchObject({ __typename: 'OcdsImport', releases: 1 });
    const old = await problemsOf(readFileSync(`${SAMPLES}real-release-package-1.json`, 'utf8'));
    expect(old?.length).toBeGreaterThan(0);
    expect(old).toContain('releases[0].ocid notAnOcid');
  });
});
