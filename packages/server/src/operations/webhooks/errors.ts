import { defineRefusals } from '../../platform/refusals/index.ts';

export const refusals = defineRefusals({
  webhook_endpoint_not_found: { status: 404, message: 'There is no such webhook endpoint.' },
  webhook_delivery_not_found: { status: 404, message: 'There is no such delivery.' },
  webhook_url_refused: { status: 400, message: 'Webhooks are not sent to this address.' },
  webhook_endpoint_limit: { status: 409, message: 'The client has as many webhook endpoints as it may have.' },
  webhook_endpoint_managed: {
    status: 409,
    message: "This endpoint is the client's webhook_url. Change it there.",
  },
});
