/** Why a mail did not leave. */
export type MailErrorCode =
  | 'mail_invalid'
  | 'mail_rejected'
  | 'mail_deferred'
  | 'mail_unreachable'
  | 'mail_timed_out'
  | 'mail_auth_failed'
  | 'mail_tls_failed';

/** A mail that was not accepted. `permanent` says that sending the same mail again cannot help. */
export class MailError extends Error {
  readonly code: MailErrorCode;
  readonly permanent: boolean;

  constructor(code: MailErrorCode, message: string, permanent: boolean) {
    super(message);
    this.name = 'MailError';
    this.code = code;
    this.permanent = permanent;
  }
}

const CONNECTION: Readonly<Record<string, [MailErrorCode, string]>> = {
  EAUTH: ['mail_auth_failed', 'The mail server refused the user name or password.'],
  ENOAUTH: ['mail_auth_failed', 'The mail server offers no way to sign in.'],
  ETLS: ['mail_tls_failed', 'No secure connection to the mail server could be made.'],
  ETIMEDOUT: ['mail_timed_out', 'The mail server did not answer in time.'],
};

/** Sorts what a mail library throws. The message is ours: the server's own may quote an address or a credential. */
export function classifyMailError(error: unknown): MailError {
  if (error instanceof MailError) return error;
  const { code, responseCode } = (error ?? {}) as { code?: unknown; responseCode?: unknown };
  const known = CONNECTION[String(code)];
  // Credentials and certificates are put right by an operator, so the mail is worth another try.
  if (known) return new MailError(known[0], known[1], false);
  const reply = typeof responseCode === 'number' ? responseCode : 0;
  if (reply >= 500) return new MailError('mail_rejected', `The mail server rejected the mail (${reply}).`, true);
  if (reply >= 400) return new MailError('mail_deferred', `The mail server put the mail off (${reply}).`, false);
  return new MailError('mail_unreachable', 'The mail server could not be reached.', false);
}
