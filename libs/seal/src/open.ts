import { fromBase64Url, joined, sha256, toBase64Url, utf8, xor } from './bytes.js';
import { decrypt, importPublic, KEY_BYTES, wrapKey } from './cipher.js';
import {
  boundTo,
  type Envelope,
  type EnvelopeContext,
  hashOfEnvelope,
  LENGTH_BYTES,
  type Pair,
  PAIRS,
  parseEnvelope,
  SALT_BYTES,
} from './envelope.js';
import type { UnlockedKey } from './officer-key.js';
import { SealProblem, type SealProblemCode } from './problem.js';
import { bytesOf, HASH, listOf, objectWith, textLike, wholeNumber } from './shape.js';
import { assertSuite, SUITE, type Suite } from './suite.js';

/** An officer's half of the key of one envelope, for one pair: what is handed over at the opening. */
export interface Share {
  suite: Suite;
  kind: 'share';
  /** The envelope it is a half of. */
  envelopeHash: string;
  pair: Pair;
  from: number;
  half: string;
}

/**
 * An officer's part of an opening, with the own private key on the own machine: the halves for the pairs
 * with those who take part. Throws `wrongKey` when the envelope was not sealed to this key.
 */
export async function unwrapShares(value: unknown, officer: UnlockedKey): Promise<Share[]> {
  const envelope = parseEnvelope(value);
  const from = envelope.officers.indexOf(officer.fingerprint);
  if (from < 0) throw new SealProblem('wrongKey', 'officer');
  const [bound, envelopeHash] = [await sha256(boundTo(envelope)), await hashOfEnvelope(envelope)];
  const shares: Share[] = [];
  for (const { pair, to, ephemeral, nonce, wrapped, check } of envelope.halves) {
    if (to !== from) continue;
    const other = await importPublic(fromBase64Url(ephemeral)).catch(() => null);
    if (!other) continue;
    const context = {
      suite: SUITE,
      envelope: bound,
      pair,
      to,
      ephemeral,
      officer: officer.publicKey,
    };
    const half = await wrapKey(officer.key, other, context)
      .then((key) =>
        decrypt(key, { nonce: fromBase64Url(nonce), sealed: fromBase64Url(wrapped) }, utf8(bound), {
          code: 'wrongShare',
          where: `half ${pair.join('-')}`,
        }),
      )
      // A half that does not open leaves that pair out; the other pair of this officer may still open it.
      .catch(() => null);
    if (half && (await sha256(half)) === check) {
      shares.push({
        suite: SUITE,
        kind: 'share',
        envelopeHash,
        pair,
        from,
        half: toBase64Url(half),
      });
    }
  }
  return shares;
}

/** Who answers for an envelope that does not open: different causes have different consequences. */
export type Fault =
  /** The envelope is bit for bit what the bidder handed in: 撤销, the bond may be kept. */
  | 'bidder'
  /** It was changed after that, or the halves do not fit: 撤回, the bond goes back. */
  | 'other';

export type Opening =
  | { opened: true; content: Uint8Array; pair: Pair; failedPairs: Pair[] }
  | { opened: false; code: SealProblemCode; fault: Fault; failedPairs: Pair[] };

/**
 * Opens one envelope with the halves of the officers who are there. Every pair that is complete is tried;
 * one that gives another content than what was committed to is a failed pair, and is told for the minutes.
 *
 * @param expected what the tender asked for and its receipt says: another tender, bidder or version is
 *   refused before anything is tried, and a changed envelope is never blamed on its bidder
 */
export async function openEnvelope(
  value: unknown,
  shares: readonly unknown[],
  expected: { context: EnvelopeContext; receivedHash: string },
): Promise<Opening> {
  const failedPairs: Pair[] = [];
  let envelope: Envelope;
  let given: Share[];
  let fault: Fault = 'other';
  try {
    envelope = parseEnvelope(value);
    const hash = await hashOfEnvelope(envelope);
    if (hash === expected.receivedHash) fault = 'bidder';
    if (!sameContext(envelope.context, expected.context)) {
      return { opened: false, code: 'tampered', fault: 'other', failedPairs };
    }
    given = shares.map(parseShare).filter(({ envelopeHash }) => envelopeHash === hash);
  } catch (error) {
    if (!(error instanceof SealProblem)) throw error;
    return { opened: false, code: error.code, fault: 'other', failedPairs };
  }
  let code: SealProblemCode = 'wrongPair';
  for (const pair of PAIRS) {
    const [first, second] = pair.map((from) =>
      given.find((share) => share.from === from && share.pair === pair),
    );
    if (!first || !second) continue;
    try {
      const content = await contentOf(envelope, first, second);
      return { opened: true, content, pair, failedPairs };
    } catch (error) {
      if (!(error instanceof SealProblem)) throw error;
      code = error.code;
      failedPairs.push(pair);
    }
  }
  // Without a pair whose halves are right nothing is known about the bid, and its bidder is not to blame.
  const blamed = code === 'tampered' || code === 'commitmentMismatch' ? fault : 'other';
  return { opened: false, code, fault: blamed, failedPairs };
}

async function contentOf(envelope: Envelope, first: Share, second: Share): Promise<Uint8Array> {
  await assertHalf(envelope, first);
  await assertHalf(envelope, second);
  const key = xor(fromBase64Url(first.half), fromBase64Url(second.half));
  const box = {
    nonce: fromBase64Url(envelope.nonce),
    sealed: fromBase64Url(envelope.ciphertext),
  };
  const where = `pair ${first.pair.join('-')}`;
  const plain = await decrypt(key, box, boundTo(envelope), { code: 'tampered', where });
  const length = new DataView(plain.buffer).getUint32(SALT_BYTES);
  const start = SALT_BYTES + LENGTH_BYTES;
  const content = plain.slice(start, start + length);
  // AES-GCM does not bind its key: a bidder could make it open to different things for different pairs.
  const commitment = await sha256(joined(plain.slice(0, SALT_BYTES), content));
  if (content.length !== length || commitment !== envelope.commitment) {
    throw new SealProblem('commitmentMismatch', where);
  }
  return content;
}

/** A half that is not the one of the envelope was handed over wrongly; its bidder has no part in that. */
async function assertHalf({ halves }: Envelope, { pair, from, half }: Share): Promise<void> {
  const mine = halves.find((each) => each.pair === pair && each.to === from);
  if (mine?.check !== (await sha256(fromBase64Url(half)))) {
    throw new SealProblem('wrongShare', `pair ${pair.join('-')}`);
  }
}

function parseShare(value: unknown): Share {
  const all = objectWith(value, ['suite', 'kind', 'envelopeHash', 'pair', 'from', 'half'], 'share');
  assertSuite(all.suite);
  textLike(all.kind, /^share$/, 'share.kind');
  const [a, b] = listOf(all.pair, 2, 'share.pair');
  const pair = PAIRS.find(([first, second]) => first === a && second === b);
  if (!pair) throw new SealProblem('malformed', 'share.pair');
  bytesOf(all.half, { exactly: KEY_BYTES }, 'share.half');
  return {
    suite: SUITE,
    kind: 'share',
    envelopeHash: textLike(all.envelopeHash, HASH, 'share.envelopeHash'),
    pair,
    from: wholeNumber(all.from, 0, 2, 'share.from'),
    half: all.half as string,
  };
}

function sameContext(one: EnvelopeContext, other: EnvelopeContext): boolean {
  return (Object.keys(one) as (keyof EnvelopeContext)[]).every((name) => one[name] === other[name]);
}
