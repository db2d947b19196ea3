import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  invalid_admin_credentials: { status: 401, message: 'That address and password do not fit together.' },
  invalid_admin_challenge: { status: 401, message: 'This sign-in took too long or is over; start again.' },
  invalid_admin_factor: { status: 401, message: 'That code is not right, or was used before.' },
  invalid_invitation: { status: 400, message: 'This invitation was used, withdrawn, or is older than seven days.' },
});
