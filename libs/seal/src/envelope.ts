import { canonicalBytes, sha256, utf8 } from './bytes.js';
import { KEY_BYTES, NONCE_BYTES, TAG_BYTES } from './cipher.js';
import { SealProblem } from './problem.js';
import { bytesOf, HASH, ID, listOf, objectWith, textLike, wholeNumber } from './shape.js';
import { assertSuite, SUITE, type Suite } from './suite.js';

/** The most an envelope takes: papers of a bid, compressed by whoever made them. */
export const MOST_BYTES = 20 * 1024 * 1024;
/** Sizes are rounded up to it, so that a length gives no price away. */
export const PADDED_TO = 4096;
export const SALT_BYTES = 32;
export const LENGTH_BYTES = 4;

/** Any two of the three officers open together: the pairs, by the officers' places. */
export const PAIRS = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

export type Pair = (typeof PAIRS)[number];

/** Qualification opens first, price after it (two envelopes); a final offer ends a consultation (磋商). */
export type EnvelopeKind = 'qualification' | 'price' | 'finalOffer';

/** What an envelope is for. It opens for this and for nothing else. */
export interface EnvelopeContext {
  tenderId: string;
  lotId: string;
  /** The organisation that bids. */
  bidderId: string;
  /** 1, 2, 3 …: a replacement is a new version. */
  bidVersion: number;
  envelope: EnvelopeKind;
}

/** One half of the content's key, for one officer of one pair. */
export interface Half {
  pair: Pair;
  /** Place of the officer it is wrapped for. */
  to: number;
  ephemeral: string;
  nonce: string;
  wrapped: string;
  /** sha256 of the half: an officer who hands over another one cannot put the blame on the bidder. */
  check: string;
}

/** A sealed envelope as it is sent and stored: nobody alone can read it, the platform least of all. */
export interface Envelope {
  suite: Suite;
  context: EnvelopeContext;
  /** Fingerprints of the three officers' keys; their order is the places that halves name. */
  officers: string[];
  /** sha256 over salt and content: what the bidder is held to at the opening. */
  commitment: string;
  nonce: string;
  ciphertext: string;
  halves: Half[];
}

/** Of the whole envelope, so that not one bit of it can be another. */
export const hashOfEnvelope = (envelope: Envelope): Promise<string> =>
  sha256(canonicalBytes(envelope));

/**
 * What the receipt of a bid names as its `contentHash`: sha256 over the hashes of both envelopes, one on a line each.
 * A final offer has one envelope, and its receipt names that envelope's hash.
 */
export const contentHashOf = (hashes: {
  qualificationHash: string;
  priceHash: string;
}): Promise<string> => sha256(utf8(`${hashes.qualificationHash}\n${hashes.priceHash}`));

/** What the content is bound to (AES-GCM additional data). */
export function boundTo({
  suite,
  context,
  officers,
  commitment,
}: Omit<Envelope, 'nonce' | 'ciphertext' | 'halves'>) {
  return canonicalBytes({ suite, context, officers, commitment });
}

/** Reads an envelope that anyone may have made. Throws `malformed` or `otherSuite`. */
export function parseEnvelope(value: unknown): Envelope {
  const all = objectWith(
    value,
    ['suite', 'context', 'officers', 'commitment', 'nonce', 'ciphertext', 'halves'],
    'envelope',
  );
  assertSuite(all.suite);
  const largest = MOST_BYTES + 2 * PADDED_TO;
  bytesOf(all.nonce, { exactly: NONCE_BYTES }, 'nonce');
  const content = bytesOf(
    all.ciphertext,
    { min: PADDED_TO + TAG_BYTES, max: largest },
    'ciphertext',
  );
  if ((content.length - TAG_BYTES) % PADDED_TO !== 0)
    throw new SealProblem('malformed', 'ciphertext');
  const officers = listOf(all.officers, 3, 'officers').map((each) =>
    textLike(each, HASH, 'officers'),
  );
  if (new Set(officers).size !== 3) throw new SealProblem('malformed', 'officers');
  const halves = listOf(all.halves, PAIRS.length * 2, 'halves').map(halfOf);
  PAIRS.forEach((pair, index) =>
    pair.forEach((to, side) => {
      const half = halves[index * 2 + side];
      if (half?.to !== to || half.pair[0] !== pair[0] || half.pair[1] !== pair[1]) {
        throw new SealProblem('malformed', 'halves');
      }
    }),
  );
  return {
    suite: SUITE,
    context: parseContext(all.context),
    officers,
    commitment: textLike(all.commitment, HASH, 'commitment'),
    nonce: all.nonce as string,
    ciphertext: all.ciphertext as string,
    halves,
  };
}

export function parseContext(value: unknown): EnvelopeContext {
  const all = objectWith(
    value,
    ['tenderId', 'lotId', 'bidderId', 'bidVersion', 'envelope'],
    'context',
  );
  return {
    tenderId: textLike(all.tenderId, ID, 'context.tenderId'),
    lotId: textLike(all.lotId, ID, 'context.lotId'),
    bidderId: textLike(all.bidderId, ID, 'context.bidderId'),
    bidVersion: wholeNumber(all.bidVersion, 1, 1_000_000, 'context.bidVersion'),
    envelope: textLike(
      all.envelope,
      /^(qualification|price|finalOffer)$/,
      'context.envelope',
    ) as EnvelopeKind,
  };
}

function halfOf(value: unknown): Half {
  const all = objectWith(value, ['pair', 'to', 'ephemeral', 'nonce', 'wrapped', 'check'], 'half');
  const [first, second] = listOf(all.pair, 2, 'half.pair');
  const pair = PAIRS.find(([a, b]) => a === first && b === second);
  if (!pair) throw new SealProblem('malformed', 'half.pair');
  bytesOf(all.ephemeral, { exactly: KEY_BYTES }, 'half.ephemeral');
  bytesOf(all.nonce, { exactly: NONCE_BYTES }, 'half.nonce');
  bytesOf(all.wrapped, { exactly: KEY_BYTES + TAG_BYTES }, 'half.wrapped');
  return {
    pair,
    to: wholeNumber(all.to, 0, 2, 'half.to'),
    ephemeral: all.ephemeral as string,
    nonce: all.nonce as string,
    wrapped: all.wrapped as string,
    check: textLike(all.check, HASH, 'half.check'),
  };
}
