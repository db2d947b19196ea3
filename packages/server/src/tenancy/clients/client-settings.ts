import { OneOf } from '@gatehouse/protocol';
import { type Static, Type } from 'typebox';
import { checkDocument, type DocumentProblem } from '../../platform/json/index.ts';
import type { MailBrand } from '../../platform/mail/index.ts';

const Brand = Type.Object(
  {
    brand_name: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
    logo_url: Type.Optional(Type.String({ pattern: '^https://', maxLength: 2000 })),
    primary_color: Type.Optional(Type.String({ pattern: '^#[0-9a-fA-F]{6}$' })),
    locale: Type.Optional(Type.String({ pattern: '^[a-zA-Z]{2,3}(-[a-zA-Z0-9]{2,8})*$' })),
    redirect_url: Type.Optional(Type.String({ pattern: '^https?://', maxLength: 2000 })),
    oauth_providers: Type.Optional(Type.Array(Type.String({ pattern: '^[a-z0-9_-]{1,40}$' }), { maxItems: 20 })),
  },
  { additionalProperties: false },
);

/** The four of the configuration, each by itself. */
const Lockout = Type.Object(
  {
    enabled: Type.Optional(Type.Boolean()),
    max_failures: Type.Optional(Type.Integer({ minimum: 3, maximum: 100 })),
    window_seconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 86_400 })),
    lockout_seconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 86_400 })),
  },
  { additionalProperties: false },
);

/** What a client may set for itself; everything absent falls back to the configuration of the server. */
export const ClientSettings = Type.Object(
  {
    access_token_ttl_seconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 86_400 })),
    session_ttl_seconds: Type.Optional(Type.Integer({ minimum: 300, maximum: 31_536_000 })),
    session_idle_seconds: Type.Optional(Type.Integer({ minimum: 60, maximum: 34_560_000 })),
    refresh_grace_seconds: Type.Optional(Type.Integer({ minimum: 0, maximum: 60 })),
    signing_algorithm: Type.Optional(OneOf('ES256', 'RS256', 'EdDSA')),
    webauthn_rp_id: Type.Optional(Type.String()),
    webauthn_rp_origin: Type.Optional(Type.String()),
    webauthn_display_name: Type.Optional(Type.String()),
    webauthn_user_verification: Type.Optional(OneOf('required', 'preferred')),
    webauthn_attestation: Type.Optional(OneOf('none', 'indirect', 'direct', 'enterprise')),
    webauthn_require_attestation: Type.Optional(Type.Boolean()),
    webauthn_allowed_attestation_formats: Type.Optional(Type.Array(Type.String())),
    lockout: Type.Optional(Lockout),
    notify_on_factor_change: Type.Optional(Type.Boolean()),
    auth_ui: Type.Optional(Brand),
  },
  { additionalProperties: false },
);
export type ClientSettings = Static<typeof ClientSettings>;

function urlProblems(settings: ClientSettings): DocumentProblem[] {
  const { logo_url, redirect_url } = settings.auth_ui ?? {};
  return Object.entries({ logo_url, redirect_url }).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const url = URL.canParse(value) ? new URL(value) : null;
    // Inside a policy of content these characters would begin something else.
    const isPlain = url !== null && url.username === '' && url.password === '' && !/[\s;,'"<>\\]/.test(value);
    return isPlain ? [] : [{ field: `settings.auth_ui.${name}`, problem: 'must be an absolute URL' }];
  });
}

function lockoutProblems({ lockout }: ClientSettings): DocumentProblem[] {
  const { enabled = true, window_seconds: window = 0, lockout_seconds: rest = window } = lockout ?? {};
  if (!enabled || rest >= window / 10) return [];
  return [{ field: 'settings.lockout.lockout_seconds', problem: 'must be a tenth of window_seconds at least' }];
}

/** What is wrong with the settings a client is to have, each field named; empty when they may be stored. */
export function checkSettings(settings: unknown): DocumentProblem[] {
  const problems = checkDocument(ClientSettings, settings, 'settings');
  if (problems.length > 0) return problems;
  return [...urlProblems(settings as ClientSettings), ...lockoutProblems(settings as ClientSettings)];
}

/** Reads the stored JSON. Throws when it is not what this version wrote: guessing at a security setting is worse than stopping. */
export function readSettings(json: string): ClientSettings {
  if (json === '{}') return {};
  const settings: unknown = JSON.parse(json);
  if (checkDocument(ClientSettings, settings).length > 0)
    throw new Error('the stored settings of a client are not valid');
  return settings as ClientSettings;
}

/** How a mail of a client looks: as the client says, else as the installation does. */
export function mailBrandOf(
  settings: ClientSettings | undefined,
  brand: { name: string; color: string | undefined },
): MailBrand {
  const own = settings?.auth_ui;
  const accent = own?.primary_color ?? brand.color;
  return { name: own?.brand_name ?? brand.name, ...(accent && { accent }) };
}
