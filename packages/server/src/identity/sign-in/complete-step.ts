import type { Clock } from '../../platform/clock/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Announce, RequestFacts } from '../../platform/events/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import type { Vault } from '../../platform/secrets/index.ts';
import type { Client } from '../../tenancy/clients/index.ts';
import { type SessionRules, type StartedSession, startSession } from '../sessions/index.ts';
import type { User } from '../users/index.ts';
import { assuranceOf, type SignInMethod } from './assurance-policy.ts';
import { type Action, nextState, type State } from './steps.ts';

export interface CompleteStepDeps {
  clock: Clock;
  newId: NewId;
  vault: Vault;
  rules: SessionRules;
  announce: Announce;
}

export interface ProvenStep {
  client: Client;
  user: User;
  method: SignInMethod;
  /** Where on the ladder the person stood. */
  state: State;
  carrier: 'refresh-token' | 'page-cookie';
  request: RequestFacts;
}

/** Starts the session of a user who has proven enough, in the transaction that took the proof. */
export async function completeStep(deps: CompleteStepDeps & { tx: Tx }, step: ProvenStep): Promise<StartedSession> {
  const { client, user, method, state, carrier, request } = step;
  const action: Action = method.kind === 'email_code' ? 'verify_email_code' : 'verify_passkey';
  if (nextState(state, action) !== 'complete') throw new Error(`the ladder has no ${action} after ${state}`);
  const session = await startSession(deps, { client, user, carrier, request, ...assuranceOf(method) });
  await deps.announce(deps.tx, {
    name: 'login_success',
    clientId: client.id,
    userId: user.id,
    target: { type: 'session', id: session.id },
    metadata: { method: method.kind, acr: session.acr },
    request,
  });
  return session;
}
