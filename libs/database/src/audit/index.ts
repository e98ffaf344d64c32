export { MUTATIONS, OUTBOX, type SealedSource } from './sealed-source.js';
export { Sealer, type SealerOptions } from './sealer.js';
export { auditChecks } from './audit-checks.js';
export {
  type AuditKey,
  auditKeyId,
  type Head,
  headsAreSigned,
  type SignedHeads,
  signHeads,
} from './heads.js';
