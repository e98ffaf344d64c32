import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Everything that is derived from the one secret of this service: the key that encrypts what lies in the
 * database, the key that hashes ids there, and the key that signs cookies.
 */
export class SecretBox {
  private readonly sealKey: Buffer;
  private readonly hashKey: Buffer;
  readonly cookieKey: string;

  constructor(secret: string) {
    const key = (purpose: string): Buffer =>
      Buffer.from(hkdfSync('sha256', secret, 'mulin-identity', purpose, 32));
    this.sealKey = key('seal');
    this.hashKey = key('hash');
    this.cookieKey = key('cookie').toString('base64url');
  }

  /** AES-256-GCM. `purpose` is bound to the text: what was sealed for one row does not open as another. */
  seal(text: string, purpose: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.sealKey, nonce).setAAD(Buffer.from(purpose));
    const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url');
  }

  /** The text, or null when it was sealed with another secret, for another purpose, or was altered. */
  open(sealed: string, purpose: string): string | null {
    const bytes = Buffer.from(sealed, 'base64url');
    if (bytes.length < NONCE_BYTES + TAG_BYTES) return null;
    const tagAt = bytes.length - TAG_BYTES;
    const decipher = createDecipheriv('aes-256-gcm', this.sealKey, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
      .setAAD(Buffer.from(purpose))
      .setAuthTag(bytes.subarray(tagAt));
    try {
      const text = Buffer.concat([
        decipher.update(bytes.subarray(NONCE_BYTES, tagAt)),
        decipher.final(),
      ]);
      return text.toString('utf8');
    } catch {
      return null;
    }
  }

  /** Keyed, so that a copy of the database does not even let ids be tried out. */
  hash(text: string): string {
    return createHmac('sha256', this.hashKey).update(text).digest('base64url');
  }
}
