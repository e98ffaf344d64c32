import { FundAppropriated, FundClosed, FundOpened } from '@mulin/events';
import type { Appropriation } from './appropriation.entity.js';
import type { Fund } from './fund.entity.js';

const envelope = ({ id, events, street }: Fund) => ({
  aggregateId: id,
  aggregateVersion: events,
  street,
});

/** Whoever plans and tenders on a fund knows it from these, and from what is reserved of it. */
export const fundOpened = (fund: Fund) => ({
  ...envelope(fund),
  type: FundOpened,
  payload: { fundId: fund.id, fiscalYear: fund.fiscalYear },
});

export const fundAppropriated = (fund: Fund, { id, amountFen }: Appropriation) => ({
  ...envelope(fund),
  type: FundAppropriated,
  payload: { fundId: fund.id, appropriationId: id, amountFen: amountFen.toString() },
});

export const fundClosed = (fund: Fund) => ({
  ...envelope(fund),
  type: FundClosed,
  payload: { fundId: fund.id },
});
