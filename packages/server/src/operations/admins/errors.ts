import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  invalid_admin_token: { status: 401, message: 'Sign in as an administrator to do this.', oauth: 'invalid_token' },
  invalid_admin_key: { status: 401, message: 'That is not the administration key of this server.' },
  admin_permission_missing: { status: 403, message: 'Your roles do not allow this.' },
  admin_step_up_required: {
    status: 403,
    message: 'This needs a recent proof of who you are: confirm with your second factor, then try again.',
  },
  client_not_found: { status: 404, message: 'There is no such client.' },
});
