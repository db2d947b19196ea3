import { defineRefusals } from '../refusals/index.ts';

/** The refusals of the ground floor itself. */
export const refusals = defineRefusals({
  invalid_request: { status: 400, message: 'The request is not in the form this address takes.' },
  not_found: { status: 404, message: 'There is nothing at this address.' },
  method_not_allowed: { status: 405, message: 'This address does not answer to that method.' },
  body_too_large: { status: 413, message: 'The body of the request is larger than this server takes.' },
  unsupported_media_type: { status: 415, message: 'Send the body as application/json.' },
  cross_site_request: { status: 403, message: 'This request came from a page that may not make it.' },
  temporarily_unavailable: {
    status: 503,
    message: 'The server cannot do this right now. Try again shortly.',
  },
  internal_error: { status: 500, message: 'Something went wrong on our side. Nothing you did; try again.' },
});
