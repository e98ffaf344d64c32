import { headsAreSigned, isSigned, type SignedHeads } from './heads.js';

/** Heads as somebody kept them: insights, a topic, a file in the district. */
export interface ToldHeads {
  /** The service counts them 1, 2, 3 …; null where whoever kept them did not keep that. */
  no: number | null;
  payload: SignedHeads;
}

export interface BrokenHead {
  service: string;
  no: number | null;
  stream?: string;
  what: string;
}

interface KnownSeal {
  stream: string;
  number: string;
  hash: string;
  sealed_at: Date;
  because: string | null;
  signature: string | null;
  previous: string;
}

/** What is signed for a re-seal: which seals of a stream hold no longer, and why. */
export const resealFacts = (
  service: string,
  seal: Omit<KnownSeal, 'hash' | 'sealed_at' | 'signature'>,
) => ({
  ...{ service, stream: seal.stream, number: String(seal.number) },
  ...{ because: seal.because, previous: seal.previous },
});

/**
 * What one service told of its seals, against the seals it has: a chain that was rewritten as a whole is in order with
 * itself and not with what was told of it before. A re-seal excuses the heads told before it, if whoever
 * keeps the key signed for it; what it excuses stays pinned, because it signs for the seal before it as well.
 */
export async function brokenHeads({
  service,
  told,
  publicKeys,
  query,
}: {
  service: string;
  told: readonly ToldHeads[];
  publicKeys: readonly string[];
  /** Asks the service's own database. */
  query: (sql: string, values: unknown[]) => Promise<Record<string, unknown>[]>;
}): Promise<BrokenHead[]> {
  const hashes = told.flatMap(({ payload }) => payload.heads.map(({ hash }) => hash));
  // The columns of the statement below.
  const seals = (await query(SEALS, [hashes])) as unknown as KnownSeal[];
  const known = new Set(seals.map(({ stream, hash }) => `${stream} ${hash}`));
  const reseals = seals.filter((seal) => seal.because !== null);
  const broken: BrokenHead[] = reseals
    .filter((seal) => !signedFor(service, seal, publicKeys))
    .map(({ stream }) => ({
      ...{ service, no: null, stream, what: 'nobody signed for the re-seal' },
    }));
  const givenUp = (stream: string, toldAt: string) =>
    reseals.some(
      (seal) =>
        seal.stream === stream &&
        seal.sealed_at > new Date(toldAt) &&
        signedFor(service, seal, publicKeys),
    );

  const inOrder = told.toSorted((one, other) => (one.no ?? 0) - (other.no ?? 0));
  for (const [index, { no, payload }] of inOrder.entries()) {
    if (no !== null && no !== index + 1)
      return [...broken, { service, no: index + 1, what: 'these heads were taken away' }];
    if (payload.service !== service || !headsAreSigned(payload, publicKeys)) {
      broken.push({ service, no, what: 'no key that is known signed these heads' });
      continue;
    }
    for (const { stream, hash } of payload.heads) {
      if (known.has(`${stream} ${hash}`) || givenUp(stream, payload.toldAt)) continue;
      broken.push({ service, no, stream, what: 'the seal that was told is not in the chain' });
    }
  }
  return broken;
}

const signedFor = (service: string, seal: KnownSeal, publicKeys: readonly string[]): boolean =>
  publicKeys.some((key) =>
    isSigned('reseal', resealFacts(service, seal), seal.signature ?? '', key),
  );

const SEALS = /* sql */ `
select stream, number, 'sha256:' || encode(hash, 'hex') as hash, sealed_at, because, signature,
  encode(previous, 'hex') as previous
from mulin.seal where because is not null
  or hash in (select decode(substr(told, 8), 'hex') from unnest($1::text[]) told) order by stream, number`;
