import type { Setting } from './setting.ts';

/** Administration of the installation. */
export const adminSettings = [
  {
    key: 'admin.apiKey',
    env: ['ADMIN_API_KEY'],
    kind: 'secret',
    min: 32,
    example: 'the output of: openssl rand -base64 48',
    description:
      'Break-glass key for the administration API, for days on which no administrator can sign in. Every use is limited and written down. Without it there is no such access.',
  },
  {
    key: 'admin.breakGlassPerMinute',
    env: ['ADMIN_API_KEY_PER_MINUTE'],
    kind: 'integer',
    min: 1,
    max: 100_000,
    default: '60',
    example: '600',
    description: 'Requests with the break-glass key that are answered in a minute.',
  },
  {
    key: 'admin.tokenSecret',
    env: ['ADMIN_TOKEN_SECRET'],
    kind: 'secret',
    min: 32,
    example: 'the output of: openssl rand -base64 48',
    description: 'Key that signs the tokens of administrators. Derived from GATEHOUSE_SECRET unless given.',
  },
  {
    key: 'admin.accessTtl',
    env: ['ADMIN_ACCESS_TTL'],
    kind: 'duration',
    min: 60,
    max: 86_400,
    default: '8h',
    example: '1h',
    description: 'How long an administrator stays signed in.',
  },
] as const satisfies readonly Setting[];
