/** Why a token was not accepted. Only `keys_unavailable` is not the caller's fault: answer it with 503. */
export type TokenErrorCode =
  | 'token_missing'
  | 'token_malformed'
  | 'token_expired'
  | 'token_signature_invalid'
  | 'token_claims_invalid'
  | 'keys_unavailable';

/** The one error that `verify` rejects with. Its message never contains any part of the token. */
export class TokenError extends Error {
  readonly code: TokenErrorCode;

  constructor(code: TokenErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TokenError';
    this.code = code;
  }
}
