import type { SystemConfig } from '@gatehouse/protocol';
import type { Config, SettingKey } from '../../config/index.ts';
import { type FlatConfig, flatten } from './settings.ts';

/** What the server starts with, and which of it somebody wrote into the environment or a file. */
export interface BootValues {
  values: FlatConfig;
  fromEnvironment: ReadonlySet<string>;
}

/** Which setting of the configuration fills which of these. */
const KEYS: Readonly<Record<string, SettingKey>> = {
  'tokens.access_ttl_seconds': 'tokens.accessTtl',
  'tokens.refresh_ttl_seconds': 'tokens.refreshTtl',
  'tokens.refresh_grace_seconds': 'tokens.refreshGrace',
  'tokens.session_idle_seconds': 'sessions.idleTtl',
  'origins.allowed': 'server.allowOrigin',
  'webauthn.rp_id': 'webauthn.rpId',
  'webauthn.rp_origins': 'webauthn.rpOrigin',
  'webauthn.display_name': 'webauthn.displayName',
  'webauthn.user_verification': 'webauthn.userVerification',
  'sign_in.login_methods': 'signIn.methods',
  'rate_limits.email_per_address': 'rateLimits.emailPerAddress',
  'rate_limits.email_per_ip': 'rateLimits.emailPerIp',
  'rate_limits.failures_per_ip': 'rateLimits.failuresPerIp',
  'brand.name': 'brand.name',
  'brand.color': 'brand.color',
  'email_codes.ttl_seconds': 'emailCodes.ttl',
  'audit.retention_days': 'audit.retentionDays',
};

function documentOf(config: Config): SystemConfig {
  const { tokens, sessions, server, webauthn, signIn, rateLimits, brand, emailCodes, audit } = config;
  return {
    tokens: {
      access_ttl_seconds: tokens.accessTtlSeconds,
      refresh_ttl_seconds: tokens.refreshTtlSeconds,
      refresh_grace_seconds: tokens.refreshGraceSeconds,
      ...(sessions.idleTtlSeconds !== undefined && { session_idle_seconds: sessions.idleTtlSeconds }),
    },
    origins: { allowed: [...server.allowOrigin] },
    webauthn: {
      rp_id: webauthn.rpId,
      rp_origins: [...webauthn.rpOrigin],
      display_name: webauthn.displayName,
      user_verification: webauthn.userVerification,
    },
    sign_in: { login_methods: [...signIn.methods] as SystemConfig['sign_in']['login_methods'] },
    lockout: { enabled: true, max_failures: 10, window_seconds: 900, lockout_seconds: 900 },
    rate_limits: {
      email_per_address: rateLimits.emailPerAddress,
      email_per_ip: rateLimits.emailPerIp,
      failures_per_ip: rateLimits.failuresPerIp,
    },
    brand: { name: brand.name, ...(brand.color !== undefined && { color: brand.color }) },
    email_codes: { ttl_seconds: emailCodes.ttlSeconds },
    audit: { retention_days: audit.retentionDays },
  };
}

/** The values that no administrator touched. */
export function bootValues(config: Config): BootValues {
  const fromEnvironment = Object.entries(KEYS).flatMap(([name, key]) => (config.given.includes(key) ? [name] : []));
  return { values: flatten(documentOf(config)), fromEnvironment: new Set(fromEnvironment) };
}
