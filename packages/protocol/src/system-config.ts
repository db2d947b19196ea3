import { type Static, type TProperties, Type } from 'typebox';
import { NullableText, OneOf } from './shapes.ts';

const closed = <P extends TProperties>(fields: P, description: string) =>
  Type.Object(fields, { additionalProperties: false, description });
const whole = (minimum: number, maximum: number, description: string) =>
  Type.Integer({ minimum, maximum, description });
const DAY = 86_400;

const Origin = Type.String({ pattern: '^(\\*|https?://[^/?#\\s@]+)$', maxLength: 300 });

/** The settings that an administrator changes while the server runs. Each group holds the settings of one thing. */
export const SystemConfig = closed(
  {
    tokens: closed(
      {
        access_ttl_seconds: whole(60, DAY, 'Lifetime of an access token.'),
        refresh_ttl_seconds: whole(60, 400 * DAY, 'Lifetime of a session from its sign-in.'),
        refresh_grace_seconds: whole(0, 60, 'How long the refresh token just replaced gets the same answer again.'),
        session_idle_seconds: Type.Optional(whole(60, 400 * DAY, 'End a session that was not used for this long.')),
      },
      'How long tokens and sessions live, where a client says nothing else.',
    ),
    origins: closed(
      {
        allowed: Type.Array(Origin, {
          maxItems: 200,
          description: 'Page origins that may call the API for every client.',
        }),
      },
      'Which pages may call the API.',
    ),
    webauthn: closed(
      {
        rp_id: Type.String({
          pattern: '^([a-z0-9]([a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+\\])$',
          maxLength: 253,
          description: 'Domain that passkeys belong to.',
        }),
        rp_origins: Type.Array(Type.String({ pattern: '^https?://[^/?#\\s@]+$', maxLength: 300 }), {
          maxItems: 100,
          description: 'Origins whose pages may use passkeys.',
        }),
        display_name: Type.String({ minLength: 1, maxLength: 80, description: 'Name that the passkey dialog shows.' }),
        user_verification: OneOf('required', 'preferred'),
      },
      'Passkeys.',
    ),
    sign_in: closed(
      {
        login_methods: Type.Array(OneOf('email_otp', 'magic_link', 'oauth', 'passkey', 'password', 'phone_otp'), {
          uniqueItems: true,
          maxItems: 6,
          description: 'How users may sign in.',
        }),
      },
      'How users sign in.',
    ),
    lockout: closed(
      {
        enabled: Type.Boolean(),
        max_failures: whole(3, 100, 'Failed attempts before an authenticator rests.'),
        window_seconds: whole(60, DAY, 'In which those attempts are counted.'),
        lockout_seconds: whole(60, DAY, 'How long it rests.'),
      },
      'What guessing leads to.',
    ),
    rate_limits: closed(
      {
        email_per_address: whole(1, 100_000, 'Mails that one address may be sent in an hour.'),
        email_per_ip: whole(1, 1_000_000, 'Mails that one network address may cause in an hour.'),
        failures_per_ip: whole(1, 1_000_000, 'Failed attempts of one network address in 15 minutes.'),
      },
      'How often things that cost or hurt may be done.',
    ),
    brand: closed(
      {
        name: Type.String({ minLength: 1, maxLength: 80, description: 'Name shown on pages and in mails.' }),
        color: Type.Optional(Type.String({ pattern: '^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$' })),
      },
      'What pages and mails look like, where a client says nothing else.',
    ),
    email_codes: closed({ ttl_seconds: whole(30, 600, 'Lifetime of a code sent by mail.') }, 'Codes sent by mail.'),
    audit: closed({ retention_days: whole(1, 36_500, 'Days that an audit event is kept at least.') }, 'The audit log.'),
  },
  'The configuration that changes while the server runs.',
);
export type SystemConfig = Static<typeof SystemConfig>;

const Source = Type.Object({
  source: OneOf('administrator', 'environment', 'default'),
  updated_at: NullableText,
  updated_by: NullableText,
});

/** The values in force and where each comes from, by `group.name`. */
export const SystemConfigAnswer = Type.Object(
  {
    config: Type.Unsafe<SystemConfig>({ type: 'object', additionalProperties: true }),
    sources: Type.Record(Type.String(), Source),
    revision: Type.Integer({ description: 'Grows with every change.' }),
  },
  { title: 'SystemConfiguration' },
);
