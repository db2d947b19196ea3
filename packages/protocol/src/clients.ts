import { type TProperties, Type } from 'typebox';
import { NullableText, OneOf } from './shapes.ts';

const Time = Type.String({ format: 'date-time' });
/** Settings are a document of their own: checked as a whole, after they were merged. */
const Settings = Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true });

/** A client (tenant) as it is administered. */
export const Client = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    slug: Type.String(),
    status: OneOf('active', 'disabled'),
    allowed_origins: Type.Array(Type.String()),
    webhook_url: NullableText,
    token_mode: OneOf('v2_jwks', 'v1_hs256'),
    settings: Settings,
    created_at: Time,
    updated_at: Time,
  },
  { title: 'Client' },
);

/** The one answer that holds the keys of a client. */
export const NewClientAnswer = Type.Object(
  {
    client: Client,
    api_key: Type.String({ description: 'Names the client; safe in a browser. Shown only here.' }),
    client_secret: Type.String({ description: 'Authenticates the client; for servers. Shown only here.' }),
    jwt_secret: Type.Optional(Type.String({ description: 'Only for `token_mode` `v1_hs256`. Shown only here.' })),
  },
  { title: 'NewClient' },
);

export const ClientAnswer = Type.Object({
  client: Client,
  jwt_secret: Type.Optional(Type.String({ description: 'Only when a change made one. Shown only here.' })),
});

const Name = Type.String({
  pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f]+$',
  maxLength: 120,
  description: 'How people call it.',
});
const Slug = Type.String({
  pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
  description: 'Lower case letters, digits and hyphens.',
});
const Origins = Type.Array(Type.String({ maxLength: 300 }), {
  maxItems: 100,
  description: 'Page origins that may call the API, for example `https://app.example.com`.',
});
const Url = { pattern: '^https?://', maxLength: 2000 };

const closed = <P extends TProperties>(fields: P) => Type.Object(fields, { additionalProperties: false });

export const ClientCreate = closed({
  name: Name,
  slug: Type.Optional(Slug),
  allowed_origins: Type.Optional(Origins),
  webhook_url: Type.Optional(Type.String(Url)),
  token_mode: Type.Optional(OneOf('v2_jwks', 'v1_hs256')),
  settings: Type.Optional(Settings),
});

export const ClientPatch = closed({
  name: Type.Optional(Name),
  slug: Type.Optional(Slug),
  allowed_origins: Type.Optional(Origins),
  webhook_url: Type.Optional(Type.Unsafe<string | null>({ type: ['string', 'null'], ...Url })),
  status: Type.Optional(OneOf('active', 'disabled')),
  token_mode: Type.Optional(OneOf('v2_jwks', 'v1_hs256')),
  settings: Type.Optional(Settings),
});

export const KeyRotation = closed({
  overlap_seconds: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 2_592_000,
      description: 'How long the old key still works; a day unless given.',
    }),
  ),
  immediate: Type.Optional(Type.Boolean({ description: 'The old key, and all it stands for, ends at once.' })),
});

const previous = { previous_valid_until: Type.String({ format: 'date-time', description: 'When the old key ends.' }) };

export const RotatedApiKey = Type.Object({ api_key: Type.String(), ...previous });
export const RotatedClientSecret = Type.Object({ client_secret: Type.String(), ...previous });
export const RotatedSigningKey = Type.Object({
  kid: Type.String(),
  algorithm: OneOf('ES256', 'RS256', 'EdDSA', 'HS256'),
  previous_kid: NullableText,
  jwt_secret: Type.Optional(Type.String({ description: 'Only for `token_mode` `v1_hs256`. Shown only here.' })),
  ...previous,
});
