import type { Clock } from '../../platform/clock/index.ts';
import type { Database } from '../../platform/database/index.ts';
import type { NewId } from '../../platform/ids/index.ts';
import { hashSecret, randomSecret } from '../../platform/secrets/index.ts';
import { ADMINISTRATORS_CLIENT, type Client, type Clients } from '../../tenancy/clients/index.ts';
import type { LoginMethods } from '../../tenancy/system-config/index.ts';
import type { User } from '../users/index.ts';
import { ALGORITHMS } from './credential-key-policy.ts';
import { refusals } from './errors.ts';
import { type PasskeyRules, userVerificationOf } from './passkey-rules.ts';
import { chooseRpId } from './rp-id-policy.ts';
import { deleteRegistrations, insertChallenge, listOfUser } from './store.ts';
import type { PasskeyChallengesTable } from './tables.ts';

/** Also what the browser is told; a slower person starts again. */
const CHALLENGE_TTL_MS = 300_000;

export interface BeginDeps {
  clock: Clock;
  newId: NewId;
  database: Database;
  clients: Clients;
  rules: PasskeyRules;
  loginMethods: LoginMethods;
}

/** The start of a ceremony: an id to come back with, and the options for the browser (WebAuthn Level 3 §5.1, JSON form). */
export interface Ceremony {
  requestId: string;
  publicKey: Record<string, unknown>;
}

export interface BeginInput {
  client: Client;
  /** The page the ceremony runs on; the issuer itself when absent. */
  origin: string | undefined;
  /** The relying party asked for, if any. */
  rpId: string | undefined;
}

async function placeOf(deps: BeginDeps, input: BeginInput): Promise<{ origin: string; rpId: string }> {
  const { client, rpId: requested } = input;
  const origin = input.origin ?? deps.rules.issuer;
  const isOurs = deps.rules.origins.includes(origin) || client.settings.webauthn_rp_origin === origin;
  if (!isOurs && !(await deps.clients.isOriginOf(client, origin))) throw refusals.invalid_origin();
  const { issuer, rpId: configured } = deps.rules;
  const rpId = chooseRpId({ origin, requested, clientSetting: client.settings.webauthn_rp_id, configured, issuer });
  if (!rpId) throw refusals.invalid_origin();
  return { origin, rpId };
}

function challengeRow(
  deps: BeginDeps,
  of: Pick<PasskeyChallengesTable, 'client_id' | 'purpose' | 'user_id' | 'origin' | 'rp_id'>,
): { row: PasskeyChallengesTable; challenge: string } {
  const challenge = randomSecret();
  const expiresAt = deps.clock.now() + CHALLENGE_TTL_MS;
  return { challenge, row: { ...of, id: deps.newId(), challenge_hash: hashSecret(challenge), expires_at: expiresAt } };
}

/** Starts adding a passkey for a signed-in user. Throws invalid_origin. */
export async function beginRegistration(deps: BeginDeps, input: BeginInput & { user: User }): Promise<Ceremony> {
  const { client, user } = input;
  const { origin, rpId } = await placeOf(deps, input);
  const own = { client_id: client.id, user_id: user.id };
  const existing = await listOfUser(deps.database.read, own);
  const { row, challenge } = challengeRow(deps, { ...own, purpose: 'register', origin, rp_id: rpId });
  await deps.database.write(async (tx) => {
    deleteRegistrations.send(tx, own);
    insertChallenge.send(tx, row);
  });
  const name = user.email ?? user.id;
  const attestation = client.settings.webauthn_attestation ?? 'none';
  return {
    requestId: row.id,
    publicKey: {
      challenge,
      rp: { id: rpId, name: client.settings.webauthn_display_name ?? deps.rules.displayName },
      user: { id: Buffer.from(user.id).toString('base64url'), name, displayName: user.displayName ?? name },
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key', alg })),
      timeout: CHALLENGE_TTL_MS,
      excludeCredentials: existing
        .filter((passkey) => passkey.rp_id === rpId)
        .map((passkey) => ({
          type: 'public-key',
          id: passkey.credential_id,
          transports: passkey.transports.split(' ').filter(Boolean),
        })),
      authenticatorSelection: {
        residentKey: 'required',
        requireResidentKey: true,
        userVerification: userVerificationOf(client, deps.rules),
      },
      attestation,
      extensions: { credProps: true },
    },
  };
}

/** Starts a sign-in in which nobody says who they are: no list of credentials, the passkey itself brings the user. Throws invalid_origin. */
export async function beginAuthentication(deps: BeginDeps, input: BeginInput): Promise<Ceremony> {
  const { client } = input;
  // Users' ways to sign in are not the administrators'.
  if (client.id !== ADMINISTRATORS_CLIENT) deps.loginMethods.require('passkey');
  const { origin, rpId } = await placeOf(deps, input);
  const { row, challenge } = challengeRow(deps, {
    client_id: client.id,
    purpose: 'authenticate',
    user_id: null,
    origin,
    rp_id: rpId,
  });
  await deps.database.write(async (tx) => insertChallenge.send(tx, row));
  const userVerification = userVerificationOf(client, deps.rules);
  return { requestId: row.id, publicKey: { challenge, rpId, timeout: CHALLENGE_TTL_MS, userVerification } };
}
