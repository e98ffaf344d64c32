import { beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@mulin/ids';
import {
  firstHashOf,
  generateReceiptKey,
  hashOfReceipt,
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
      keys.privateKey,
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
    const moved = await signReceipt({ ...facts(second), tenderId: newId('ten') }, keys.privateKey);
    expect(await failure([first, moved])).toEqual(['chainBroken', 'receipt 2']);
  });

  it('do not say how many came before, so that nobody learns how many bid', () => {
    expect(Object.keys(chain[2] ?? {}).sort()).toEqual(Object.keys(chain[0] ?? {}).sort());
    expect(JSON.stringify(chain[2])).not.toContain('position');
  });

  it('cannot be given by anyone but the platform', async () => {
    const others = await generateReceiptKey();
    const forged = await signReceipt({ ...facts(chain[0]) }, others.privateKey);
    await expect(verifyReceipt(forged, keys.publicKey)).rejects.toMatchObject({
      code: 'signatureInvalid',
    });
  });

  const facts = (receipt: Receipt | undefined) => {
    if (!receipt) throw new Error('no receipt');
    const { tenderId: tender, action, contentHash, receivedAt, previousHash } = receipt;
    return { tenderId: tender, action, contentHash, receivedAt, previousHash };
  };
});
