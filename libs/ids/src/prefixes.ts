/**
 * Every prefix of the platform and the thing it names: the one table. A prefix is never given a
 * second meaning and never reused, because ids live for ever in events and archives.
 */
export const PREFIXES = {
  org: 'party',
  per: 'person',
  pos: 'post',
  rel: 'relation',
  con: 'contract',
  obl: 'obligation',
  ins: 'instalment',
  ful: 'fulfilment',
  brc: 'breach',
  sig: 'signature',
  eva: 'evaluation',
  ind: 'indicator',
  sht: 'sheet',
  apl: 'appeal',
  rec: 'rectification',
  acc: 'acceptanceRecord',
  fun: 'fund',
  apr: 'appropriation',
  cmt: 'commitment',
  dec: 'decision',
  clm: 'claim',
  lac: 'ledgerAccount',
  trf: 'transfer',
  pay: 'paymentOrder',
  dlt: 'deadLetter',
  idn: 'identityAccount',
  itm: 'serviceItem',
  prc: 'itemPrice',
  bln: 'budgetLine',
  ppl: 'procurementPlan',
  ned: 'need',
  ten: 'tender',
  lot: 'lot',
  crt: 'criterion',
  cla: 'clarification',
  key: 'openingKey',
  bid: 'bid',
  rcp: 'receipt',
  opn: 'opening',
} as const;

/** The three letters in front of an id; they say what the id names. */
export type Prefix = keyof typeof PREFIXES;
