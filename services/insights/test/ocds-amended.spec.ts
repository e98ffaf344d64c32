import { describe, expect, it } from '@jest/globals';
import { TenderAmended } from '@mulin/events';
import { newId } from '@mulin/ids';
import { FIRST, published, releases, type Told } from './told.js';

describe('open contracting data of a tender file that was changed', () => {
  const began = published([FIRST]);
  const deadline = '2025-12-01T10:00:00+08:00';
  const clarified = (change: object): Told => [
    TenderAmended,
    { clarificationId: newId('cla'), ...change },
  ];
  const last = (told: readonly Told[]) => releases(told).at(-1);

  it('is an amendment where it affects bids or moves the deadline, and an update where it only explains', () => {
    const changed = [began, clarified({ deadline, affectsBids: true })];
    expect(last(changed)).toMatchObject({
      tag: ['tenderAmendment'],
      tender: { tenderPeriod: { endDate: deadline }, amendments: [{ date: expect.anything() }] },
    });
    const explained = [...changed, clarified({ deadline, affectsBids: false })];
    expect(last(explained)).toMatchObject({ tag: ['tenderUpdate'] });
    expect(last(explained)?.tender).not.toHaveProperty('amendments');
    const later = { deadline: '2025-12-03T10:00:00+08:00', affectsBids: false };
    expect(last([...explained, clarified(later)])).toMatchObject({ tag: ['tenderAmendment'] });
  });
});
