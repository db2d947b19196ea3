import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  user_not_found: { status: 404, message: 'There is no such user.' },
  user_exists: { status: 409, message: 'A user of this client has that address already.' },
});
