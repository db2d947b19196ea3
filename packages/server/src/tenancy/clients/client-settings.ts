import { createRequire } from 'node:module';
import { type Static, Type } from 'typebox';
import type { Validator } from 'typebox/compile';

/** What a client may set for itself; everything absent falls back to the configuration of the server. */
export const ClientSettings = Type.Object(
  {
    access_token_ttl_seconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 86_400 })),
    session_ttl_seconds: Type.Optional(Type.Integer({ minimum: 300, maximum: 31_536_000 })),
    session_idle_seconds: Type.Optional(Type.Integer({ minimum: 60 })),
    refresh_grace_seconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 60 })),
    webauthn_rp_id: Type.Optional(Type.String()),
    webauthn_rp_origin: Type.Optional(Type.String()),
    webauthn_display_name: Type.Optional(Type.String()),
    webauthn_user_verification: Type.Optional(Type.Union([Type.Literal('required'), Type.Literal('preferred')])),
    webauthn_attestation: Type.Optional(
      Type.Union([Type.Literal('none'), Type.Literal('indirect'), Type.Literal('direct'), Type.Literal('enterprise')]),
    ),
    webauthn_require_attestation: Type.Optional(Type.Boolean()),
    webauthn_allowed_attestation_formats: Type.Optional(Type.Array(Type.String())),
    auth_ui: Type.Optional(
      Type.Object({
        brand_name: Type.Optional(Type.String({ maxLength: 80 })),
        primary_color: Type.Optional(Type.String({ pattern: '^#[0-9a-fA-F]{6}$' })),
        logo_url: Type.Optional(Type.String({ pattern: '^https://' })),
        locale: Type.Optional(Type.String()),
      }),
    ),
  },
  { additionalProperties: false },
);
export type ClientSettings = Static<typeof ClientSettings>;

let validator: Validator | null = null;

/** Most clients set nothing: the compiler of shapes is loaded for the first that does. */
function isSettings(value: unknown): value is ClientSettings {
  const load = createRequire(import.meta.url);
  validator ??= (load('typebox/compile') as typeof import('typebox/compile')).Compile(ClientSettings) as Validator;
  return validator.Check(value);
}

/** Reads the stored JSON. Throws when it is not what this version wrote: guessing at a security setting is worse than stopping. */
export function readSettings(json: string): ClientSettings {
  if (json === '{}') return {};
  const settings: unknown = JSON.parse(json);
  if (!isSettings(settings)) throw new Error('the stored settings of a client are not valid');
  return settings;
}
