import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  invalid_email_otp: { status: 401, message: 'That code is not right, or no longer works.' },
  smtp_not_configured: { status: 503, message: 'This server cannot send mail yet; its operator has to configure it.' },
});
