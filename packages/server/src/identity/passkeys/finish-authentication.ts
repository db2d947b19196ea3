import type { AssertionCredential } from '@gatehouse/protocol';
import type { Clock } from '../../platform/clock/index.ts';
import type { Database, Tx } from '../../platform/database/index.ts';
import type { Announce, RequestFacts } from '../../platform/events/index.ts';
import { type Limit, networkOf, type RateLimit, requireAllowed } from '../../platform/rate-limit/index.ts';
import { hashSecret, sameSecret } from '../../platform/secrets/index.ts';
import type { Client } from '../../tenancy/clients/index.ts';
import type { LoginMethods } from '../../tenancy/system-config/index.ts';
import { forgiveFailures } from '../email-codes/index.ts';
import type { StartedSession } from '../sessions/index.ts';
import { type CompleteStepDeps, completeStep } from '../sign-in/index.ts';
import { holdUser, type User } from '../users/index.ts';
import { judgeClientData } from './client-data-policy.ts';
import { type CoseKey, judgeSignature } from './credential-key-policy.ts';
import { refusals } from './errors.ts';
import { type PasskeyRules, userVerificationOf } from './passkey-rules.ts';
import { findByCredential, noteUse } from './store.ts';
import type { PasskeyChallengesTable, PasskeysTable } from './tables.ts';
import { claimChallenge } from './take-challenge.ts';

export interface ProvePasskeyDeps {
  clock: Clock;
  database: Database;
  announce: Announce;
  passkeyRules: PasskeyRules;
  rateLimit: RateLimit;
  limits: { failuresPerNetwork: Limit };
}

export type FinishAuthenticationDeps = ProvePasskeyDeps & CompleteStepDeps & { loginMethods: LoginMethods };

export interface PresentedPasskey {
  client: Client;
  requestId: string;
  credential: AssertionCredential;
  origin: string | null;
  request: RequestFacts;
}

export type FinishAuthentication = PresentedPasskey & { carrier: 'refresh-token' | 'page-cookie' };

/** Whose passkey it was, and how it was used. */
export interface PasskeyProof {
  user: User;
  method: { kind: 'passkey'; synced: boolean; verified: boolean };
}

/** What becomes of a proof, in the transaction that notes the use of the passkey; null when it is good for nothing here. */
type OnProof<T> = (tx: Tx, proof: PasskeyProof) => Promise<T | null>;

/** What a verified assertion says. */
interface Assertion {
  passkey: PasskeysTable;
  counter: number;
  backedUp: boolean;
  userVerified: boolean;
}

type Judged = Assertion | { refused: string; passkey?: PasskeysTable };

/** The checks of D12 that the library leaves to us: the reason for a refusal, or null. */
function judgeOwner(credential: AssertionCredential, passkey: PasskeysTable): string | null {
  const { userHandle } = credential.response;
  if (!userHandle) return 'user handle missing';
  return Buffer.from(userHandle, 'base64url').toString() === passkey.user_id ? null : 'user handle of another user';
}

async function verifySignature(
  deps: ProvePasskeyDeps,
  input: PresentedPasskey,
  { passkey, challenge }: { passkey: PasskeysTable; challenge: PasskeyChallengesTable },
): Promise<Assertion | string> {
  const { client, credential } = input;
  const { verifyAuthenticationResponse } = await import('@simplewebauthn/server');
  const { decodeCredentialPublicKey } = await import('@simplewebauthn/server/helpers');
  const publicKey = new Uint8Array(Buffer.from(passkey.public_key, 'base64url'));
  const key = decodeCredentialPublicKey(publicKey) as unknown as CoseKey;
  const malformed = judgeSignature(key, Buffer.from(credential.response.signature, 'base64url'));
  if (malformed) return malformed;
  const response = { ...credential, clientExtensionResults: {} };
  const { verified, authenticationInfo: info } = await verifyAuthenticationResponse({
    response: response as Parameters<typeof verifyAuthenticationResponse>[0]['response'],
    expectedChallenge: (presented) => sameSecret(hashSecret(presented), challenge.challenge_hash),
    expectedOrigin: challenge.origin,
    expectedRPID: challenge.rp_id,
    requireUserVerification: userVerificationOf(client, deps.passkeyRules) === 'required',
    credential: { id: passkey.credential_id, publicKey, counter: passkey.counter },
  });
  const eligible = info.credentialDeviceType === 'multiDevice' ? 1 : 0;
  if (!verified) return 'signature';
  if (eligible !== passkey.backup_eligible) return 'backup eligibility changed';
  return { passkey, counter: info.newCounter, backedUp: info.credentialBackedUp, userVerified: info.userVerified };
}

async function verify(
  deps: ProvePasskeyDeps,
  input: PresentedPasskey,
  challenge: PasskeyChallengesTable,
): Promise<Judged> {
  const { client, credential } = input;
  const own = { client_id: client.id, credential_id: credential.id };
  const passkey = await findByCredential.first(deps.database.read, own);
  if (!passkey) return { refused: 'unknown credential' };
  const reason = judgeClientData(credential.response.clientDataJSON) ?? judgeOwner(credential, passkey);
  if (reason) return { refused: reason, passkey };
  if (passkey.rp_id !== challenge.rp_id) return { refused: 'credential of another relying party', passkey };
  const verdict = await verifySignature(deps, input, { passkey, challenge }).catch((error: unknown) =>
    error instanceof Error ? error.message : 'not verified',
  );
  return typeof verdict === 'string' ? { refused: verdict, passkey } : verdict;
}

function use<T>(
  deps: ProvePasskeyDeps,
  { client }: PresentedPasskey,
  { assertion, onProof }: { assertion: Assertion; onProof: OnProof<T> },
): Promise<T | null> {
  const { passkey, counter, backedUp, userVerified } = assertion;
  return deps.database.write(async (tx) => {
    const used = { id: passkey.id, client_id: client.id, counter, backed_up: backedUp ? 1 : 0, now: deps.clock.now() };
    const user = await holdUser(tx, { clientId: client.id, id: passkey.user_id });
    // Removed or suspended between the two halves of the ceremony (W-34).
    if (user?.status !== 'active' || !(await noteUse(tx, used))) return null;
    if (user.email !== null) await forgiveFailures.run(tx, { client_id: client.id, email: user.email });
    const method = { kind: 'passkey' as const, synced: passkey.backup_eligible === 1, verified: userVerified };
    return onProof(tx, { user, method });
  });
}

async function noteFailure(
  deps: ProvePasskeyDeps,
  input: PresentedPasskey,
  failure: { refused: string; passkey?: PasskeysTable },
) {
  const { client, request } = input;
  await deps.rateLimit.use(deps.limits.failuresPerNetwork, networkOf(request.ip));
  await deps.database.write((tx) =>
    deps.announce(tx, {
      name: 'login_failed',
      clientId: client.id,
      userId: failure.passkey?.user_id ?? null,
      actor: { type: 'anonymous', id: null },
      metadata: { method: 'passkey', reason: failure.refused.slice(0, 200) },
      request,
    }),
  );
}

/**
 * Verifies a passkey and does `onProof` in the transaction that notes its use. Throws invalid_webauthn_authentication for every response
 * that does not hold, whatever the reason, and rate_limited.
 */
export async function provePasskey<T>(
  deps: ProvePasskeyDeps,
  input: PresentedPasskey,
  onProof: OnProof<T>,
): Promise<T> {
  const { client, requestId, origin, request } = input;
  requireAllowed(await deps.rateLimit.look(deps.limits.failuresPerNetwork, networkOf(request.ip)));
  const challenge = await claimChallenge(deps, { clientId: client.id, requestId, purpose: 'authenticate', origin });
  const judged: Judged = challenge ? await verify(deps, input, challenge) : { refused: 'no such challenge' };
  const proven = 'refused' in judged ? null : await use(deps, input, { assertion: judged, onProof });
  if (proven !== null) return proven;
  const failure = 'refused' in judged ? judged : { refused: 'credential or user gone', passkey: judged.passkey };
  await noteFailure(deps, input, failure);
  throw refusals.invalid_webauthn_authentication({ detail: failure.refused });
}

/**
 * Signs in with a passkey. Durable when it resolves. Throws invalid_webauthn_authentication, rate_limited and login_method_disabled.
 */
export async function finishAuthentication(
  deps: FinishAuthenticationDeps,
  input: FinishAuthentication,
): Promise<StartedSession> {
  const { client, carrier, request } = input;
  deps.loginMethods.require('passkey');
  return provePasskey(deps, input, (tx, proof) =>
    completeStep({ ...deps, tx }, { client, ...proof, state: 'identify', carrier, request }),
  );
}
