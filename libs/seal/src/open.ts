import { type Bytes, fromBase64Url, joined, sha256, toBase64Url, utf8, xor } from './bytes.js';
import { decrypt, importPublic, KEY_BYTES, wrapKey } from './cipher.js';
import {
  boundTo,
  type Envelope,
  type EnvelopeContext,
  type Half,
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

/** A half that the bidder wrapped wrongly: its officer says so, that the pair be tried no more and be minuted. */
export interface WrongHalf {
  suite: Suite;
  kind: 'wrong-half';
  envelopeHash: string;
  pair: Pair;
  from: number;
  /** `wrongShare`: it does not open with the officer's key, or is not the half whose hash is in the envelope. */
  problem: SealProblemCode;
}

/** What an officer hands over for one pair: the half, or that there is none. */
export type Handed = Share | WrongHalf;

/**
 * An officer's part of an opening, with the own private key on the own machine: for each pair with another
 * officer the half, or the word that it was wrapped wrongly; nothing is left out. Throws `wrongKey` when the
 * envelope was not sealed to this key.
 */
export async function unwrapShares(value: unknown, officer: UnlockedKey): Promise<Handed[]> {
  const envelope = parseEnvelope(value);
  const from = envelope.officers.indexOf(officer.fingerprint);
  if (from < 0) throw new SealProblem('wrongKey', 'officer');
  const [bound, envelopeHash] = [await sha256(boundTo(envelope)), await hashOfEnvelope(envelope)];
  const handed: Handed[] = [];
  for (const half of envelope.halves.filter(({ to }) => to === from)) {
    const facts = { suite: SUITE, envelopeHash, pair: half.pair, from };
    const opened = await openHalf(half, bound, officer);
    handed.push(
      opened
        ? { ...facts, kind: 'share', half: toBase64Url(opened) }
        : { ...facts, kind: 'wrong-half', problem: 'wrongShare' },
    );
  }
  return handed;
}

/** The half, or null when it is not what the envelope says it is; the officer's other half may still be. */
async function openHalf(
  { pair, to, ephemeral, nonce, wrapped, check }: Half,
  bound: string,
  officer: UnlockedKey,
): Promise<Bytes | null> {
  const other = await importPublic(fromBase64Url(ephemeral)).catch(() => null);
  if (!other) return null;
  const context = { suite: SUITE, envelope: bound, pair, to, ephemeral };
  const box = { nonce: fromBase64Url(nonce), sealed: fromBase64Url(wrapped) };
  const half = await wrapKey(officer.key, other, { ...context, officer: officer.publicKey })
    .then((key) => decrypt(key, box, utf8(bound), { code: 'wrongShare', where: 'half' }))
    .catch(() => null);
  return half && (await sha256(half)) === check ? half : null;
}

/**
 * Whether this is all that the officer has to hand over for the envelope: for each of the two pairs the half whose
 * hash is in the envelope, or the word that it was wrapped wrongly. Whoever takes halves asks this first, so that
 * one officer cannot shut a bid out by handing over nothing.
 */
export async function isHandedOver(
  value: unknown,
  from: number,
  handed: readonly unknown[],
): Promise<boolean> {
  const envelope = parseEnvelope(value);
  const hash = await hashOfEnvelope(envelope);
  const own = handed.flatMap((each) => {
    try {
      return [parseHanded(each)];
    } catch {
      return [];
    }
  });
  const mine = own.filter((each) => each.envelopeHash === hash && each.from === from);
  const wanted = envelope.halves.filter(({ to }) => to === from);
  for (const { pair, check } of wanted) {
    const [given, ...more] = mine.filter((each) => each.pair === pair);
    if (!given || more.length > 0) return false;
    if (given.kind === 'share' && (await sha256(fromBase64Url(given.half))) !== check) return false;
  }
  return mine.length === wanted.length;
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
 * Opens one envelope with what the officers handed over. Every pair that is complete is tried, also when one before it
 * has opened it: the pair that attended first may be any of the three, and that it failed belongs in the minutes. One of
 * which an officer says that a half was wrapped wrongly, and one that gives another content than what was committed to,
 * is a failed pair; whichever pair opens it gives the same content, for the commitment is one.
 *
 * @param expected what the tender asked for and its receipt says: another tender, bidder or version is
 *   refused before anything is tried, and a changed envelope is never blamed on its bidder
 */
export async function openEnvelope(
  value: unknown,
  handed: readonly unknown[],
  expected: { context: EnvelopeContext; receivedHash: string },
): Promise<Opening> {
  const failedPairs: Pair[] = [];
  let envelope: Envelope;
  let given: Handed[];
  let fault: Fault = 'other';
  try {
    envelope = parseEnvelope(value);
    const hash = await hashOfEnvelope(envelope);
    if (hash === expected.receivedHash) fault = 'bidder';
    if (!sameContext(envelope.context, expected.context)) {
      return { opened: false, code: 'tampered', fault: 'other', failedPairs };
    }
    given = handed.map(parseHanded).filter(({ envelopeHash }) => envelopeHash === hash);
  } catch (error) {
    if (!(error instanceof SealProblem)) throw error;
    return { opened: false, code: error.code, fault: 'other', failedPairs };
  }
  let code: SealProblemCode = 'wrongPair';
  let blamed: SealProblemCode | null = null;
  let found: { content: Uint8Array; pair: Pair } | null = null;
  for (const pair of PAIRS) {
    const [first, second] = pair.map((from) =>
      given.find((each) => each.from === from && each.pair === pair),
    );
    if (first?.kind === 'wrong-half' || second?.kind === 'wrong-half') {
      failedPairs.push(pair);
      code = 'wrongShare';
      continue;
    }
    if (!first || !second) continue;
    try {
      const content = await contentOf(envelope, first, second);
      found ??= { content, pair };
    } catch (error) {
      if (!(error instanceof SealProblem)) throw error;
      code = error.code;
      if (code === 'tampered' || code === 'commitmentMismatch') blamed ??= code;
      failedPairs.push(pair);
    }
  }
  if (found) return { opened: true, ...found, failedPairs };
  // One officer's word blames nobody; what two say of one envelope its bidder answers for.
  const saying = new Set(given.filter(({ kind }) => kind === 'wrong-half').map(({ from }) => from));
  if (saying.size >= 2) blamed ??= 'wrongShare';
  // Without a pair whose halves are right nothing is known about the bid, and its bidder is not to blame.
  return { opened: false, code: blamed ?? code, fault: blamed ? fault : 'other', failedPairs };
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

function parseHanded(value: unknown): Handed {
  const isHalf = typeof value === 'object' && value !== null && 'half' in value;
  const all: Partial<Record<string, unknown>> = objectWith(
    value,
    ['suite', 'kind', 'envelopeHash', 'pair', 'from', isHalf ? 'half' : 'problem'],
    'share',
  );
  assertSuite(all.suite);
  const [a, b] = listOf(all.pair, 2, 'share.pair');
  const pair = PAIRS.find(([first, second]) => first === a && second === b);
  if (!pair) throw new SealProblem('malformed', 'share.pair');
  const facts = {
    suite: SUITE,
    envelopeHash: textLike(all.envelopeHash, HASH, 'share.envelopeHash'),
    pair,
    from: wholeNumber(all.from, 0, 2, 'share.from'),
  };
  if (!isHalf) {
    textLike(all.kind, /^wrong-half$/, 'share.kind');
    textLike(all.problem, /^wrongShare$/, 'share.problem');
    return { ...facts, kind: 'wrong-half', problem: 'wrongShare' };
  }
  textLike(all.kind, /^share$/, 'share.kind');
  bytesOf(all.half, { exactly: KEY_BYTES }, 'share.half');
  return { ...facts, kind: 'share', half: all.half as string };
}

function sameContext(one: EnvelopeContext, other: EnvelopeContext): boolean {
  return (Object.keys(one) as (keyof EnvelopeContext)[]).every((name) => one[name] === other[name]);
}
