import { defineEvent } from './event-type.js';
import { EXAMPLE } from './examples.js';
import { id, instant, list, nullable, object, oneOf } from './parts.js';

export interface ChallengeDecidedPayload {
  challengeId: string;
  tenderId: string;
  organisationId: string;
  kind: string;
  outcome: string;
  effect: string;
  remedy?: string;
  overturned?: { awardId: string; contractId: string | null }[];
  decidedAt: string;
}

export const ChallengeDecided = defineEvent<ChallengeDecidedPayload>({
  name: 'challenge.decided',
  version: 1,
  aggregate: 'challenge',
  source: '/tenders',
  topic: 'mulin.tender.events.v1',
  key: (payload) => payload.tenderId,
  subject: (payload) => payload.challengeId,
  title: 'An inquiry, a challenge or a complaint was answered',
  description:
    'What came of it; the answer itself stays with the parties, except that of a complaint, which the office publishes.',
  article: '政府采购法 arts. 53, 56; 政府采购法实施条例 arts. 52, 58',
  schema: object<ChallengeDecidedPayload>(
    {
      challengeId: id('chl', 'The filing.'),
      tenderId: id('ten', 'The tender.'),
      organisationId: id('org', 'Who filed it.'),
      kind: oneOf(['inquiry', 'challenge', 'complaint'], 'What it is.'),
      outcome: oneOf(
        ['upheld', 'dismissed', 'rejected', 'withdrawn'],
        'rejected: it was not taken in.',
      ),
      effect: oneOf(
        ['none', 'newTender'],
        'newTender: the lots that were not awarded have failed.',
      ),
      remedy: oneOf(
        ['nextCandidate', 'awardInvalid'],
        'What else it changed: awards fell, and the next candidate may follow, or their lots failed.',
      ),
      overturned: list(
        object<{ awardId: string; contractId: string | null }>({
          awardId: id('awd', 'The award.'),
          contractId: nullable(id('con', 'The contract that was drafted from it.')),
        }),
        'The awards that fell by it.',
        { minItems: 1 },
      ),
      decidedAt: instant('When.'),
    },
    { optional: ['remedy', 'overturned'] },
  ),
  good: {
    challengeId: EXAMPLE.challenge,
    tenderId: EXAMPLE.tender,
    organisationId: EXAMPLE.organisation,
    kind: 'challenge',
    outcome: 'dismissed',
    effect: 'none',
    decidedAt: '2025-12-09T10:00:00+08:00',
  },
  bad: {
    payload: { challengeId: EXAMPLE.challenge, tenderId: EXAMPLE.tender, outcome: 'dismissed' },
    because: 'it does not say of whom, nor with what effect',
  },
});
