import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  config_locks_out: { status: 409, message: 'This change would lock people out.' },
  login_method_disabled: { status: 403, message: 'This way to sign in is switched off.' },
});
