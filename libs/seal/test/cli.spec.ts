import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import { newId } from '@mulin/ids';
import { firstHashOf, generateReceiptKey, signReceipt } from '@mulin/seal';

const COMMAND = join(process.cwd(), 'infra/dev/seal.mjs');

describe('npm run seal, on a machine of one’s own', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mulin-seal-'));
    writeFileSync(join(folder, 'passphrase'), 'open it with two people\n');
    writeFileSync(join(folder, 'price.json'), '{"priceFen":"28765432"}');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [COMMAND, ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, stdout: stdout.trim(), stderr: stderr.trim() };
  };
  const secret = ['--passphrase-file', 'passphrase'];
  const bid = ['--tender', newId('ten'), '--lot', newId('lot'), '--bidder', newId('org')];

  it('three officers make keys, a bidder seals, two officers open', () => {
    for (const name of ['a', 'b', 'c']) {
      const made = run('keygen', '--out', name, ...secret);
      expect(made).toMatchObject({ status: 0, stderr: '' });
      expect(made.stdout).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(statSync(join(folder, `${name}.key.json`)).mode & 0o777).toBe(0o600);
    }
    const officers = ['a', 'b', 'c'].flatMap((name) => ['--officer', `${name}.pub.json`]);
    const kind = ['--envelope', 'price', '--in', 'price.json', '--out', 'bid.json'];
    const sealed = run('seal', ...bid, ...kind, ...officers);
    expect(sealed).toMatchObject({ status: 0, stderr: '' });
    expect(run('hash', '--in', 'bid.json').stdout).toBe(sealed.stdout);
    for (const name of ['a', 'c']) {
      const files = [
        '--key',
        `${name}.key.json`,
        '--in',
        'bid.json',
        '--out',
        `${name}.shares.json`,
      ];
      expect(run('unwrap', ...files, ...secret)).toMatchObject({ status: 0, stdout: '2' });
    }
    const alone = run('open', '--in', 'bid.json', '--shares', 'a.shares.json', '--out', 'x');
    expect(alone).toMatchObject({ status: 1, stderr: 'wrongPair: fault: other' });
    const both = ['--shares', 'a.shares.json', '--shares', 'c.shares.json'];
    expect(run('open', '--in', 'bid.json', ...both, '--out', 'opened.json')).toMatchObject({
      status: 0,
      stdout: '1+3',
    });
    expect(readFileSync(join(folder, 'opened.json'), 'utf8')).toBe('{"priceFen":"28765432"}');
  });

  it('says in both languages that a passphrase is short, a name is taken, a file is not there', () => {
    writeFileSync(join(folder, 'short'), 'elevenchars\n');
    expect(run('keygen', '--out', 's', '--passphrase-file', 'short')).toEqual({
      ...{ status: 1, stdout: '' },
      stderr: '口令至少 12 个字符。 A passphrase has at least 12 characters.',
    });
    writeFileSync(join(folder, 'taken.pub.json'), '{}');
    expect(run('keygen', '--out', 'taken', ...secret)).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(/^文件 taken.pub.json 已存在.*is there already/),
    });
    // No half of a pair was left behind.
    expect(existsSync(join(folder, 'taken.key.json'))).toBe(false);
    expect(run('hash', '--in', 'nowhere.json')).toMatchObject({
      status: 1,
      stderr: '没有文件 nowhere.json。 There is no file nowhere.json.',
    });
  });

  it('a bidder checks the receipt as the README says, and finds the own hash in it', async () => {
    const officers = ['d', 'e', 'f'].flatMap((name) => {
      run('keygen', '--out', name, ...secret);
      return ['--officer', `${name}.pub.json`];
    });
    const hashes = ['qualification', 'price'].map((envelope) => {
      const files = ['--in', 'price.json', '--out', `own-${envelope}.json`];
      return run('seal', ...bid, '--envelope', envelope, ...files, ...officers).stdout;
    });
    // As the platform computes it, written down here once more by hand.
    const contentHash = `sha256:${createHash('sha256').update(hashes.join('\n')).digest('hex')}`;
    const keys = await generateReceiptKey();
    const tenderId = bid[1] ?? '';
    const facts = { tenderId, contentHash, receivedAt: '2026-11-24T02:00:00.000Z' };
    const receipt = await signReceipt(
      { ...facts, action: 'submitted', previousHash: await firstHashOf(tenderId) },
      keys,
    );
    writeFileSync(join(folder, 'receipt.json'), JSON.stringify(receipt));
    const readme = readFileSync('libs/seal/README.md', 'utf8');
    const [, block = ''] = /```sh\n([\s\S]*?)```/.exec(readme) ?? [];
    const said = block
      .trim()
      .split('\n')
      .map((line) =>
        run(
          ...line
            .replace('npm run seal -- ', '')
            .replace(/(qualification|price)\.json/g, 'own-$1.json')
            .replace('PUBLIC_KEY', keys.publicKey)
            .split(' '),
        ),
      );
    expect(said).toEqual([
      { status: 0, stderr: '', stdout: contentHash },
      { status: 0, stderr: '', stdout: `submitted 2026-11-24T02:00:00.000Z ${contentHash}` },
    ]);
    // The key may stand in a file, too.
    writeFileSync(join(folder, 'platform.key'), `${keys.publicKey}\n`);
    expect(
      run('verify-receipt', '--in', 'receipt.json', '--public-key', 'platform.key'),
    ).toMatchObject({ status: 0, stderr: '' });
  });

  it('never writes over a file, and says what is missing', () => {
    expect(run('keygen', '--out', 'a', ...secret)).toMatchObject({ status: 1 });
    expect(run('seal', '--tender', newId('ten'))).toEqual({
      status: 2,
      stdout: '',
      stderr: '缺少 missing: --lot',
    });
    expect(run('conjure')).toMatchObject({ status: 2 });
    expect(run('--help').stdout).toContain('verify-chain');
  });
});
