/**
 * Passwords (D13): argon2id, at least 8 code points where a second factor is asked for, no rules of composition, no expiry; compared as a
 * whole with a list of common passwords, repeats, sequences and names. Hashing waits in one bounded queue, so that a flood of sign-ins
 * takes nothing from the rest of the server (T-086). A stored hash is sealed: the database alone cannot be guessed at offline (N-09).
 */
export { checkPassword, type PasswordCheckDeps } from './check-password.ts';
export { createPasswordHasher, type PasswordHasher } from './hash-queue.ts';
export { type PasswordProfile, requireGoodPassword } from './require-good-password.ts';
export { deletePassword, putPassword } from './store.ts';
