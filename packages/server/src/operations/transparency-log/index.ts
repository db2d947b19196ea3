/**
 * The transparency log: a Merkle tree over the audit log (RFC 6962 hashing), so that a stranger with a public key can tell whether
 * anything was changed, removed, reordered or cut off. Writers never wait for it: a sealer gives committed events their place in
 * the sequence within a second. Each sealing ends in a signed checkpoint in the form other logs use (C2SP tlog-checkpoint), which
 * witnesses outside keep.
 */
export { ensureAuditKey, listAuditKeys } from './audit-keys.ts';
export { type Checkpoint, verifyCheckpoint } from './checkpoint.ts';
export { createSealer, type Sealer, type SealerDeps } from './create-sealer.ts';
export { leafHash, verifyConsistency, verifyInclusion } from './merkle.ts';
export { proveConsistency, proveInclusion } from './prove.ts';
export { readVerifierKey, type VerifierKey } from './signed-note.ts';
export { findCheckpoint, findLeaf, findNewestCheckpoint } from './store.ts';
