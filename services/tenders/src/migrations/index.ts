import { contractTerm } from './1763900000039-contract-term.js';
import type { Migration } from '@mulin/database';
import { messagingMigrations } from '@mulin/messaging';
import { awards } from './1763900000007-awards.js';
import { catalogue } from './1763900000001-catalogue.js';
import { bidders } from './1763900000004-bidders.js';
import { bids } from './1763900000003-bids.js';
import { challenges } from './1763900000008-challenges.js';
import { committee } from './1763900000006-committee.js';
import { committeeGuards } from './1763900000016-committee-guards.js';
import { knownFunds } from './1763900000023-known-funds.js';
import { knownPeople } from './1763900000024-known-people.js';
import { lots } from './1763900000011-lots.js';
import { openingGuards } from './1763900000017-opening-guards.js';
import { names } from './1763900000012-names.js';
import { remedies } from './1763900000020-remedies.js';
import { publicResult } from './1763900000025-public-result.js';
import { qualification } from './1763900000005-qualification.js';
import { ownScore } from './1763900000038-own-score.js';
import { decidedElsewhere } from './1763900000037-decided-elsewhere.js';
import { failing } from './1763900000010-failing.js';
import { finalOffers } from './1763900000013-final-offers.js';
import { grades } from './1763900000009-grades.js';
import { refusalLog } from './1763900000019-refusal-log.js';
import { listed } from './1763900000034-listed.js';
import { refusalsAtOnce } from './1763900000033-refusals-at-once.js';
import { rules } from './1763900000018-rules.js';
import { office } from './1763900000016-office.js';
import { singleSource } from './1763900000014-single-source.js';
import { trackRecord } from './1763900000015-track-record.js';
import { steps } from './1763900000022-steps.js';
import { told } from './1763900000021-told.js';
import { offersUntold } from './1763900000040-offers-untold.js';
import { oneProposal } from './1763900000041-one-proposal.js';
import { barredBidders } from './1763900000043-barred-bidders.js';
import { boughtTogether } from './1763900000042-bought-together.js';
import { priceOpening } from './1763900000025-price-opening.js';
import { waysEnd } from './1763900000024-ways-end.js';
import { turnedAwayByTwo } from './1763900000039-turned-away-by-two.js';
import { decisionOfComplaint } from './1763900000041-decision-of-complaint.js';
import { priceExplained } from './1763900000041-price-explained.js';
import { handledByTheOffice } from './1763900000041-handled-by-the-office.js';
import { whatWasChallenged } from './1763900000041-what-was-challenged.js';
import { publicCall } from './1763900000041-public-call.js';
import { answerInTime } from './1763900000041-answer-in-time.js';
import { noticeOfComplaint } from './1763900000039-notice-of-complaint.js';
import { tenders } from './1763900000002-tenders.js';

export const migrations: readonly Migration[] = [
  ...messagingMigrations,
  catalogue,
  tenders,
  bids,
  bidders,
  qualification,
  committee,
  awards,
  challenges,
  grades,
  failing,
  lots,
  names,
  finalOffers,
  singleSource,
  trackRecord,
  committeeGuards,
  office,
  openingGuards,
  rules,
  refusalLog,
  remedies,
  told,
  steps,
  waysEnd,
  priceOpening,
  refusalsAtOnce,
  listed,
  knownFunds,
  knownPeople,
  publicResult,
  decidedElsewhere,
  ownScore,
  contractTerm,
  turnedAwayByTwo,
  noticeOfComplaint,
  answerInTime,
  decisionOfComplaint,
  priceExplained,
  handledByTheOffice,
  whatWasChallenged,
  publicCall,
  offersUntold,
  oneProposal,
  boughtTogether,
  barredBidders,
];
