/**
 * E-mail codes: six digits, ten minutes, five guesses, one use. A new code voids the one before but never resets the count of wrong
 * guesses (NIST SP 800-63B-4 §3.1.3.2). Addresses known and unknown are answered alike: the user is made when a code proves the address.
 */

export { type EmailCodeLimits, emailCodeLimits } from './limits.ts';
export { registerCodeMail } from './register-code-mail.ts';
export { type EmailCodesDeps, emailCodeRoutes } from './routes.ts';
export { type SendEmailCodeDeps, sendEmailCode } from './send-email-code.ts';
export { forgetAddress, forgetExpired, forgiveFailures } from './store.ts';
export { type VerifyEmailCodeDeps, verifyEmailCode } from './verify-email-code.ts';
