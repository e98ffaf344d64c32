export { ARTICLES, type Article } from './articles.js';
export {
  STEPS,
  outcomeOf,
  postedDifference,
  type Attempt,
  type Because,
  type Decision,
  type DecisionKind,
  type Figures,
  type Outcome,
  type PostedDifference,
  type PreviousDecision,
  type Step,
} from './decision.js';
export { decide } from './decide.js';
export {
  canonicalInputs,
  hashInputs,
  inputsJson,
  type AcceptanceInputs,
  type AdvanceInputs,
  type Breach,
  type EvaluationInputs,
  type Inputs,
  type Json,
  type LapseInputs,
  type TerminationInputs,
} from './inputs.js';
export { InvalidInputs, type InvalidInputsCode } from './invalid-inputs.js';
export { parseRule, type ParsedRule } from './parse-rule.js';
export { type RuleProblem, type RuleProblemCode, sentenceOf } from './problems.js';
export { InvalidReplay, decideInputs, replay } from './replay.js';
export {
  standardBands,
  standardRule,
  type Band,
  type BreachDeduction,
  type Charge,
  type Gate,
  type Instalment,
  type PaymentRule,
} from './rule.js';
export { accept, advance, lapse, terminate } from './settle.js';
export { type Text } from './text.js';
export { evaluationProblems, validateRule, type RuleInContract } from './validate-rule.js';
