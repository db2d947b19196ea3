import { randomSecret, type Vault } from '../../platform/secrets/index.ts';

/** A sign-in under way in one browser. */
export interface SignInProgress {
  clientId: string;
  /** Where to go afterwards, already judged; null is the account page. */
  returnTo: string | null;
  /** Asked for although somebody is signed in: a fresh proof is wanted. */
  again: boolean;
  startedAt: number;
  /** The address a code was sent to. */
  email: string | null;
}

/** Something to say once, on the next page. */
export type Notice =
  | 'code_sent_again'
  | 'name_saved'
  | 'passkey_added'
  | 'passkey_renamed'
  | 'passkey_removed'
  | 'signed_out_there';

/** What the server knows about one browser before anybody signs in: kept in a sealed cookie, nowhere else. */
export interface Flow {
  /** Known to this browser only; codes and forms are bound to it. */
  secret: string;
  signIn: SignInProgress | null;
  notice: Notice | null;
  /** The token of an invitation to administer, kept out of the address; and where its acceptance stands. */
  invitation?: string;
  acceptance?: string;
}

const PURPOSE = 'page-flow';
const SIGN_IN_MS = 3_600_000;

/** A flow nobody has seen before. */
export function createFlow(): Flow {
  return { secret: randomSecret(), signIn: null, notice: null };
}

export function sealFlow(vault: Vault, flow: Flow): string {
  return vault.seal(PURPOSE, JSON.stringify(flow));
}

/** Opens the cookie; null when it is not one of ours. A sign-in left alone for an hour is forgotten. */
export function openFlow(vault: Vault, sealed: string | null, now: number): Flow | null {
  if (!sealed) return null;
  try {
    const flow = JSON.parse(vault.open(PURPOSE, sealed)) as Flow;
    const isOld = flow.signIn !== null && now - flow.signIn.startedAt > SIGN_IN_MS;
    return isOld ? { ...flow, signIn: null } : flow;
  } catch {
    return null;
  }
}
