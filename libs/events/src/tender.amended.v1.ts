import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { count, flag, id, instant, object } from './parts.js';

export interface TenderAmendedPayload {
  tenderId: string;
  clarificationId: string;
  affectsBids: boolean;
  round: number;
  deadline: string;
  issuedAt: string;
}

export const TenderAmended = defineEvent<TenderAmendedPayload>({
  name: 'tender.amended',
  version: 1,
  aggregate: 'tender',
  source: '/tenders',
  topic: 'mulin.tender.events.v1',
  key: (payload) => payload.tenderId,
  subject: (payload) => payload.tenderId,
  title: 'A tender file was explained or changed',
  description:
    'A clarification went out (OCDS: tenderAmendment). Where it affects bids, the round rises and earlier bids count only when they are confirmed.',
  article: '政府采购法实施条例 art. 31; 财政部令第87号 art. 27',
  schema: object<TenderAmendedPayload>({
    tenderId: id('ten', 'The tender.'),
    clarificationId: id('cla', 'The clarification.'),
    affectsBids: flag('Bids sent before it must be confirmed.'),
    round: count('The round from here on.'),
    deadline: instant('The deadline from here on.'),
    issuedAt: instant('When it went out.'),
  }),
  good: {
    tenderId: EXAMPLE.tender,
    clarificationId: EXAMPLE.clarification,
    affectsBids: true,
    round: 2,
    deadline: '2025-12-01T10:00:00+08:00',
    issuedAt: '2025-11-20T10:00:00+08:00',
  },
  bad: {
    payload: { tenderId: EXAMPLE.tender, clarificationId: EXAMPLE.clarification },
    because: 'it does not say whether earlier bids still count',
  },
});
