import { defineRefusals } from '../refusals/index.ts';

export const refusals = defineRefusals({
  rate_limited: { status: 429, message: 'Too many tries from here. Wait a little, then try again.' },
});
