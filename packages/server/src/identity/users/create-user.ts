import type { Clock } from '../../platform/clock/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { Announce, RequestFacts } from '../../platform/events/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import { holdUserByEmail, insertUser, markEmailVerified } from './store.ts';
import type { User } from './user.ts';

export interface NewUser {
  clientId: string;
  /** In normal form. */
  email: string;
  emailVerified: boolean;
  displayName: string | null;
  role: string;
}

/** Writes a user; null when the address is taken in this client. */
export function createUser(
  { clock, newId, tx }: { clock: Clock; newId: NewId; tx: Tx },
  input: NewUser,
): Promise<User | null> {
  const now = clock.now();
  return insertUser(tx, {
    id: newId(),
    client_id: input.clientId,
    email: input.email,
    email_verified_at: input.emailVerified ? now : null,
    display_name: input.displayName,
    role: input.role,
    status: 'active',
    created_at: now,
    updated_at: now,
  });
}

export interface ProvenAddress {
  clientId: string;
  /** In normal form, and just proven to be in the hands of whoever asks. */
  email: string;
  request: RequestFacts;
}

/** The user of a proven address, made on the first sign-in and held as by `holdUser`. Two first sign-ins at once end in one user. */
export async function findOrCreateUser(
  deps: { clock: Clock; newId: NewId; announce: Announce; tx: Tx },
  { clientId, email, request }: ProvenAddress,
): Promise<User> {
  const now = deps.clock.now();
  const known = await holdUserByEmail(deps.tx, { clientId, email });
  if (known) {
    if (known.emailVerifiedAt !== null) return known;
    await markEmailVerified.run(deps.tx, { client_id: clientId, id: known.id, at: now });
    return { ...known, emailVerifiedAt: now };
  }
  const written = await createUser(deps, { clientId, email, emailVerified: true, displayName: null, role: 'user' });
  const user = written ?? (await holdUserByEmail(deps.tx, { clientId, email }));
  if (!user) throw new Error('a user was neither found nor written');
  if (written) await deps.announce(deps.tx, { name: 'user_created', clientId, userId: user.id, request });
  return user;
}
