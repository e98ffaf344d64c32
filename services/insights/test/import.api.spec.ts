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
const ABOUT = {
  ...{ version: '1.1', uri: 'urn:x', publishedDate: '2019-03-02T00:00:00+08:00' },
  publisher: { name: '某区' },
};
const packageOf = (releases: readonly unknown[]) => JSON.stringify({ ...ABOUT, releases });

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
          release('12', { ocid: 'OCDS-87SD3-1' }),
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

  it('says what is wrong with a row in the language of whoever sends it', async () => {
    const said = async (language: string) => {
      const { data } = await mulin.ask<{ importOcds: { problems: { message: string }[] } }>(
        officer,
        `mutation ($input: ImportOcdsInput!) { importOcds(input: $input)
           { ... on OcdsPackageInvalid { problems { message } } } }`,
        { input: { id: newId('imp'), json: packageOf([release('21', { date: '2019-03-01' })]) } },
        { 'accept-language': language },
      );
      return data?.importOcds.problems.map(({ message }) => message);
    };
    expect(await said('en')).toEqual([
      'this is no moment with an offset, such as 2019-03-01T00:00:00+08:00',
    ]);
    expect(await said('zh-CN')).toEqual(['不是有效时间，须带时区，例如 2019-03-01T00:00:00+08:00']);
  });

  it('is nothing where there is nothing', async () => {
    expect(await problemsOf('{')).toEqual([' notJson']);
    expect(await problemsOf('[]')).toEqual([' notJson']);
    expect(await problemsOf('{}')).toEqual([
      ...['uri missing', 'version missing', 'publishedDate missing', 'publisher.name missing'],
      'releases empty',
    ]);
    const about = {
      ...ABOUT,
      version: '1.0',
      publishedDate: '2019-03-02',
      releases: [release('1')],
    };
    expect(await problemsOf(JSON.stringify(about))).toEqual([
      ...['version notAVersion', 'publishedDate notADate'],
    ]);
    expect(await problemsOf(packageOf([]))).toEqual(['releases empty']);
  });

  it('may be a record package too', async () => {
    const record = {
      ocid: 'ocds-abc123-0009',
      releases: [release('91', { ocid: 'ocds-abc123-0009' })],
    };
    const json = JSON.stringify({ ...ABOUT, records: [record] });
    expect(await take(json)).toMatchObject({ __typename: 'OcdsImport', releases: 1 });
    expect(await problemsOf(json)).toEqual(['records[0].releases[0].id known']);
    const wrong = [
      { ocid: 'ocds-abc123-0010', releases: [{ url: 'https://example.org/1', tag: ['award'] }] },
      { ocid: 'ocds-abc123-0011', releases: [release('92', { date: 'yesterday' })] },
      { ocid: 'ocds-abc123-0012' },
    ];
    expect(await problemsOf(JSON.stringify({ ...ABOUT, records: wrong }))).toEqual([
      'records[2].releases empty',
      'records[0].releases[0] linked',
      'records[1].releases[0].ocid otherOcid',
      'records[1].releases[0].date notADate',
    ]);
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
    // An old package (OCDS 1.0) whose prefix is in capitals: that is no fault, but its version is.
    const old = await problemsOf(readFileSync(`${SAMPLES}real-release-package-1.json`, 'utf8'));
    expect(old).toContain('version missing');
    expect(old?.join()).not.toContain('ocid');
    const lines = readFileSync(`${SAMPLES}real-record-packages-1.1.jsonl`, 'utf8')
      .trim()
      .split('\n');
    for (const line of lines) {
      // Each line is a record, which is no package.
      expect(await problemsOf(line)).toContain('uri missing');
      const json = JSON.stringify({ ...ABOUT, records: [JSON.parse(line)] });
      expect(await take(json)).toMatchObject({ __typename: 'OcdsImport', releases: 2 });
    }
  });

  it('refuses what the closed codelists, dates and numbers of the standard do not hold, field by field', async () => {
    const contract = {
      ...{ id: '1', awardID: '1', status: 'suspended', dateSigned: '2019-02-30T00:00:00Z' },
      value: { amount: 'a lot', currency: 'shells' },
      milestones: [{}, 'soon'],
    };
    expect(
      await problemsOf(
        packageOf([
          release('21', { contracts: [contract] }),
          release('22', { tender: { id: '1', procurementMethod: 'magic', status: null } }),
          release('23', { tender: 'none', awards: { id: '1' }, date: '2019-02-29T00:00:00Z' }),
          release('24', { date: '0000-01-01T00:00:00Z' }),
          release('25'.repeat(101), { ocid: `ocds-abc123-${'9'.repeat(200)}` }),
        ]),
      ),
    ).toEqual([
      'releases[0].contracts[0].value.amount notANumber',
      'releases[0].contracts[0].value.currency notACode',
      'releases[0].contracts[0].dateSigned notADate',
      'releases[0].contracts[0].status notACode',
      'releases[0].contracts[0].milestones[0].id missing',
      'releases[0].contracts[0].milestones[1] notAnObject',
      'releases[1].tender.procurementMethod notACode',
      'releases[2].date notADate',
      'releases[2].tender notAnObject',
      'releases[2].awards notAList',
      'releases[3].date notADate',
      'releases[4].ocid tooLong',
      'releases[4].id tooLong',
    ]);
  });

  it('names text that no database holds, and nesting beyond reason, as problems of their row', async () => {
    const deep = JSON.parse(`${'['.repeat(80)}${']'.repeat(80)}`) as unknown;
    expect(
      await problemsOf(
        packageOf([
          release('31', { language: 'z\0h' }),
          release('32', { title: '\ud83d' }),
          release('33', { 'a\0': 1 }),
          release('34', { deep }),
        ]),
      ),
    ).toEqual([
      'releases[0].language notText',
      'releases[1].title notText',
      'releases[2] notText',
      expect.stringMatching(/^releases\[3\]\.deep.* tooDeep$/),
    ]);
  });

  it('sent twice at once is taken in once, and the second is told what is known already', async () => {
    const json = packageOf([release('41'), release('42')]);
    const before = await rows();
    const came = await Promise.all([take(json), take(json), take(json)]);
    expect(came.map(({ __typename }) => __typename).sort()).toEqual([
      ...['OcdsImport', 'OcdsPackageInvalid', 'OcdsPackageInvalid'],
    ]);
    expect(await rows()).toBe((before ?? 0) + 2);
  });

  it('can be read again, process by process, without those who signed', async () => {
    const id = newId('imp');
    const ocid = 'OCDS-ABC123-0051';
    const signatories = [{ id: 'p1', name: '李四' }];
    const contracts = [{ id: '1', awardID: '1', signatories }];
    await take(packageOf([release('51', { ocid, contracts }), release('52')]), id);
    const read = async (filter: object) => {
      const { importedReleases } = await mulin.answer<{
        importedReleases: { nodes: { releaseId: string; json: string }[] };
      }>(
        officer,
        `query ($filter: ImportedReleaseFilter) { importedReleases(first: 5, filter: $filter,
           orderBy: { field: RELEASED_AT }) { nodes { ocid releaseId importId tags releasedAt json } } }`,
        { filter },
      );
      return importedReleases.nodes;
    };
    const [found, ...others] = await read({ ocid });
    expect(others).toEqual([]);
    expect(found).toMatchObject({ ocid, releaseId: '51', importId: id, tags: ['contract'] });
    expect(JSON.parse(found?.json ?? '')).toMatchObject({ parties: [{ name: '某单位' }] });
    expect(found?.json).not.toContain('李四');
    expect((await read({ importId: id })).map(({ releaseId }) => releaseId).sort()).toEqual([
      ...['51', '52'],
    ]);
    const stranger = { ...officer, street: '310110016' };
    const { importedReleases } = await mulin.answer<{ importedReleases: object }>(
      stranger,
      '{ importedReleases(first: 5) { nodes { id } } }',
    );
    expect(importedReleases).toEqual({ nodes: [] });
    const { ocdsImports } = await mulin.answer<{ ocdsImports: { nodes: object[] } }>(
      officer,
      '{ ocdsImports(first: 5, filter: { publisher: "某", to: "2001-01-01T00:00:00Z" }) { nodes { id } } }',
    );
    expect(ocdsImports.nodes).toEqual([]);
  });
});
