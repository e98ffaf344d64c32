import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import {
  basisPoints,
  code,
  count,
  fen,
  id,
  instant,
  list,
  nullable,
  object,
  word,
} from './parts.js';

export interface TenderResultAnnouncedPayload {
  tenderId: string;
  awards: {
    awardId: string;
    lotId: string;
    bidId: string;
    organisationId: string;
    rank: number;
    amountFen: string;
  }[];
  bids: {
    bidId: string;
    lotId: string;
    organisationId: string;
    state: string;
    reasonCode: string | null;
    priceFen: string | null;
    /** When its content came, by the database clock. */
    receivedAt?: string;
    rank: number | null;
    total: number | null;
  }[];
  announcedAt: string;
}

type Award = TenderResultAnnouncedPayload['awards'][number];
type Bid = TenderResultAnnouncedPayload['bids'][number];

export const TenderResultAnnounced = defineEvent<TenderResultAnnouncedPayload>({
  name: 'tender.resultAnnounced',
  version: 1,
  aggregate: 'tender',
  source: '/tenders',
  topic: 'mulin.tender.events.v1',
  key: (payload) => payload.tenderId,
  subject: (payload) => payload.tenderId,
  title: 'The result of a tender was announced',
  description:
    'Who is to be awarded for how much, and what each bid came to (OCDS: award, pending). Sent again when a winner refused and the next candidate follows. Challenges may come from here on.',
  article: '政府采购法实施条例 art. 43; 财政部令第87号 art. 69',
  schema: object<TenderResultAnnouncedPayload>({
    tenderId: id('ten', 'The tender.'),
    awards: list(
      object<Award>({
        awardId: id('awd', 'The award.'),
        lotId: id('lot', 'The lot.'),
        bidId: id('bid', 'The bid.'),
        organisationId: id('org', 'To whom.'),
        rank: count('Place in the order of candidates.'),
        amountFen: fen('The price of the bid.'),
      }),
      'What is announced now.',
      { minItems: 1 },
    ),
    bids: list(
      object<Bid>(
        {
          bidId: id('bid', 'The bid.'),
          lotId: id('lot', 'For which lot.'),
          organisationId: id('org', 'Whose it is.'),
          state: word(['ranked', 'invalid', 'disqualified'], 'What became of it.'),
          reasonCode: nullable(code('Why the committee found it invalid.')),
          priceFen: nullable(
            fen('Its price; null where it was never opened or could not be read.'),
          ),
          receivedAt: instant('When its content came, by the database clock.'),
          rank: nullable(count('Its place; null for who was not ranked.')),
          total: nullable(basisPoints('Its points, in hundredths of a point.')),
        },
        { optional: ['receivedAt'] },
      ),
      'Every bid that stood at the deadline.',
    ),
    announcedAt: instant('When.'),
  }),
  good: {
    tenderId: EXAMPLE.tender,
    awards: [
      {
        awardId: EXAMPLE.award,
        lotId: EXAMPLE.lot,
        bidId: EXAMPLE.bid,
        organisationId: EXAMPLE.organisation,
        rank: 1,
        amountFen: '85000000',
      },
    ],
    bids: [
      {
        bidId: EXAMPLE.bid,
        lotId: EXAMPLE.lot,
        organisationId: EXAMPLE.organisation,
        state: 'ranked',
        reasonCode: null,
        priceFen: '85000000',
        receivedAt: '2025-11-20T10:00:00+08:00',
        rank: 1,
        total: 9150,
      },
    ],
    announcedAt: '2025-12-02T10:00:00+08:00',
  },
  bad: {
    payload: {
      tenderId: EXAMPLE.tender,
      awards: [],
      bids: [],
      announcedAt: '2025-12-02T10:00:00+08:00',
    },
    because: 'a result without an award is a failed tender',
  },
});
