import { describe, expect, it } from '@jest/globals';
import { TenderOpened } from '@mulin/events';
import { newId } from '@mulin/ids';
import {
  announced,
  award,
  bid,
  compiled,
  failed,
  FIRST,
  ONE,
  opened,
  OTHER,
  published,
  registered,
  type Told,
} from './told.js';

describe('open contracting data of who left a consultation', () => {
  const bids = [bid(FIRST, ONE), bid(FIRST, OTHER), bid(FIRST, newId('org'))];
  const [one, other, last] = bids;
  if (!one || !other || !last) throw new Error('no bids');
  const begun = [...registered, published([FIRST]), opened(bids)];

  it('counts the bids received by the deadline, however few final offers there were', () => {
    const told = [
      ...begun,
      failed({ reasonCode: 'tooFewFinalOffers', bids: [{ ...one, state: 'compliant' }] }),
    ];
    const { tender, bids: said } = compiled(told);
    expect(tender).toMatchObject({ status: 'unsuccessful', numberOfTenderers: 3 });
    expect(said.statistics).toMatchObject([
      { measure: 'bids', value: 3 },
      { measure: 'bids', relatedLot: FIRST, value: 3 },
      { measure: 'bidders', value: 3 },
    ]);
    expect(said.details.map(({ id, status }) => [id, status])).toEqual([
      [one.bidId, 'valid'],
      [other.bidId, 'withdrawn'],
      [last.bidId, 'withdrawn'],
    ]);
  });

  it('is told with the result too: a bid without a final offer is withdrawn, not pending', () => {
    const { bids: said } = compiled([...begun, announced([award(one)], [one, other])]);
    expect(said.details.map(({ status }) => status)).toEqual(['valid', 'valid', 'withdrawn']);
  });
});

describe('open contracting data of bids that nobody opened', () => {
  it('calls nobody disqualified whom nobody judged, and who did not open a bid of its own to have left', () => {
    const results = ['opened', 'unconfirmed', 'returned', 'revoked', 'excluded'];
    const bids = results.map((state) => bid(FIRST, newId('org'), state));
    const [won] = bids;
    if (!won) throw new Error('no bid');
    const openedBids = bids.map(({ state: result, ...each }) => ({ ...each, result }));
    const begun: Told[] = [published([FIRST]), [TenderOpened, { bids: openedBids }]];
    const statuses = (told: readonly Told[]) =>
      compiled(told).bids.details.map(({ status }) => status);
    const unopened = ['pending', 'pending', 'withdrawn', 'disqualified'];
    expect(statuses(begun)).toEqual(['pending', ...unopened]);
    const told = [{ ...won, state: 'ranked' }, ...bids.slice(1)];
    expect(statuses([...begun, announced([award(won)], told)])).toEqual(['valid', ...unopened]);
  });
});
