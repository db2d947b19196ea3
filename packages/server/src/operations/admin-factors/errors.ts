import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  wrong_current_password: { status: 401, message: 'That is not your current password.' },
});
