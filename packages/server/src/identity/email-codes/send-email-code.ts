import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { Announce, RequestFacts } from '../../platform/events/index.ts';
import { httpRefusals } from '../../platform/http/index.ts';
import type { Jobs } from '../../platform/jobs/index.ts';
import { parseEmailAddress } from '../../platform/mail/index.ts';
import { type Limit, networkOf, type RateLimit, requireAllowed } from '../../platform/rate-limit/index.ts';
import { hashSecret, randomCode, type Vault } from '../../platform/secrets/index.ts';
import type { Client } from '../../tenancy/clients/index.ts';
import type { LoginMethods } from '../../tenancy/system-config/index.ts';
import { CODE_DIGITS } from './code-policy.ts';
import { refusals } from './errors.ts';
import { type CodeMail, codeMailJob } from './mail-code.ts';
import { putCode } from './store.ts';

export interface SendEmailCodeDeps {
  clock: Clock;
  database: Database;
  vault: Vault;
  jobs: Jobs;
  announce: Announce;
  rateLimit: RateLimit;
  codeRules: { readonly ttlMs: number };
  loginMethods: LoginMethods;
  limits: { perAddress: Limit; perNetwork: Limit };
  /** Whether there is any way to send a mail. */
  canSendMail(): Promise<boolean>;
}

export interface SendEmailCode {
  client: Client;
  /** As typed. */
  email: string;
  locale: string;
  /** The secret of the browser that asks, when a code must work in that browser only. */
  flow: string | null;
  request: RequestFacts;
}

/** The code as it is stored: keyed by the server's secret, because a million codes are hashed in a moment. */
export function hashCode(vault: Vault, of: { clientId: string; email: string; code: string }): string {
  return vault.mac('email-code', `${of.clientId}\0${of.email}\0${of.code}`);
}

async function respectLimits(
  deps: SendEmailCodeDeps,
  input: { clientId: string; email: string; ip: string },
): Promise<void> {
  const verdicts = [
    await deps.rateLimit.use(deps.limits.perNetwork, networkOf(input.ip)),
    await deps.rateLimit.use(deps.limits.perAddress, `${input.clientId}:${input.email}`),
  ];
  for (const verdict of verdicts) requireAllowed(verdict);
}

/**
 * Sends a code to an address, known or not: the same work and the same answer for both (D10). Resolves when the code is stored
 * and its mail is on the list; the mail itself is a job. Throws invalid_request, rate_limited, smtp_not_configured, login_method_disabled.
 */
export async function sendEmailCode(
  deps: SendEmailCodeDeps,
  input: SendEmailCode,
): Promise<{ email: string; expiresAt: number }> {
  const { client, locale, flow, request } = input;
  const email = parseEmailAddress(input.email);
  if (!email) {
    throw httpRefusals.invalid_request({
      body: { details: [{ field: 'email', problem: 'is not an e-mail address' }] },
    });
  }
  deps.loginMethods.require('email_otp');
  if (!(await deps.canSendMail())) throw refusals.smtp_not_configured();
  await respectLimits(deps, { clientId: client.id, email, ip: request.ip });
  const now = deps.clock.now();
  const { ttlMs } = deps.codeRules;
  const expiresAt = now + ttlMs;
  const code = randomCode(CODE_DIGITS);
  const payload: CodeMail = {
    clientId: client.id,
    email,
    code,
    locale,
    minutes: Math.round(ttlMs / 60_000),
    expiresAt,
  };
  await deps.database.write(async (tx) => {
    putCode.send(tx, {
      client_id: client.id,
      email,
      code_hash: hashCode(deps.vault, { clientId: client.id, email, code }),
      flow_hash: flow === null ? null : hashSecret(flow),
      expires_at: expiresAt,
      created_at: now,
    });
    await deps.jobs.enqueue(tx, { kind: codeMailJob, payload });
    await deps.announce(tx, { name: 'email_code_sent', clientId: client.id, metadata: { email }, request });
  });
  return { email, expiresAt };
}
