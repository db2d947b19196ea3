import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  invalid_access_token: { status: 401, message: 'Sign in to do this.', oauth: 'invalid_token' },
  invalid_refresh_token: {
    status: 401,
    message: 'That refresh token is not one of this server.',
    oauth: 'invalid_grant',
  },
  refresh_token_reused: {
    status: 401,
    message: 'That refresh token was used before. The session was ended to keep the account safe; sign in again.',
    oauth: 'invalid_grant',
  },
  session_invalidated: { status: 401, message: 'This session has ended; sign in again.', oauth: 'invalid_grant' },
  session_not_found: { status: 404, message: 'There is no such session.' },
  reauthentication_required: { status: 403, message: 'Sign in again to do this; the last sign-in is too long ago.' },
});
