/** Why a call failed; only `missing_session` and `request_failed` with a 401 say anything about being signed in. */
export type GatehouseSdkErrorCode =
  | 'sdk_init_failed'
  | 'missing_session'
  | 'request_failed'
  | 'webauthn_cancelled'
  | 'webauthn_unsupported'
  | 'webauthn_failed';

/** What is known beyond the code. A `request_failed` without `status` never reached the server or got no answer. */
export type GatehouseSdkErrorDetails = {
  readonly status?: number;
  /** The server's error code, or the name of the browser's own error. */
  readonly error?: string;
  readonly cause?: unknown;
};

/** The one error this SDK throws. */
export class GatehouseSdkError extends Error {
  override readonly name = 'GatehouseSdkError';
  readonly code: GatehouseSdkErrorCode;
  readonly status: number | undefined;
  readonly error: string | undefined;

  constructor(code: GatehouseSdkErrorCode, message: string, details: GatehouseSdkErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.error = details.error;
  }
}

const sessionOverErrors: readonly unknown[] = ['session_invalidated', 'refresh_token_reused', 'invalid_refresh_token'];

/** Whether the server refused with 401, for whatever reason. */
export function isUnauthorized(error: unknown): error is GatehouseSdkError {
  return error instanceof GatehouseSdkError && error.status === 401;
}

/** Whether the server said that the session has ended. Nothing else may sign anybody out. */
export function isSessionOver(error: unknown): boolean {
  return isUnauthorized(error) && sessionOverErrors.includes(error.error);
}
