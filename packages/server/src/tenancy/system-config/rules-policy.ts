import type { SystemConfig } from '@gatehouse/protocol';

/** One rule that two settings break together. */
export interface RuleProblem {
  field: string;
  problem: string;
}

/** What is wrong with values that are each right by themselves; empty when they go together. */
export function brokenRules({ tokens, webauthn, lockout, origins }: SystemConfig): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const rule = (isBroken: boolean, field: string, problem: string) => {
    if (isBroken) problems.push({ field, problem });
  };
  const { access_ttl_seconds: access, refresh_ttl_seconds: refresh, session_idle_seconds: idle } = tokens;
  rule(access > refresh, 'tokens.access_ttl_seconds', 'must not be longer than tokens.refresh_ttl_seconds');
  rule(
    idle !== undefined && idle > refresh,
    'tokens.session_idle_seconds',
    'must not be longer than tokens.refresh_ttl_seconds',
  );
  rule(
    idle !== undefined && idle < access,
    'tokens.session_idle_seconds',
    'must not be shorter than tokens.access_ttl_seconds',
  );
  const { window_seconds: window, lockout_seconds: rest } = lockout;
  rule(
    lockout.enabled && rest < window / 10,
    'lockout.lockout_seconds',
    'must be a tenth of lockout.window_seconds at least',
  );
  const isOrigin = (text: string) => URL.canParse(text) && new URL(text).origin === text;
  const form = 'must be an origin in lower case without a default port or path';
  for (const [at, one] of origins.allowed.entries()) rule(one !== '*' && !isOrigin(one), `origins.allowed.${at}`, form);
  for (const [at, one] of webauthn.rp_origins.entries()) rule(!isOrigin(one), `webauthn.rp_origins.${at}`, form);
  return problems;
}
