import type { JsonSchema } from './json-schema.js';
import { code, flag, id, list, object } from './parts.js';

/** How a gate's obligation stood when the evaluation was notified. Waived counts as fulfilled. */
export interface GateSnapshot {
  code: string;
  fulfilled: boolean;
}

/** A confirmed breach that is charged to the instalment. */
export interface ChargedBreach {
  id: string;
  /** Code of the obligation. */
  obligation: string;
}

export const attempt: JsonSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 2,
  description: '1, or 2 for the re-evaluation after rectification.',
};

export const gates = list(
  object<GateSnapshot>({
    code: code('Code of the obligation that is a gate.'),
    fulfilled: flag('False caps the payment as the rule says.'),
  }),
  'The gates as they stood when the evaluation was notified.',
);

export const breaches = list(
  object<ChargedBreach>({
    id: id('brc', 'The breach.'),
    obligation: code('Code of the obligation.'),
  }),
  'The breaches charged to this instalment, each once.',
);
