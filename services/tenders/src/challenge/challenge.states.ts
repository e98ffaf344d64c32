import { registerEnumType } from '@nestjs/graphql';
import { TendersSchema } from '../schema.js';

const registerIn = () => TendersSchema;

export enum ChallengeKind {
  INQUIRY = 'inquiry',
  CHALLENGE = 'challenge',
  COMPLAINT = 'complaint',
}
registerEnumType(ChallengeKind, {
  name: 'ChallengeKind',
  registerIn,
  valuesMap: {
    INQUIRY: { description: '询问: to the buyer, who answers within 3 working days.' },
    CHALLENGE: {
      description: '质疑: to the buyer, within a term, answered within 7 working days.',
    },
    COMPLAINT: { description: '投诉: to the finance department, about what was challenged.' },
  },
});

export enum ChallengeStage {
  FILE = 'file',
  PROCESS = 'process',
  RESULT = 'result',
}
registerEnumType(ChallengeStage, {
  name: 'ChallengeStage',
  registerIn,
  valuesMap: {
    FILE: { description: 'About the tender file.' },
    PROCESS: { description: 'About how it went: opening, review.' },
    RESULT: { description: 'About the result.' },
  },
});

export enum ChallengeState {
  FILED = 'filed',
  ACCEPTED = 'accepted',
  REJECTED = 'rejected',
  ANSWERED = 'answered',
  WITHDRAWN = 'withdrawn',
}
registerEnumType(ChallengeState, {
  name: 'ChallengeState',
  registerIn,
  valuesMap: {
    FILED: { description: 'It came; also while one person alone would not take it in.' },
    ACCEPTED: { description: 'Taken in; the clock for the answer runs.' },
    REJECTED: { description: 'Not taken in, with the reason, by two people.' },
    ANSWERED: { description: 'Upheld or dismissed.' },
    WITHDRAWN: { description: 'Taken back by who filed it.' },
  },
});

export enum ChallengeOutcome {
  UPHELD = 'upheld',
  DISMISSED = 'dismissed',
}
registerEnumType(ChallengeOutcome, { name: 'ChallengeOutcome', registerIn });

export enum ChallengeEffect {
  NONE = 'none',
  NEW_TENDER = 'newTender',
  NEXT_CANDIDATE = 'nextCandidate',
  AWARD_INVALID = 'awardInvalid',
}
registerEnumType(ChallengeEffect, {
  name: 'ChallengeEffect',
  registerIn,
  valuesMap: {
    NONE: { description: 'The tender goes on as it is.' },
    NEW_TENDER: {
      description:
        'The lots that are not awarded fail; when none is, the tender has failed and its plan is free for another.',
    },
    NEXT_CANDIDATE: {
      description: 'The awards named are invalid; the next candidate of their lots may be chosen.',
    },
    AWARD_INVALID: {
      description:
        'The awards named are invalid and their lots have failed: nobody else may follow.',
    },
  },
});

/** Every step there is. The database has the same table (`challenge_step`) and refuses others. */
export const NEXT: Readonly<Record<ChallengeState, readonly ChallengeState[]>> = {
  filed: [ChallengeState.ACCEPTED, ChallengeState.REJECTED, ChallengeState.WITHDRAWN],
  accepted: [ChallengeState.ANSWERED, ChallengeState.WITHDRAWN],
  rejected: [],
  answered: [],
  withdrawn: [],
};
