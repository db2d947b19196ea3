/**
 * Merkle logs: the tree over an append-only list (RFC 6962 §2.1), its proofs, and the signed notes and checkpoints that verifiers pass
 * around (C2SP signed-note, tlog-checkpoint). Pure arithmetic and signatures; what is logged, and where, is somebody else's business.
 */
export { type Checkpoint, signCheckpoint, verifyCheckpoint } from './checkpoint.ts';
export { leafHash, nodeHash, splitOf, verifyConsistency, verifyInclusion } from './merkle.ts';
export { readVerifierKey, signNote, type VerifierKey, verifyNote, writeVerifierKey } from './signed-note.ts';
export { createTreeWalker, peaksOf, type TreeWalker } from './tree-walker.ts';
