import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import {
  firstHashOf,
  generateReceiptKey,
  hashOfReceipt,
  receiptKeyId,
  type Receipt,
  signReceipt,
  verifyChain,
  verifyReceipt,
} from './index.js';

describe('the receipts of a tender', () => {
  const tenderId = newId('ten');
  let keys: { publicKey: string; privateKey: string };
  let chain: Receipt[];

  const next = async (previous: Receipt | undefined, contentHash: string) =>
    signReceipt(
      {
        tenderId,
        action: 'submitted',
        contentHash,
        receivedAt: '2026-11-24T02:00:00.000Z',
        previousHash: previous ? await hashOfReceipt(previous) : await firstHashOf(tenderId),
      },
      keys,
    );
  beforeAll(async () => {
    keys = await generateReceiptKey();
    chain = [];
    for (const digit of ['a', 'b', 'c']) {
      chain.push(await next(chain.at(-1), `sha256:${digit.repeat(64)}`));
    }
  });
  const failure = (receipts: readonly unknown[]) =>
    verifyChain(receipts, keys.publicKey).then(
      () => null,
      (error: { code: string; where: string }) => [error.code, error.where],
    );

  it('prove what was handed in, when, and after what', async () => {
    expect(await failure(chain)).toBeNull();
    expect(await verifyReceipt(chain[1], keys.publicKey)).toEqual(chain[1]);
  });

  it('show the first one that was changed, left out or put elsewhere', async () => {
    const [first, second, third] = chain;
    const later = { ...second, receivedAt: '2026-11-24T02:00:00.001Z' };
    expect(await failure([first, later, third])).toEqual(['signatureInvalid', 'receipt 2']);
    expect(await failure([first, third])).toEqual(['chainBroken', 'receipt 2']);
    expect(await failure([second, first, third])).toEqual(['chainBroken', 'receipt 1']);
  });

  it('show two stories that the platform itself signed, and receipts of another tender', async () => {
    const [first, second] = chain;
    const other = await next(undefined, `sha256:${'d'.repeat(64)}`);
    expect(await failure([other, second])).toEqual(['chainBroken', 'receipt 2']);
    const moved = await signReceipt({ ...facts(second), tenderId: newId('ten') }, keys);
    expect(await failure([first, moved])).toEqual(['chainBroken', 'receipt 2']);
  });

  it('do not say how many came before, so that nobody learns how many bid', () => {
    expect(Object.keys(chain[2] ?? {}).sort()).toEqual(Object.keys(chain[0] ?? {}).sort());
    expect(JSON.stringify(chain[2])).not.toContain('position');
  });

  it('cannot be given by anyone but the platform', async () => {
    const others = await generateReceiptKey();
    const forged = await signReceipt({ ...facts(chain[0]) }, others);
    await expect(verifyReceipt(forged, keys.publicKey)).rejects.toMatchObject({
      code: 'signatureInvalid',
    });
  });

  it('name their key, so that the chain holds when the platform changes it in the middle of a tender', async () => {
    const newer = await generateReceiptKey();
    const after = await signReceipt(
      {
        ...facts(chain[2]),
        previousHash: await hashOfReceipt(chain[2] ?? never()),
      },
      newer,
    );
    const both = [keys.publicKey, newer.publicKey];
    await verifyChain([...chain, after], both);
    expect(after.keyId).toBe(await receiptKeyId(newer.publicKey));
    expect(await failure([...chain, after])).toEqual(['signatureInvalid', 'receipt 4']);
    // The key that is named counts, and no other.
    await expect(
      verifyReceipt({ ...after, keyId: await receiptKeyId(keys.publicKey) }, both),
    ).rejects.toMatchObject({ code: 'signatureInvalid' });
  });

  it('from before keys had names are verified as they are', async () => {
    const kept: Receipt = {
      suite: 'mulin-seal-1',
      kind: 'receipt',
      tenderId: 'ten_0194aaaaaaaa7000800000000000000a',
      action: 'submitted',
      contentHash: `sha256:${'a'.repeat(64)}`,
      receivedAt: '2026-11-24T02:00:00.000Z',
      previousHash: `sha256:${'b'.repeat(64)}`,
      signature:
        'mm3TQ1CdZ9mDYFF0kouATFyGpVD3dZQRqUY5OMOj1w9bQ-XcqAZvt0OIjNzOoFT5N5_DATbe37Bciiv4pwM5Bw',
    };
    expect(
      await verifyReceipt(kept, ['ziVy52uH9O1JfHiDA-M-Ed1-sAHcmRGBrKqcxlJvRJw', keys.publicKey]),
    ).toEqual(kept);
  });

  const never = (): never => {
    throw new Error('no receipt');
  };
  const facts = (receipt: Receipt | undefined) => {
    if (!receipt) throw new Error('no receipt');
    const { tenderId: tender, action, contentHash, receivedAt, previousHash } = receipt;
    return { tenderId: tender, action, contentHash, receivedAt, previousHash };
  };
});
