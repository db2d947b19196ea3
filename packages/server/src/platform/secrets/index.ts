/**
 * Secrets: what is kept at rest is sealed with AES-256-GCM, what is handed to callers is kept only as a hash.
 * All keys derive from one master secret by HKDF (RFC 5869) with a label of their own, so that no two uses share a key.
 */
export { type CallerSecret, callerSecret, parseCallerSecret } from './caller-secret.ts';
export { ensureKeyFile, KeyFileProblem, readKeyFile } from './key-file.ts';
export { hashSecret, randomCode, randomSecret, sameSecret } from './random.ts';
export { createVault, openWithSecret, sealWithSecret, UnreadableSecret, type Vault } from './vault.ts';
