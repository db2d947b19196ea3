import { type NoticeDeps, queueNotice } from '../../identity/account-notices/index.ts';
import {
  checkPassword,
  type PasswordProfile,
  putPassword,
  requireGoodPassword,
} from '../../identity/passwords/index.ts';
import type { RequestFacts } from '../../platform/events/index.ts';
import { networkOf, requireAllowed } from '../../platform/rate-limit/index.ts';
import { ADMINISTRATORS_CLIENT, ADMINISTRATORS_POOL } from '../../tenancy/clients/index.ts';
import {
  type AdminSessionCaller,
  endOtherSessions,
  holdOpenSession,
  noteFailure,
  type StartSignInDeps,
} from '../admin-sign-in/index.ts';
import { adminRefusals } from '../admins/index.ts';
import { refusals } from './errors.ts';

export type ChangePasswordDeps = StartSignInDeps &
  NoticeDeps & { passwordProfile: PasswordProfile; brand: { readonly name: string } };

export interface ChangePassword {
  caller: AdminSessionCaller;
  current: string;
  fresh: string;
  locale: string;
  request: RequestFacts;
}

async function requireCurrent(deps: ChangePasswordDeps, { caller, current, request }: ChangePassword): Promise<void> {
  const { id: userId, email: identifier } = caller.administrator;
  const network = networkOf(request.ip);
  requireAllowed(await deps.rateLimit.look(deps.limits.failuresPerNetwork, network));
  const check = { client: ADMINISTRATORS_POOL, userId, identifier, password: current, network };
  if (await checkPassword(deps, check)) return;
  await noteFailure(deps, { adminId: userId, isSignedIn: true, metadata: { step: 'current_password' }, request });
  throw refusals.wrong_current_password();
}

/**
 * Changes the password of whoever is signed in, and signs them out everywhere else. Throws wrong_current_password, password_refused,
 * rate_limited, and invalid_admin_token when the session ended meanwhile.
 */
export async function changePassword(deps: ChangePasswordDeps, input: ChangePassword): Promise<void> {
  const { caller, fresh, locale, request } = input;
  const { id, email } = caller.administrator;
  const names = [email, deps.brand.name, 'gatehouse'];
  requireGoodPassword({ password: fresh, profile: deps.passwordProfile, isOnlyFactor: false, names });
  await requireCurrent(deps, input);
  const hash = await deps.hasher.hash(fresh);
  await deps.database.write(async (tx) => {
    const now = deps.clock.now();
    const own = { clientId: ADMINISTRATORS_CLIENT, userId: id };
    // Other sessions of theirs that do the same wait here: were each to hold its own session first, none could end another's.
    await putPassword(tx, { ...own, hash, now });
    // Somebody may have suspended, reset or signed them out while the hash was made. Thrown, so that the password stays what it was.
    if (!(await holdOpenSession(tx, caller.sessionId))) throw adminRefusals.invalid_admin_token();
    await endOtherSessions(tx, { userId: id, sessionId: caller.sessionId, now });
    await queueNotice({ ...deps, tx }, { ...own, change: 'password_changed', locale });
    await deps.announce(tx, {
      name: 'admin_password_changed',
      clientId: ADMINISTRATORS_CLIENT,
      actor: { type: 'administrator', id },
      target: { type: 'administrator', id },
      request,
    });
  });
}
