import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import { parseOfficerPublicKey } from './index.js';
import { fromBase64Url, toBase64Url } from './bytes.js';
import {
  type Envelope,
  type EnvelopeContext,
  generateOfficerKey,
  hashOfEnvelope,
  isHandedOver,
  MOST_BYTES,
  type OfficerPublicKey,
  openEnvelope,
  sealEnvelope,
  SUITE,
  type UnlockedKey,
  unlockOfficerKey,
  unwrapShares,
} from './index.js';

const PASSPHRASE = '睦邻中心开标口令二〇二六年';
const context: EnvelopeContext = {
  tenderId: newId('ten'),
  lotId: newId('lot'),
  bidderId: newId('org'),
  bidVersion: 1,
  envelope: 'price',
};
const PRICE = '{"priceFen":"28765432"}';
const price = new TextEncoder().encode(PRICE);

interface Officer {
  publicKey: OfficerPublicKey;
  unlocked: UnlockedKey;
}

describe('a sealed bid', () => {
  let officers: Officer[];
  let keys: OfficerPublicKey[];
  let sealed: Envelope;

  const officer = async (): Promise<Officer> => {
    const { publicKey, privateKey } = await generateOfficerKey(PASSPHRASE);
    return { publicKey, unlocked: await unlockOfficerKey(privateKey, PASSPHRASE) };
  };
  beforeAll(async () => {
    officers = await Promise.all([officer(), officer(), officer()]);
    keys = officers.map(({ publicKey }) => publicKey);
    sealed = await sealEnvelope(context, price, keys);
  });

  const shares = async (envelope: unknown, places: readonly number[]) =>
    (
      await Promise.all(
        places.flatMap((place) => {
          const unlocked = officers[place]?.unlocked;
          return unlocked ? [unwrapShares(envelope, unlocked)] : [];
        }),
      )
    ).flat();
  const open = async (
    envelope: Envelope,
    places: readonly number[],
    expected: Partial<{ context: EnvelopeContext; receivedHash: string }> = {},
  ) =>
    openEnvelope(envelope, await shares(envelope, places), {
      context,
      receivedHash: await hashOfEnvelope(envelope),
      ...expected,
    });
  const copy = (): Envelope => structuredClone(sealed);

  it.each([[[0, 1]], [[0, 2]], [[1, 2]], [[0, 1, 2]]])(
    'is opened by officers %j together, to the last byte',
    async (places) => {
      const opening = await open(sealed, places);
      expect(opening).toMatchObject({ opened: true, failedPairs: [] });
      expect(opening.opened && new TextDecoder().decode(opening.content)).toBe(PRICE);
    },
  );

  it.each([0, 1, 2])('stays closed to officer %i alone, who is told nothing', async (place) => {
    expect(await open(sealed, [place])).toEqual({
      opened: false,
      code: 'wrongPair',
      fault: 'other',
      failedPairs: [],
    });
  });

  it('does not show its price in any byte, nor its size', async () => {
    const text = JSON.stringify(sealed);
    expect(text).not.toContain('28765432');
    const bytes = Buffer.from(fromBase64Url(sealed.ciphertext));
    expect(bytes.includes('28765432')).toBe(false);
    const longer = await sealEnvelope(context, new Uint8Array(4000), keys);
    expect(longer.ciphertext.length).toBe(sealed.ciphertext.length);
    const next = await sealEnvelope(context, new Uint8Array(4096), keys);
    expect(fromBase64Url(next.ciphertext).length - bytes.length).toBe(4096);
  });

  it('is another one each time, even of the same content', async () => {
    const again = await sealEnvelope(context, price, keys);
    for (const part of ['commitment', 'nonce', 'ciphertext'] as const) {
      expect(again[part]).not.toBe(sealed[part]);
    }
  });

  it.each([
    ['another tender', { tenderId: newId('ten') }],
    ['another organisation (a swapped supplier)', { bidderId: newId('org') }],
    ['another version (a replay)', { bidVersion: 2 }],
    ['the other envelope', { envelope: 'qualification' as const }],
  ])('does not open for %s, and nobody blames the bidder', async (_name, change) => {
    const moved = { ...copy(), context: { ...context, ...change } };
    const receivedHash = await hashOfEnvelope(sealed);
    const refused = { opened: false, fault: 'other' };
    // Relabelled in the store: its key was bound to the first label, so not even the halves open.
    expect(await open(moved, [0, 1], { context: moved.context, receivedHash })).toMatchObject(
      refused,
    );
    // Put in the other's place as it is.
    expect(await open(sealed, [0, 1], { context: moved.context, receivedHash })).toMatchObject({
      ...refused,
      code: 'tampered',
    });
  });

  it('does not open when one bit of its content is turned, wherever it is', async () => {
    const receivedHash = await hashOfEnvelope(sealed);
    const content = fromBase64Url(sealed.ciphertext);
    for (let at = 0; at < content.length; at += 173) {
      const bytes = content.slice();
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
      const turned = { ...copy(), ciphertext: toBase64Url(bytes) };
      expect(await open(turned, [1, 2], { receivedHash })).toEqual({
        opened: false,
        code: 'tampered',
        fault: 'other',
        failedPairs: [[1, 2]],
      });
    }
  });

  it('does not open to another commitment, nor with officers’ names exchanged', async () => {
    const other = { ...copy(), commitment: `sha256:${'0'.repeat(64)}` };
    expect(await open(other, [0, 1, 2])).toMatchObject({ opened: false });
    const exchanged = copy();
    exchanged.officers.reverse();
    expect(await open(exchanged, [0, 1, 2])).toMatchObject({ opened: false });
  });

  it('opens by the third officer’s pairs when the bidder gave one pair a wrong key, which is minuted', async () => {
    // A bidder who lies: the first pair's halves are those of another envelope's key.
    const liar = copy();
    const foreign = await sealEnvelopeWithHalvesOf(sealed);
    liar.halves.splice(0, 2, ...foreign.halves.slice(0, 2));
    const receivedHash = await hashOfEnvelope(liar);
    // Both officers of the pair say so of an unchanged envelope: its bidder answers for it.
    expect(await open(liar, [0, 1], { receivedHash })).toEqual({
      opened: false,
      code: 'wrongShare',
      fault: 'bidder',
      failedPairs: [[0, 1]],
    });
    const opening = await open(liar, [0, 1, 2], { receivedHash });
    expect(opening).toMatchObject({ opened: true, pair: [0, 2], failedPairs: [[0, 1]] });
    expect(opening.opened && new TextDecoder().decode(opening.content)).toBe(PRICE);
    // Changed after it came, it is nobody's fault that anyone could prove.
    expect(await open(liar, [0, 1], { receivedHash: `sha256:${'0'.repeat(64)}` })).toMatchObject({
      fault: 'other',
    });
  });

  it('tells every pair that failed, also when one before it has opened the bid', async () => {
    const liar = copy();
    const foreign = await sealEnvelopeWithHalvesOf(sealed);
    liar.halves.splice(4, 2, ...foreign.halves.slice(4, 6));
    const receivedHash = await hashOfEnvelope(liar);
    expect(await open(liar, [1, 2], { receivedHash })).toMatchObject({
      ...{ opened: false, code: 'wrongShare', failedPairs: [[1, 2]] },
    });
    const opening = await open(liar, [0, 1, 2], { receivedHash });
    expect(opening).toMatchObject({ opened: true, pair: [0, 1], failedPairs: [[1, 2]] });
    expect(opening.opened && new TextDecoder().decode(opening.content)).toBe(PRICE);
  });

  it('that one officer alone calls wrapped wrongly is not held against its bidder', async () => {
    const [own, other] = await shares(sealed, [0]);
    if (!own || !other) throw new Error('no halves');
    const { suite, envelopeHash, pair, from } = own;
    const saying = { suite, kind: 'wrong-half', envelopeHash, pair, from, problem: 'wrongShare' };
    const rest = await shares(sealed, [1, 2]);
    const facts = { context, receivedHash: await hashOfEnvelope(sealed) };
    expect(await openEnvelope(sealed, [saying, other, ...rest.slice(0, 2)], facts)).toEqual({
      opened: false,
      code: 'wrongShare',
      fault: 'other',
      failedPairs: [[0, 1]],
    });
    expect(await openEnvelope(sealed, [saying, other, ...rest], facts)).toMatchObject({
      opened: true,
      pair: [0, 2],
      failedPairs: [[0, 1]],
    });
  });

  it('has been handed over by an officer when both halves are its own, or are said to be wrong', async () => {
    const [own, other] = await shares(sealed, [0]);
    if (!own || !other) throw new Error('no halves');
    const { suite, envelopeHash, pair, from } = own;
    const saying = { suite, kind: 'wrong-half', envelopeHash, pair, from, problem: 'wrongShare' };
    // As they come back from where they were kept.
    expect(await isHandedOver(copy(), 0, structuredClone([own, other]))).toBe(true);
    expect(await isHandedOver(sealed, 0, [saying, other])).toBe(true);
    const wrong = { ...own, half: toBase64Url(crypto.getRandomValues(new Uint8Array(32))) };
    const foreign = await shares(await sealEnvelope(context, price, keys), [0]);
    for (const [place, handed] of [
      [0, []],
      [0, [own]],
      [0, [own, own]],
      [0, [wrong, other]],
      [0, [own, other, saying]],
      [0, [own, { ...other, kind: 'any' }]],
      [0, foreign],
      [1, [own, other]],
    ] as const)
      expect(await isHandedOver(sealed, place, handed)).toBe(false);
  });

  /** The same label sealed once more: its halves are wrapped for another commitment. */
  const sealEnvelopeWithHalvesOf = ({ context: same }: Envelope) =>
    sealEnvelope(same, new TextEncoder().encode('{"priceFen":"1"}'), keys);

  it('holds its bidder to what was committed, whoever attends', async () => {
    const { lying, halves } = await committedToSomethingElse(context, keys);
    const opening = await openEnvelope(lying, halves, {
      context,
      receivedHash: await hashOfEnvelope(lying),
    });
    expect(opening).toEqual({
      opened: false,
      code: 'commitmentMismatch',
      fault: 'bidder',
      failedPairs: [[0, 1]],
    });
  });

  it('an officer who hands over a wrong half cannot put the blame on the bidder', async () => {
    const [own] = await shares(sealed, [0]);
    const [honest] = await shares(sealed, [1]);
    const wrong = { ...own, half: toBase64Url(crypto.getRandomValues(new Uint8Array(32))) };
    expect(
      await openEnvelope(sealed, [wrong, honest], {
        context,
        receivedHash: await hashOfEnvelope(sealed),
      }),
    ).toMatchObject({ opened: false, code: 'wrongShare', fault: 'other' });
  });

  it('is not for an officer it was not sealed to', async () => {
    const stranger = await officer();
    await expect(unwrapShares(sealed, stranger.unlocked)).rejects.toMatchObject({
      code: 'wrongKey',
    });
  });

  it.each<[string, unknown, string]>([
    ['nothing', null, 'malformed'],
    ['a list', [], 'malformed'],
    ['another suite', { suite: 'sm-1' }, 'otherSuite'],
    ['a field too many', { extra: 1 }, 'malformed'],
    ['a nonce of another length', { nonce: 'AAAA' }, 'malformed'],
    ['letters that are no base64url', { nonce: '+'.repeat(16) }, 'malformed'],
    ['a number for a text', { commitment: 7 }, 'malformed'],
    ['an id that is none', { context: { ...context, tenderId: '../etc' } }, 'malformed'],
    ['two officers', { officers: ['a', 'b'] }, 'malformed'],
  ])('is refused, and never crashes the reader, when it is %s', async (_name, change, code) => {
    const broken = isPlain(change) ? { ...copy(), ...change } : change;
    const unlocked = officers[0]?.unlocked;
    if (!unlocked) throw new Error('no officer');
    await expect(unwrapShares(broken, unlocked)).rejects.toMatchObject({
      name: 'SealProblem',
      code,
    });
  });

  it('takes 20 MB and not a byte more, from three different officers', async () => {
    await expect(sealEnvelope(context, new Uint8Array(MOST_BYTES + 1), keys)).rejects.toMatchObject(
      { code: 'tooLarge' },
    );
    const [first] = keys;
    if (!first) throw new Error('no key');
    await expect(sealEnvelope(context, price, [first, first, first])).rejects.toMatchObject({
      code: 'malformed',
    });
    await expect(sealEnvelope(context, price, keys.slice(0, 2))).rejects.toMatchObject({
      code: 'malformed',
    });
  });
});

describe('an officer’s key', () => {
  it('opens with its passphrase only, and takes none of fewer than twelve letters', async () => {
    const { privateKey } = await generateOfficerKey(PASSPHRASE);
    await expect(unlockOfficerKey(privateKey, `${PASSPHRASE} `)).rejects.toMatchObject({
      code: 'wrongKey',
    });
    await expect(generateOfficerKey('short')).rejects.toMatchObject({ code: 'malformed' });
    expect(JSON.stringify(privateKey)).not.toContain(PASSPHRASE);
    expect(privateKey.suite).toBe(SUITE);
  });

  it('is not taken under a fingerprint that is not its own', async () => {
    const { publicKey } = await generateOfficerKey(PASSPHRASE);
    const renamed = { ...publicKey, fingerprint: `sha256:${'0'.repeat(64)}` };
    await expect(parseOfficerPublicKey(renamed)).rejects.toMatchObject({ code: 'malformed' });
    expect(await parseOfficerPublicKey(publicKey)).toEqual(publicKey);
  });

  it('is not opened with fewer rounds than its maker used, nor with another’s name', async () => {
    const { privateKey } = await generateOfficerKey(PASSPHRASE);
    const weak = { ...privateKey, kdf: { ...privateKey.kdf, rounds: 1 } };
    await expect(unlockOfficerKey(weak, PASSPHRASE)).rejects.toMatchObject({ code: 'malformed' });
    const renamed = { ...privateKey, fingerprint: `sha256:${'0'.repeat(64)}` };
    await expect(unlockOfficerKey(renamed, PASSPHRASE)).rejects.toMatchObject({ code: 'wrongKey' });
  });
});

const isPlain = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a dishonest bidder's own program could make: everything right, but the commitment of other content. */
async function committedToSomethingElse(of: EnvelopeContext, keys: OfficerPublicKey[]) {
  const { boundTo } = await import('./envelope.js');
  const { encrypt } = await import('./cipher.js');
  const { randomBytes, sha256, xor } = await import('./bytes.js');
  const honest = await sealEnvelope(of, price, keys);
  const lying = { ...structuredClone(honest), commitment: `sha256:${'1'.repeat(64)}` };
  const key = randomBytes(32);
  const plain = new Uint8Array(4096);
  plain.set(price, 36);
  new DataView(plain.buffer).setUint32(32, price.length);
  lying.ciphertext = toBase64Url(
    await encrypt(key, fromBase64Url(lying.nonce), boundTo(lying), plain),
  );
  const first = randomBytes(32);
  const parts = [first, xor(first, key)];
  for (const [side, half] of parts.entries()) {
    const mine = lying.halves[side];
    if (mine) mine.check = await sha256(half);
  }
  const envelopeHash = await hashOfEnvelope(lying);
  const halves = parts.map((half, from) => ({
    suite: SUITE,
    kind: 'share',
    envelopeHash,
    pair: [0, 1],
    from,
    half: toBase64Url(half),
  }));
  return { lying, halves };
}
