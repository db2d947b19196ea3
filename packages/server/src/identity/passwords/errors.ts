import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  password_refused: { status: 400, message: 'That password cannot be used; choose another one.' },
});
