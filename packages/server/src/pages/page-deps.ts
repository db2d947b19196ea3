import type { EmailCodesDeps } from '../identity/email-codes/index.ts';
import type { BeginDeps, FinishAuthenticationDeps } from '../identity/passkeys/index.ts';
import type { AcceptDeps } from '../operations/admin-sign-in/index.ts';
import type { Clock } from '../platform/clock/index.ts';
import type { Database } from '../platform/database/index.ts';
import type { Announce } from '../platform/events/index.ts';
import type { Jobs } from '../platform/jobs/index.ts';
import type { Mailer } from '../platform/mailer/index.ts';
import type { Vault } from '../platform/secrets/index.ts';
import type { Clients } from '../tenancy/clients/index.ts';
import type { LoginMethods } from '../tenancy/system-config/index.ts';

/** What all pages need, whichever rooms they show. */
export interface PageDeps {
  issuer: string;
  /** Whether there are pages at all. */
  hostedPages: boolean;
  clock: Clock;
  database: Database;
  vault: Vault;
  announce: Announce;
  jobs: Jobs;
  mailer: Pick<Mailer, 'usesMailbox'>;
  clients: Clients;
  loginMethods: LoginMethods;
  brand: { readonly name: string; readonly color: string | undefined };
  emailCodes: EmailCodesDeps;
  passkeys: { begin: BeginDeps; finish: FinishAuthenticationDeps };
  invitations: AcceptDeps;
}
