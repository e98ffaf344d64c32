import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Database, loadCalendar, loadedCalendar, loadPublishedYears } from '@mulin/database';
import { type TestDatabase, testDatabase } from '@mulin/testing';

describe('the holiday calendar of a database', () => {
  let here: TestDatabase;
  let database: Database;
  const calendar = () => database.asSystem(loadedCalendar);

  beforeAll(async () => {
    here = await testDatabase('calendar');
    database = await here.open({ entities: [] });
  });
  afterAll(() => here.drop());

  it('is the published one while nobody has loaded another', async () => {
    expect((await calendar()).isWorkingDay('2026-10-02')).toBe(false);
  });

  it('is loaded at installation, once', async () => {
    expect(await loadPublishedYears(here.urls)).toContain(2026);
    expect(await loadPublishedYears(here.urls)).toEqual([]);
    expect((await calendar()).isWorkingDay('2026-10-02')).toBe(false);
  });

  it('is an operator’s own for the years that he loads, and stays so at the next start', async () => {
    const rows = [
      { day: '2026-10-01', kind: 'holiday' as const },
      { day: '2027-10-01', kind: 'holiday' as const },
      // The notice of a year may name a December day of the year before.
      { day: '2025-12-28', kind: 'workday' as const },
    ];
    expect(await loadCalendar(here.urls, { rows, source: 'a notice' })).toEqual([2026, 2027]);
    await loadPublishedYears(here.urls);
    const loaded = await calendar();
    expect(loaded.isWorkingDay('2026-10-02')).toBe(true);
    expect(loaded.knows(2027)).toBe(true);
    expect(loaded.isWorkingDay('2025-12-28')).toBe(true);
    expect(loaded.isWorkingDay('2025-10-02')).toBe(false);
  });
});
