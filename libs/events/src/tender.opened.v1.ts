import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, instant, list, object, oneOf } from './parts.js';

export interface TenderOpenedPayload {
  tenderId: string;
  bids: { bidId: string; organisationId: string; lotId: string; result: string }[];
  openedAt: string;
}

type OpenedBid = TenderOpenedPayload['bids'][number];

export const TenderOpened = defineEvent<TenderOpenedPayload>({
  name: 'tender.opened',
  version: 1,
  aggregate: 'tender',
  source: '/tenders',
  topic: 'mulin.tender.events.v1',
  key: (payload) => payload.tenderId,
  subject: (payload) => payload.tenderId,
  title: 'The bids for a tender were opened',
  description:
    'Two of three officers opened the qualification envelopes together (OCDS: bidOpening). Who took part is public from here on; of the content nothing is in here.',
  article: '财政部令第87号 arts. 40, 41; 电子招标投标办法 arts. 29-31',
  schema: object<TenderOpenedPayload>({
    tenderId: id('ten', 'The tender.'),
    bids: list(
      object<OpenedBid>({
        bidId: id('bid', 'The bid.'),
        organisationId: id('org', 'Whose it is.'),
        lotId: id('lot', 'For which lot.'),
        result: oneOf(
          ['opened', 'unconfirmed', 'excluded', 'revoked', 'returned'],
          'unconfirmed: not confirmed after a change, not opened; excluded: of related bidders, not opened; revoked: did not open by the bidder’s fault; returned: by another cause.',
        ),
      }),
      'Every bid that stood at the deadline.',
    ),
    openedAt: instant('When they were opened.'),
  }),
  good: {
    tenderId: EXAMPLE.tender,
    bids: [
      {
        bidId: EXAMPLE.bid,
        organisationId: EXAMPLE.organisation,
        lotId: EXAMPLE.lot,
        result: 'opened',
      },
    ],
    openedAt: '2025-11-25T10:00:12+08:00',
  },
  bad: {
    payload: { tenderId: EXAMPLE.tender, openedAt: '2025-11-25T10:00:12+08:00' },
    because: 'it does not say which bids there were',
  },
});
