import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  client_slug_taken: { status: 409, message: 'Another client has this slug.' },
  default_client_required: {
    status: 409,
    message: 'The default client cannot be disabled: the direct paths are its own.',
  },
});
