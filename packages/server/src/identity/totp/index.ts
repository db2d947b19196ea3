/**
 * One-time codes of an authenticator app (TOTP, RFC 6238): six digits, thirty seconds, a secret of 160 bits that is sealed at rest. The code
 * of the step before, of this one and of the next is taken, each step once: whichever of many equal requests comes first has it.
 */
export { beginTotp, judgeFirstCode, type PendingTotp, putTotp, showPendingTotp } from './enrol-totp.ts';
export { deleteTotp, hasTotp } from './store.ts';
export { type TotpCheck, takeTotpCode } from './take-totp-code.ts';
