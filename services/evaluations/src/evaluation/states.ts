import { registerEnumType } from '@nestjs/graphql';
import { EvaluationsSchema } from '../schema.js';

export enum EvaluationState {
  PLANNED = 'planned',
  COLLECTING = 'collecting',
  SCORED = 'scored',
  NOTIFIED = 'notified',
  APPEALED = 'appealed',
  FINALISED = 'finalised',
}
registerEnumType(EvaluationState, {
  name: 'EvaluationState',
  registerIn: () => EvaluationsSchema,
  valuesMap: {
    PLANNED: { description: 'Indicators and sources are fixed; no sheet is in.' },
    COLLECTING: { description: 'Sheets come in, sealed for everyone but their author.' },
    SCORED: { description: 'The sheets are open and the score is computed.' },
    NOTIFIED: { description: 'The organisation was told; until appealUntil it may appeal.' },
    APPEALED: { description: 'An appeal waits for its answer.' },
    FINALISED: { description: 'Final: the money is decided by it. Nothing changes it any more.' },
  },
});

const { PLANNED, COLLECTING, SCORED, NOTIFIED, APPEALED, FINALISED } = EvaluationState;

/** From state → to states. No state is set outside it. */
export const NEXT: Readonly<Record<EvaluationState, readonly EvaluationState[]>> = {
  [PLANNED]: [COLLECTING, SCORED],
  [COLLECTING]: [COLLECTING, SCORED],
  [SCORED]: [NOTIFIED],
  // Notified again: gates or breaches changed after the notice, so a new window opens.
  [NOTIFIED]: [NOTIFIED, APPEALED, FINALISED],
  // An appeal is dismissed (back to notified) or upheld (sheets are written again).
  [APPEALED]: [NOTIFIED, COLLECTING],
  [FINALISED]: [],
};
