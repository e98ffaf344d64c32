import { defineEvent } from './event-type.js';
import { instant, list, object, sha256, word } from './parts.js';

export interface AuditHead {
  stream: string;
  hash: string;
}

export interface AuditSealedPayload {
  service: string;
  toldAt: string;
  heads: AuditHead[];
  keyId: string;
  signature: string;
}

const WORDS = ['payments', 'contracts'];
const head = object<AuditHead>({
  stream: word(['outbox', 'audit', 'transfer', 'decision'], 'Which table was sealed.'),
  hash: sha256('Hash of its newest seal.'),
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
    'The newest seals of a service’s record, signed. Keep them where the service cannot reach: whoever rewrites its database, seals and all, cannot make them come out the same. How many rows there were is not told: before a deadline nobody may learn how many bid. It belongs to no street (000000000).',
  article: '会计档案管理办法 art. 8(4)',
  schema: object<AuditSealedPayload>({
    service: word(WORDS, 'Whose record.'),
    toldAt: instant('When they were told, by the database’s real clock.'),
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
    toldAt: '2026-11-28T02:00:00.000Z',
    heads: [{ stream: 'transfer', hash: `sha256:${'a'.repeat(64)}` }],
    keyId: `sha256:${'b'.repeat(64)}`,
    signature: 'c'.repeat(86),
  },
  bad: {
    payload: {
      service: 'payments',
      toldAt: '2026-11-28T02:00:00.000Z',
      heads: [],
      keyId: 'mine',
      signature: '',
    },
    because: 'it tells no seal, and nobody signed it',
  },
});
