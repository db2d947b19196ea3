import type { Setting } from './setting.ts';

/** Webhooks. */
export const deliverySettings = [
  {
    key: 'webhooks.timeout',
    env: ['WEBHOOK_TIMEOUT'],
    kind: 'duration',
    min: 1,
    max: 30,
    default: '5s',
    example: '10s',
    description: 'How long one attempt to deliver a webhook may take.',
  },
  {
    key: 'webhooks.retryHours',
    env: ['WEBHOOK_RETRY_HOURS'],
    kind: 'integer',
    min: 1,
    max: 720,
    default: '72',
    example: '24',
    description: 'Hours for which the delivery of a webhook is tried before it becomes a dead letter.',
  },
  {
    key: 'webhooks.retryAttempts',
    env: ['WEBHOOK_RETRY_ATTEMPTS'],
    kind: 'integer',
    min: 1,
    max: 100,
    example: '10',
    description:
      'Attempts after which a webhook becomes a dead letter even if its hours are not over. Without it only the hours count.',
  },
  {
    key: 'webhooks.concurrency',
    env: ['WEBHOOK_CONCURRENCY'],
    kind: 'integer',
    min: 1,
    max: 16,
    default: '4',
    example: '1',
    description: 'Webhooks on their way to one endpoint at once; with 1 they arrive strictly in order.',
  },
  {
    key: 'webhooks.signingSecret',
    env: ['WEBHOOK_SIGNING_SECRET'],
    kind: 'secret',
    min: 16,
    example: 'the output of: openssl rand -base64 48',
    description:
      'Signs the events sent to the `webhook_url` of clients. Without it nothing is sent there; endpoints have secrets of their own.',
  },
  {
    key: 'webhooks.allowedNetworks',
    env: ['WEBHOOK_ALLOWED_NETWORKS'],
    kind: 'list',
    items: 'cidr',
    default: '',
    example: '127.0.0.0/8,10.20.0.0/16',
    description:
      'Private networks that webhooks may be sent to, also with plain http. Whoever administers a client can make the server call any address in them.',
  },
  {
    key: 'webhooks.allowedPorts',
    env: ['WEBHOOK_ALLOWED_PORTS'],
    kind: 'list',
    items: 'string',
    default: '80,443,8080,8443',
    example: '443,9000',
    description: 'Ports that webhooks may be sent to, or `any`.',
  },
] as const satisfies readonly Setting[];
