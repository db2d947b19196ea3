import type { Clock } from '../../platform/clock/index.ts';
import type { Tx } from '../../platform/database/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import { insertUser } from './store.ts';
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
