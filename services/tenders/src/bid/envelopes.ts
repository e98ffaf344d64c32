import type { OpaqueText } from '@mulin/graphql';
import {
  contentHashOf,
  type Envelope,
  type EnvelopeContext,
  type EnvelopeKind,
  hashOfEnvelope,
  parseEnvelope,
  SealProblem,
} from '@mulin/seal';
import { createHash } from 'node:crypto';
import { EnvelopeNotAccepted } from './bid.refusals.js';

/** Both envelopes of a bid, checked as far as anyone can check what is sealed. */
export interface Envelopes {
  qualification: Envelope;
  price: Envelope;
  qualificationHash: string;
  priceHash: string;
  /** What the receipt names: over both hashes. */
  contentHash: string;
}

/** What both envelopes must say of themselves. */
export interface Expected {
  context: Omit<EnvelopeContext, 'envelope'>;
  /** Fingerprints of the tender's opening keys, in its order. */
  officers: readonly string[];
}

/** Reads both envelopes, or says why one is not accepted. Their content stays sealed. */
export async function readEnvelopes(
  input: { qualification: OpaqueText; price: OpaqueText },
  expected: Expected,
): Promise<Envelopes | EnvelopeNotAccepted> {
  const qualification = readEnvelope(input.qualification.text, 'qualification', expected);
  if (qualification instanceof EnvelopeNotAccepted) return qualification;
  const price = readEnvelope(input.price.text, 'price', expected);
  if (price instanceof EnvelopeNotAccepted) return price;
  const hashes = {
    qualificationHash: await hashOfEnvelope(qualification),
    priceHash: await hashOfEnvelope(price),
  };
  return { qualification, price, ...hashes, contentHash: await contentHashOf(hashes) };
}

/** Of what was refused unread: the receipt says which bytes came. */
export function rawHashOf(input: {
  qualification: OpaqueText;
  price: OpaqueText;
}): Promise<string> {
  return contentHashOf({
    qualificationHash: rawHash(input.qualification.text),
    priceHash: rawHash(input.price.text),
  });
}

/** Of one text, refused unread. */
export const rawHash = (text: string): string =>
  `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** Reads one envelope, or says why it is not accepted. Its content stays sealed. */
export function readEnvelope(
  text: string,
  kind: EnvelopeKind,
  { context, officers }: Expected,
): Envelope | EnvelopeNotAccepted {
  let envelope: Envelope;
  try {
    envelope = parseEnvelope(JSON.parse(text));
  } catch (error) {
    if (error instanceof SealProblem) return new EnvelopeNotAccepted(kind, error.code);
    if (error instanceof SyntaxError) return new EnvelopeNotAccepted(kind, 'malformed');
    throw error;
  }
  const wanted: EnvelopeContext = { ...context, envelope: kind };
  const same = (Object.keys(wanted) as (keyof EnvelopeContext)[]).every(
    (name) => envelope.context[name] === wanted[name],
  );
  if (!same) return new EnvelopeNotAccepted(kind, 'context');
  const sealedToThem = envelope.officers.every((each, at) => each === officers[at]);
  return sealedToThem ? envelope : new EnvelopeNotAccepted(kind, 'officers');
}
