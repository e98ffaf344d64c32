export { MUTATIONS, OUTBOX, RECORD, type SealedSource } from './sealed-source.js';
export { Sealer, type SealerOptions } from './sealer.js';
export { auditChecks } from './audit-checks.js';
export { type AuditKey, type Head, type SignedHeads, signHeads } from './heads.js';
export { type BrokenHead, brokenHeads, type ToldHeads } from './told-heads.js';
export { reseal } from './reseal.js';
