/** Why an address was not fetched, or its answer not taken. */
export type FetchRefusalCode =
  | 'url_invalid'
  | 'scheme_refused'
  | 'credentials_refused'
  | 'port_refused'
  | 'header_refused'
  | 'address_refused'
  | 'host_not_found'
  | 'timed_out'
  | 'answer_too_large'
  | 'connection_failed';

/** Thrown for everything that keeps a fetch from having an answer. The message names neither address nor path. */
export class FetchRefusal extends Error {
  readonly code: FetchRefusalCode;

  constructor(code: FetchRefusalCode, message: string) {
    super(message);
    this.name = 'FetchRefusal';
    this.code = code;
  }
}
