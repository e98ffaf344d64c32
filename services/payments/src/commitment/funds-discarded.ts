import { ContractFundsRequested } from '@mulin/events';
import { whenDiscarded } from '@mulin/messaging';
import { fen, sumFen } from '@mulin/money';
import { answeredRequests } from './answered-requests.js';
import { writeAnswers } from './funds-requested.js';

/**
 * Two people left a request for funds alone: nothing is reserved, and the contract is told so. Without an
 * answer it would wait for ever, because it asks one request at a time. It may ask again with the next
 * number; this one is answered, and never reserves anything should its event come again.
 */
export const fundsDiscarded = whenDiscarded(ContractFundsRequested, async (event, { tx }) => {
  const { contractId, instalments } = event.payload;
  const answered = await answeredRequests(tx, [contractId]);
  const [first] = instalments;
  if (!first || answered.has(event.payload)) return;
  const { fundId } = first;
  const ofFund = instalments.filter((each) => each.fundId === fundId);
  const requestedFen = sumFen(ofFund.map(({ amountFen }) => fen(amountFen)));
  await writeAnswers(tx, [
    {
      event,
      no: answered.nextEventNo(contractId),
      answer: { code: 'discarded', fundId, requestedFen, remainingFen: null },
    },
  ]);
});
