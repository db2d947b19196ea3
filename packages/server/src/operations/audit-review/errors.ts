import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  audit_event_not_found: { status: 404, message: 'There is no such event.' },
});
