import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  invalid_api_key: { status: 401, message: 'The API key is not one of this server.', oauth: 'invalid_client' },
  invalid_client: { status: 401, message: 'There is no such client.', oauth: 'invalid_client' },
  client_disabled: {
    status: 403,
    message: 'This product has been switched off by its operator.',
    oauth: 'unauthorized_client',
  },
});
