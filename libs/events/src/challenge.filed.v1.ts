import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, instant, nullable, object, oneOf } from './parts.js';

export interface ChallengeFiledPayload {
  challengeId: string;
  tenderId: string;
  organisationId: string;
  kind: string;
  stage: string;
  previousId: string | null;
  filedAt: string;
}

export const ChallengeFiled = defineEvent<ChallengeFiledPayload>({
  name: 'challenge.filed',
  version: 1,
  aggregate: 'challenge',
  source: '/tenders',
  topic: 'mulin.tender.events.v1',
  key: (payload) => payload.tenderId,
  subject: (payload) => payload.challengeId,
  title: 'An inquiry, a challenge or a complaint was filed',
  description:
    'Somebody who takes part in a tender asks, challenges or complains (询问、质疑、投诉). What was written stays with the parties.',
  article: '政府采购法 arts. 51, 52, 55; 财政部令第94号 arts. 10-17',
  schema: object<ChallengeFiledPayload>({
    challengeId: id('chl', 'The filing.'),
    tenderId: id('ten', 'The tender.'),
    organisationId: id('org', 'Who filed it.'),
    kind: oneOf(['inquiry', 'challenge', 'complaint'], 'What it is.'),
    stage: oneOf(['file', 'process', 'result'], 'What it is about.'),
    previousId: nullable(id('chl', 'The challenge that a complaint goes on from.')),
    filedAt: instant('When it came.'),
  }),
  good: {
    challengeId: EXAMPLE.challenge,
    tenderId: EXAMPLE.tender,
    organisationId: EXAMPLE.organisation,
    kind: 'challenge',
    stage: 'result',
    previousId: null,
    filedAt: '2025-12-03T10:00:00+08:00',
  },
  bad: {
    payload: { challengeId: EXAMPLE.challenge, tenderId: EXAMPLE.tender, kind: 'challenge' },
    because: 'it does not say who filed it',
  },
});
