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
export { openEnvelope, unwrapShares, type Fault, type Opening, type Share } from './open.js';
export {
  firstHashOf,
  generateReceiptKey,
  hashOfReceipt,
  signReceipt,
  verifyChain,
  verifyReceipt,
  type Receipt,
  type ReceiptFacts,
} from './receipt.js';
