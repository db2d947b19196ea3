/**
 * The transparency log: a Merkle tree over the audit log (RFC 6962 hashing), so that a stranger with a public key can tell whether
 * anything was changed, removed, reordered or cut off. Writers never wait for it: a sealer gives committed events their place in
 * the sequence within a second. Each sealing ends in a signed checkpoint in the form other logs use (C2SP tlog-checkpoint), which
 * witnesses outside keep.
 */
export { type AuditKey, ensureAuditKey, listAuditKeys, openAuditKey } from './audit-keys.ts';
export { createSealer, type Sealer, type SealerDeps } from './create-sealer.ts';
export { proveConsistency, proveInclusion } from './prove.ts';
export { purgeLeaves } from './purge-leaves.ts';
export { readLog } from './read-log.ts';
export {
  findCheckpoint,
  findLeaf,
  findNewestCheckpoint,
  listLeaves,
  listLeavesOfUser,
  listPurges,
  treeSize,
} from './store.ts';
export { verifyDatabase } from './verify-database.ts';
export { type ExportVerdict, type Trusted, verifyExport } from './verify-export.ts';
export type { LogVerdict } from './verify-log.ts';
