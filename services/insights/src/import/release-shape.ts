/** What a value must be; what a shape does not name is kept as it came, whatever it is. */
export type Check = 'id' | 'date' | 'number' | 'currency' | ReadonlySet<unknown>;
/** The fields of an object by name: a check, an object, or a list of objects. */
export interface Shape {
  readonly [field: string]: Check | Shape | readonly [Shape];
}

const codes = (...values: string[]): ReadonlySet<unknown> => new Set(values);

/** The closed codelist releaseTag of OCDS 1.1.5. */
export const TAGS = codes(
  ...['planning', 'planningUpdate', 'tender', 'tenderAmendment', 'tenderUpdate'],
  ...['tenderCancellation', 'award', 'awardUpdate', 'awardCancellation', 'contract'],
  ...['contractUpdate', 'contractAmendment', 'implementation', 'implementationUpdate'],
  ...['contractTermination', 'compiled'],
);

const VALUE: Shape = { amount: 'number', currency: 'currency' };
const PERIOD: Shape = { startDate: 'date', endDate: 'date', maxExtentDate: 'date' };
const DOCUMENT: Shape = { id: 'id', datePublished: 'date', dateModified: 'date' };
const ITEM: Shape = { id: 'id', quantity: 'number', unit: { value: VALUE } };
const AMENDMENT: Shape = { date: 'date' };
const MILESTONE: Shape = {
  ...{ id: 'id', dueDate: 'date', dateMet: 'date', dateModified: 'date' },
  status: codes('scheduled', 'met', 'notMet', 'partiallyMet'),
  documents: [DOCUMENT],
};
/** What stands alike in a tender, an award and a contract. */
const COMMON: Shape = {
  ...{ id: 'id', value: VALUE },
  ...{ documents: [DOCUMENT], items: [ITEM], amendments: [AMENDMENT] },
};

/** What OCDS 1.1.5 says of a release: required ids, dates, numbers and the closed codelists. */
export const RELEASE: Shape = {
  parties: [{ id: 'id' }],
  planning: {
    budget: { amount: VALUE },
    documents: [DOCUMENT],
    milestones: [MILESTONE],
  },
  tender: {
    ...COMMON,
    status: codes(
      ...['planning', 'planned', 'active', 'cancelled', 'unsuccessful', 'complete', 'withdrawn'],
    ),
    procurementMethod: codes('open', 'selective', 'limited', 'direct'),
    mainProcurementCategory: codes('goods', 'works', 'services'),
    minValue: VALUE,
    ...{ tenderPeriod: PERIOD, enquiryPeriod: PERIOD, awardPeriod: PERIOD, contractPeriod: PERIOD },
    ...{ milestones: [MILESTONE], numberOfTenderers: 'number' },
  },
  awards: [
    {
      ...{ ...COMMON, date: 'date', contractPeriod: PERIOD },
      status: codes('pending', 'active', 'cancelled', 'unsuccessful'),
    },
  ],
  contracts: [
    {
      ...{ ...COMMON, awardID: 'id', dateSigned: 'date', period: PERIOD },
      status: codes('pending', 'active', 'cancelled', 'terminated'),
      milestones: [MILESTONE],
      implementation: {
        transactions: [{ id: 'id', date: 'date', value: VALUE, amount: VALUE }],
        milestones: [MILESTONE],
        documents: [DOCUMENT],
      },
    },
  ],
};
