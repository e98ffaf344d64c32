export { SealProblem, type SealProblemCode } from './problem.js';
export { SUITE, type Suite } from './suite.js';
export {
  generateOfficerKey,
  parseOfficerPublicKey,
  unlockOfficerKey,
  type OfficerPrivateKey,
  type OfficerPublicKey,
  type UnlockedKey,
} from './officer-key.js';
export {
  contentHashOf,
  hashOfEnvelope,
  MOST_BYTES,
  PADDED_TO,
  parseContext,
  parseEnvelope,
  type Envelope,
  type EnvelopeContext,
  type EnvelopeKind,
  type Pair,
} from './envelope.js';
export { sealEnvelope } from './seal.js';
export {
  isHandedOver,
  openEnvelope,
  unwrapShares,
  type Fault,
  type Handed,
  type Opening,
  type Share,
  type WrongHalf,
} from './open.js';
export {
  firstHashOf,
  generateReceiptKey,
  hashOfReceipt,
  receiptKeyId,
  signReceipt,
  verifyChain,
  verifyReceipt,
  type Receipt,
  type ReceiptFacts,
} from './receipt.js';
