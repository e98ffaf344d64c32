/** Ids of the examples: one small story told by all of them, so that the examples can be joined by id. */
const exampleId = (prefix: string, last: string): string =>
  `${prefix}_01942f7c9c8e7b3da1c2000000000000`.slice(0, -last.length) + last;

export const EXAMPLE = {
  organisation: exampleId('org', '1'),
  person: exampleId('per', '1'),
  relation: exampleId('rel', '1'),
  need: exampleId('ned', '1'),
  serviceItem: exampleId('itm', '1'),
  procurementPlan: exampleId('ppl', '1'),
  tender: exampleId('ten', '1'),
  lot: exampleId('lot', '1'),
  criterion: exampleId('crt', '1'),
  clarification: exampleId('cla', '1'),
  bid: exampleId('bid', '1'),
  award: exampleId('awd', '1'),
  challenge: exampleId('chl', '1'),
  rating: exampleId('rtg', '1'),
  contract: exampleId('con', '1'),
  advance: exampleId('ins', '1'),
  secondInstalment: exampleId('ins', '2'),
  fund: exampleId('fun', '1'),
  commitment: exampleId('cmt', '1'),
  fulfilment: exampleId('ful', '1'),
  firstBreach: exampleId('brc', '1'),
  secondBreach: exampleId('brc', '2'),
  evaluation: exampleId('eva', '1'),
  appeal: exampleId('apl', '1'),
  rectification: exampleId('rec', '1'),
  acceptance: exampleId('acc', '1'),
  decision: exampleId('dec', '1'),
  order: exampleId('pay', '1'),
} as const;
