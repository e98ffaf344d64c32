import { defineEvent } from './event-type.js';
import { count, instant, list, object, sha256, word } from './parts.js';

export interface AuditHead {
  stream: string;
  number: number;
  rows: number;
  hash: string;
  sealedAt: string;
}

export interface AuditSealedPayload {
  service: string;
  heads: AuditHead[];
  keyId: string;
  signature: string;
}

const WORDS = ['payments', 'contracts'];
const head = object<AuditHead>({
  stream: word(['outbox', 'audit', 'transfer', 'decision'], 'Which table was sealed.'),
  number: { ...count('The newest seal of the stream.'), maximum: 1_000_000_000_000 },
  rows: { ...count('Rows sealed so far.', 0), maximum: 1_000_000_000_000 },
  hash: sha256('Hash of that seal.'),
  sealedAt: instant('When it was sealed.'),
});

export const AuditSealed = defineEvent<AuditSealedPayload>({
  name: 'audit.sealed',
  version: 1,
  aggregate: 'audit',
  source: '/audit',
  topic: 'mulin.audit.events.v1',
  key: (payload) => payload.service,
  subject: (payload) => payload.service,
  title: 'A service sealed its record',
  description:
    'The newest seals of a service’s record, signed. Keep them where the service cannot reach: whoever rewrites its database, seals and all, cannot make them come out the same. It belongs to no street (000000000).',
  article: '会计档案管理办法 art. 8(4)',
  schema: object<AuditSealedPayload>({
    service: word(WORDS, 'Whose record.'),
    heads: list(head, 'One for each stream.', { minItems: 1 }),
    keyId: sha256('Of the raw public key that verifies the signature.'),
    signature: {
      type: 'string',
      pattern: '^[A-Za-z0-9_-]{86}$',
      description: 'Ed25519 over the canonical JSON of the other fields and a kind, base64url.',
    },
  }),
  good: {
    service: 'payments',
    heads: [
      {
        stream: 'transfer',
        number: 12,
        rows: 4711,
        hash: `sha256:${'a'.repeat(64)}`,
        sealedAt: '2026-11-28T02:00:00.000Z',
      },
    ],
    keyId: `sha256:${'b'.repeat(64)}`,
    signature: 'c'.repeat(86),
  },
  bad: {
    payload: { service: 'payments', heads: [], keyId: 'mine', signature: '' },
    because: 'it tells no seal, and nobody signed it',
  },
});
