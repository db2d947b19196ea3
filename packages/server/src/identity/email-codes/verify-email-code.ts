import type { Database } from '../../platform/database/index.ts';
import type { RequestFacts } from '../../platform/events/index.ts';
import { parseEmailAddress } from '../../platform/mail/index.ts';
import { type Limit, networkOf, type RateLimit, requireAllowed } from '../../platform/rate-limit/index.ts';
import { hashSecret, sameSecret } from '../../platform/secrets/index.ts';
import type { Client } from '../../tenancy/clients/index.ts';
import type { LoginMethods } from '../../tenancy/system-config/index.ts';
import type { StartedSession } from '../sessions/index.ts';
import { type CompleteStepDeps, completeStep } from '../sign-in/index.ts';
import { findOrCreateUser } from '../users/index.ts';
import { triesLeft } from './code-policy.ts';
import { refusals } from './errors.ts';
import { hashCode } from './send-email-code.ts';
import { takeCode } from './store.ts';

export interface VerifyEmailCodeDeps extends CompleteStepDeps {
  database: Database;
  rateLimit: RateLimit;
  limits: { failuresPerNetwork: Limit };
  loginMethods: LoginMethods;
}

export interface VerifyEmailCode {
  client: Client;
  email: string;
  code: string;
  /** The secret of the browser that guesses, as given to `sendEmailCode`. */
  flow: string | null;
  carrier: 'refresh-token' | 'page-cookie';
  request: RequestFacts;
}

type Outcome = { session: StartedSession } | { session: null; triesLeft: number };

/** A code asked for in one browser is refused in another, however right it is. */
function isSameFlow(flowHash: string | null, flow: string | null): boolean {
  return flowHash === null || (flow !== null && sameSecret(hashSecret(flow), flowHash));
}

async function guess(deps: VerifyEmailCodeDeps, input: VerifyEmailCode, email: string): Promise<Outcome> {
  const { client, code, carrier, request, flow } = input;
  return deps.database.write(async (tx) => {
    const hash = hashCode(deps.vault, { clientId: client.id, email, code });
    const taken = await takeCode(tx, { client_id: client.id, email, code_hash: hash, now: deps.clock.now() });
    const inTx = { ...deps, tx };
    if (taken?.right === 1 && isSameFlow(taken.flow_hash, flow)) {
      // Held, so that of a sign-in and a suspension at once the second sees the first: no session outlives the suspension.
      const user = await findOrCreateUser(inTx, { clientId: client.id, email, request });
      if (user.status === 'active') {
        return {
          session: await completeStep(inTx, {
            client,
            user,
            method: { kind: 'email_code' },
            state: 'code_sent',
            carrier,
            request,
          }),
        };
      }
    }
    await deps.announce(tx, {
      name: 'login_failed',
      clientId: client.id,
      metadata: { method: 'email_code', email },
      request,
    });
    return { session: null, triesLeft: taken ? triesLeft(taken.attempts) : 0 };
  });
}

/**
 * Signs in with a code; the user is made when the address is new. Durable when it resolves. Throws invalid_email_otp, the same for a
 * wrong, spent, expired or never sent code (with `tries_left` on the code in force), rate_limited, and login_method_disabled.
 */
export async function verifyEmailCode(deps: VerifyEmailCodeDeps, input: VerifyEmailCode): Promise<StartedSession> {
  deps.loginMethods.require('email_otp');
  const email = parseEmailAddress(input.email);
  const network = networkOf(input.request.ip);
  requireAllowed(await deps.rateLimit.look(deps.limits.failuresPerNetwork, network));
  const outcome = email ? await guess(deps, input, email) : { session: null, triesLeft: 0 };
  if (outcome.session) return outcome.session;
  await deps.rateLimit.use(deps.limits.failuresPerNetwork, network);
  throw refusals.invalid_email_otp({ body: { tries_left: outcome.triesLeft } });
}
