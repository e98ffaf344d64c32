import type { Planted } from '../planted.js';
import type { Outcomes } from './row.js';

/**
 * What a subgraph tells of an entity when the gateway hands it the key alone. `hollow`: an entity of
 * which every field it owns here is null, empty, or refused.
 */
export interface ReferenceRow {
  id: (planted: Planted) => string;
  outcomes: Outcomes;
}

const reference = (
  what: Exclude<keyof Planted, 'agreement'>,
  outcomes: Outcomes,
): ReferenceRow => ({ id: (planted) => planted[what], outcomes });

const nullForEveryone: Outcomes = ['null', 'null', 'null', 'null', 'null'];
const hollowForEveryone: Outcomes = ['hollow', 'hollow', 'hollow', 'hollow', 'hollow'];

export const REFERENCES: Readonly<Record<string, ReferenceRow>> = {
  'contracts.Contract': reference('contract', nullForEveryone),
  'contracts.Instalment': reference('instalment', nullForEveryone),
  'evaluations.AcceptanceRecord': reference('acceptance', nullForEveryone),
  'evaluations.Contract': reference('contract', hollowForEveryone),
  'evaluations.Evaluation': reference('evaluation', nullForEveryone),
  'evaluations.Instalment': reference('instalment', hollowForEveryone),
  'evaluations.Rectification': reference('rectification', nullForEveryone),
  'evaluations.Sheet': reference('sheet', nullForEveryone),
  'organisations.Organisation': reference('organisation', ['told', 'told', 'told', 'null', 'told']),
  'payments.Contract': reference('contract', hollowForEveryone),
  'payments.Decision': reference('decision', ['null', 'null', 'null', 'null', 'null']),
  'payments.Fund': reference('fund', ['null', 'null', 'null', 'null', 'null']),
  'tenders.Award': reference('award', nullForEveryone),
  'tenders.Challenge': reference('challenge', nullForEveryone),
  'tenders.Bid': reference('bid', nullForEveryone),
  'tenders.BudgetLine': reference('budgetLine', nullForEveryone),
  'tenders.ProcurementPlan': reference('plan', nullForEveryone),
  'tenders.Tender': reference('tender', nullForEveryone),
  'tenders.ServiceItem': reference('serviceItem', nullForEveryone),
  'payments.Instalment': reference('instalment', hollowForEveryone),
};
