import type { RuntimeConfig } from './create-system-config.ts';

type Current = Pick<RuntimeConfig, 'current'>;

const SECOND = 1000;
const DAY = 86_400_000;

/** How long tokens and sessions live, read anew each time. */
export function liveSessionRules({ current }: Current) {
  return {
    get accessTtlMs() {
      return current().tokens.access_ttl_seconds * SECOND;
    },
    get sessionTtlMs() {
      return current().tokens.refresh_ttl_seconds * SECOND;
    },
    get graceMs() {
      return current().tokens.refresh_grace_seconds * SECOND;
    },
    get idleTtlMs() {
      const idle = current().tokens.session_idle_seconds;
      return idle === undefined ? null : idle * SECOND;
    },
  };
}

/** What passkey ceremonies go by, read anew each time. */
export function livePasskeyRules({ current }: Current, issuer: string) {
  return {
    issuer,
    get rpId() {
      return current().webauthn.rp_id;
    },
    get displayName() {
      return current().webauthn.display_name;
    },
    get userVerification() {
      return current().webauthn.user_verification;
    },
    get origins() {
      return current().webauthn.rp_origins;
    },
  };
}

/** Name and colour of the server's own brand, read anew each time. */
export function liveBrand({ current }: Current) {
  return {
    get name() {
      return current().brand.name;
    },
    get color() {
      return current().brand.color;
    },
  };
}

/** How often things that cost or hurt may be done, read anew each time. */
export function liveRateLimits({ current }: Current) {
  return {
    get emailPerAddress() {
      return current().rate_limits.email_per_address;
    },
    get emailPerIp() {
      return current().rate_limits.email_per_ip;
    },
    get failuresPerIp() {
      return current().rate_limits.failures_per_ip;
    },
  };
}

/** What guessing leads to where a client says nothing else, read anew each time. */
export function liveLockout({ current }: Current) {
  return {
    get enabled() {
      return current().lockout.enabled;
    },
    get maxFailures() {
      return current().lockout.max_failures;
    },
    get windowMs() {
      return current().lockout.window_seconds * SECOND;
    },
    get lockoutMs() {
      return current().lockout.lockout_seconds * SECOND;
    },
  };
}

/** How long a code sent by mail works, read anew each time. */
export function liveCodeRules({ current }: Current) {
  return {
    get ttlMs() {
      return current().email_codes.ttl_seconds * SECOND;
    },
  };
}

/** How long an audit event is kept, read anew each time. */
export function liveRetention({ current }: Current) {
  return {
    get retentionMs() {
      return current().audit.retention_days * DAY;
    },
  };
}
