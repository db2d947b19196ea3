import type { Client } from '../../tenancy/clients/index.ts';

/** How long things live, from the configuration; a client's settings win. */
export interface SessionRules {
  accessTtlMs: number;
  sessionTtlMs: number;
  idleTtlMs: number | null;
  graceMs: number;
}

const SECOND = 1000;

/** The rules of one client. */
export function rulesOf(client: Client, rules: SessionRules): SessionRules {
  const { access_token_ttl_seconds, session_ttl_seconds, session_idle_seconds, refresh_grace_seconds } =
    client.settings;
  const pick = (own: number | undefined, otherwise: number) => (own === undefined ? otherwise : own * SECOND);
  return {
    accessTtlMs: pick(access_token_ttl_seconds, rules.accessTtlMs),
    sessionTtlMs: pick(session_ttl_seconds, rules.sessionTtlMs),
    idleTtlMs: session_idle_seconds === undefined ? rules.idleTtlMs : session_idle_seconds * SECOND,
    graceMs: pick(refresh_grace_seconds, rules.graceMs),
  };
}
