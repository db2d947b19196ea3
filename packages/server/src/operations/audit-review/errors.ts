import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  audit_event_changed: {
    status: 409,
    message:
      'An event whose retention is over is not the one that was sealed. Verify the log before anything is removed.',
  },
  audit_event_not_found: { status: 404, message: 'There is no such event.' },
});
