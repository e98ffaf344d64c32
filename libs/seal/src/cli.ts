import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  contentHashOf,
  type EnvelopeContext,
  type EnvelopeKind,
  generateOfficerKey,
  hashOfEnvelope,
  openEnvelope,
  parseEnvelope,
  type OfficerPublicKey,
  SealProblem,
  sealEnvelope,
  unlockOfficerKey,
  unwrapShares,
  verifyChain,
  verifyReceipt,
} from './index.js';
import { LEAST_PASSPHRASE } from './officer-key.js';
import { json } from './shape.js';

/**
 * `npm run seal`: the same code as in the browser, for a bidder or an opening officer on a machine of
 * their own. Nothing is sent anywhere. Exit codes: 0 done, 1 refused, 2 used wrongly.
 */
const HELP = `用法 Usage: npm run seal -- <command> …

keygen          --out <name>                       为开标人员生成密钥对 an officer's key pair:
                [--passphrase-file <file>]         <name>.key.json 自己保管 stays with you, <name>.pub.json 交出 is handed over
seal            --tender --lot --bidder --version  密封一份投标文件 seals one envelope of a bid
                --envelope qualification|price|finalOffer --officer <pub.json> (3 times) --in <file> --out <file>
unwrap          --key <key.json> --in <envelope>   开标人员交出自己的份额 an officer's halves for the opening
                --out <shares.json> [--passphrase-file <file>]
open            --in <envelope> --shares <file> (2 or 3 times) --out <file>
                [--received-hash <sha256:…>]       两人合开 two officers open it; the hash is the envelope's when it came
hash            --qualification <envelope> --price <envelope>
                                                   投标回执所载的哈希 the contentHash that the receipt of a bid names
hash            --in <envelope>                    单个信封的哈希 of one envelope; the receipt of a final offer names it
verify-receipt  --in <receipt> --public-key <key>  核对回执 was it the platform that gave this receipt
verify-chain    --in <receipts> --public-key <key> 核对全部回执 are all receipts of a tender there, in order
                                                   公钥可为文件，可重复 the key, or a file with it; several where it was changed

口令不从命令行读取：用 --passphrase-file，或从标准输入读一行。
A passphrase is never taken from the command line: name a file, or give one line on standard input.
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    tender: { type: 'string' },
    lot: { type: 'string' },
    bidder: { type: 'string' },
    version: { type: 'string', default: '1' },
    envelope: { type: 'string' },
    officer: { type: 'string', multiple: true, default: [] },
    shares: { type: 'string', multiple: true, default: [] },
    key: { type: 'string' },
    in: { type: 'string' },
    out: { type: 'string' },
    'passphrase-file': { type: 'string' },
    'received-hash': { type: 'string' },
    qualification: { type: 'string' },
    price: { type: 'string' },
    'public-key': { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

class UsedWrongly extends Error {}
/** Said in full, in both languages: nothing is to be added. */
class Refused extends Error {}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;
const taken = (file: string): Refused =>
  new Refused(
    `文件 ${file} 已存在，不会覆盖；请换一个名称。 ${file} is there already and is not written over: give another name.`,
  );

function needed(
  name: 'tender' | 'lot' | 'bidder' | 'envelope' | 'key' | 'in' | 'out' | 'qualification' | 'price',
) {
  const value = values[name];
  if (!value) throw new UsedWrongly(`--${name}`);
  return value;
}

function publicKeys(): string[] {
  if (values['public-key'].length === 0) throw new UsedWrongly('--public-key');
  // The key as the platform gives it, or a file that holds it.
  return values['public-key'].map((given) =>
    existsSync(given) ? read(given).toString('utf8').trim() : given,
  );
}

const readJson = (file: string): unknown => json(read(file).toString('utf8'), file);

/** Never over a file that is there: a key or a sealed bid must not be lost by a slip. */
const write = (file: string, content: string | Uint8Array, mode = 0o644): void => {
  try {
    writeFileSync(file, content, { flag: 'wx', mode });
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
    throw taken(file);
  }
};
const writeJson = (file: string, value: unknown, mode?: number): void =>
  write(file, `${JSON.stringify(value, null, 2)}\n`, mode);

function read(file: string) {
  try {
    return readFileSync(file);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    throw new Refused(`没有文件 ${file}。 There is no file ${file}.`);
  }
}

function passphrase(): string {
  const file = values['passphrase-file'];
  const text = file === undefined ? readFileSync(0, 'utf8') : read(file).toString('utf8');
  return text.split(/\r?\n/, 1)[0] ?? '';
}

const commands: Record<string, () => Promise<void>> = {
  async keygen() {
    const name = needed('out');
    // Before anything is written: half a pair is worse than none.
    for (const file of [`${name}.key.json`, `${name}.pub.json`])
      if (existsSync(file)) throw taken(file);
    const secret = passphrase();
    if ([...secret].length < LEAST_PASSPHRASE)
      throw new Refused(
        `口令至少 ${LEAST_PASSPHRASE} 个字符。 A passphrase has at least ${LEAST_PASSPHRASE} characters.`,
      );
    const { publicKey, privateKey } = await generateOfficerKey(secret);
    writeJson(`${name}.key.json`, privateKey, 0o600);
    writeJson(`${name}.pub.json`, publicKey);
    say(publicKey.fingerprint);
  },

  async seal() {
    const context: EnvelopeContext = {
      tenderId: needed('tender'),
      lotId: needed('lot'),
      bidderId: needed('bidder'),
      bidVersion: Number(values.version),
      envelope: needed('envelope') as EnvelopeKind,
    };
    const officers = values.officer.map((file) => readJson(file) as OfficerPublicKey);
    const sealed = await sealEnvelope(context, read(needed('in')), officers);
    writeJson(needed('out'), sealed);
    say(await hashOfEnvelope(sealed));
  },

  async unwrap() {
    const key = await unlockOfficerKey(readJson(needed('key')), passphrase());
    const shares = await unwrapShares(readJson(needed('in')), key);
    writeJson(needed('out'), shares, 0o600);
    const wrong = shares.filter(({ kind }) => kind === 'wrong-half').length;
    say(
      wrong ? `${shares.length - wrong}, 份额有误 wrapped wrongly: ${wrong}` : `${shares.length}`,
    );
  },

  async open() {
    const envelope = parseEnvelope(readJson(needed('in')));
    const shares = values.shares.flatMap((file) => readJson(file));
    const opening = await openEnvelope(envelope, shares, {
      context: envelope.context,
      receivedHash: values['received-hash'] ?? (await hashOfEnvelope(envelope)),
    });
    if (!opening.opened) throw new SealProblem(opening.code, `fault: ${opening.fault}`);
    write(needed('out'), opening.content, 0o600);
    say(`${opening.pair.map((place) => place + 1).join('+')}`);
  },

  async hash() {
    const hashOf = (file: string) => hashOfEnvelope(parseEnvelope(readJson(file)));
    if (!values.qualification && !values.price) return say(await hashOf(needed('in')));
    const [qualificationHash, priceHash] = [
      await hashOf(needed('qualification')),
      await hashOf(needed('price')),
    ];
    say(await contentHashOf({ qualificationHash, priceHash }));
  },

  async 'verify-receipt'() {
    const receipt = await verifyReceipt(readJson(needed('in')), publicKeys());
    say(`${receipt.action} ${receipt.receivedAt} ${receipt.contentHash}`);
  },

  async 'verify-chain'() {
    const receipts = readJson(needed('in'));
    if (!Array.isArray(receipts)) throw new SealProblem('malformed', 'receipts');
    await verifyChain(receipts, publicKeys());
    say(`${receipts.length}`);
  },
};

const command = Object.hasOwn(commands, positionals[0] ?? '')
  ? commands[positionals[0] ?? '']
  : null;
if (!command || values.help) {
  process.stdout.write(HELP);
  process.exit(values.help ? 0 : 2);
}
try {
  process.chdir(process.env.SEAL_FOLDER ?? '.');
  await command();
} catch (error) {
  if (!(error instanceof Error)) throw error;
  process.stderr.write(
    `${error instanceof UsedWrongly ? `缺少 missing: ${error.message}` : error.message}\n`,
  );
  process.exit(error instanceof UsedWrongly ? 2 : 1);
}
