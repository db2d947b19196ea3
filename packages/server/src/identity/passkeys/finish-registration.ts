import type { RegistrationCredential } from '@gatehouse/protocol';
import { isUniqueViolation } from '../../platform/database/index.ts';
import type { Announce, RequestFacts } from '../../platform/events/index.ts';
import { hashSecret, sameSecret } from '../../platform/secrets/index.ts';
import type { Client } from '../../tenancy/clients/index.ts';
import { type NoticeDeps, queueNotice } from '../account-notices/index.ts';
import { describeDevice, providerName } from '../devices/index.ts';
import type { BeginDeps } from './begin-ceremony.ts';
import { judgeClientData } from './client-data-policy.ts';
import { ALGORITHMS, type CoseKey, judgeCredentialKey } from './credential-key-policy.ts';
import { refusals } from './errors.ts';
import { type Passkey, readPasskey } from './passkey.ts';
import { userVerificationOf } from './passkey-rules.ts';
import { insertPasskey } from './store.ts';
import type { PasskeyChallengesTable, PasskeysTable } from './tables.ts';
import { claimChallenge } from './take-challenge.ts';

export type FinishRegistrationDeps = Pick<BeginDeps, 'clock' | 'newId' | 'database' | 'rules'> &
  NoticeDeps & { announce: Announce };

export interface FinishRegistration {
  client: Client;
  userId: string;
  requestId: string;
  credential: RegistrationCredential;
  origin: string | null;
  name: string | undefined;
  /** The language of the mail that tells of it. */
  locale: string;
  request: RequestFacts;
}

const LONGEST_ID_BYTES = 1023;

const refuse = (detail: string) => refusals.invalid_webauthn_registration({ detail });

/** What a client demands of attestation (R107, R108): the reason for a refusal, or null. */
function judgeAttestation(client: Client, format: string): string | null {
  const { webauthn_require_attestation: required, webauthn_allowed_attestation_formats: allowed } = client.settings;
  if (required && format === 'none') return 'attestation required';
  return allowed && !allowed.includes(format) && (required || format !== 'none')
    ? 'attestation format not allowed'
    : null;
}

async function verify(deps: FinishRegistrationDeps, input: FinishRegistration, challenge: PasskeyChallengesTable) {
  const reason = judgeClientData(input.credential.response.clientDataJSON);
  if (reason) throw refuse(reason);
  // Loaded at the first ceremony: it is a tenth of the server's memory, and many servers never hold one.
  const { verifyRegistrationResponse } = await import('@simplewebauthn/server');
  const { decodeCredentialPublicKey } = await import('@simplewebauthn/server/helpers');
  const verified = await verifyRegistrationResponse({
    response: { ...input.credential, clientExtensionResults: {} } as Parameters<
      typeof verifyRegistrationResponse
    >[0]['response'],
    expectedChallenge: (presented) => sameSecret(hashSecret(presented), challenge.challenge_hash),
    expectedOrigin: challenge.origin,
    expectedRPID: challenge.rp_id,
    requireUserVerification: userVerificationOf(input.client, deps.rules) === 'required',
    supportedAlgorithmIDs: ALGORITHMS,
  }).catch((error: unknown) => {
    throw refuse(error instanceof Error ? error.message : 'not verified');
  });
  const info = verified.registrationInfo;
  if (!verified.verified || !info) throw refuse('not verified');
  const idBytes = Buffer.from(info.credential.id, 'base64url').length;
  if (idBytes === 0 || idBytes > LONGEST_ID_BYTES) throw refuse('credential id of a forbidden length');
  const weakness = judgeCredentialKey(decodeCredentialPublicKey(info.credential.publicKey) as unknown as CoseKey);
  const attestation = judgeAttestation(input.client, info.fmt);
  if (weakness || attestation) throw refuse(weakness ?? attestation ?? '');
  return info;
}

type Verified = Awaited<ReturnType<typeof verify>>;

async function rowOf(
  deps: FinishRegistrationDeps,
  input: FinishRegistration,
  of: { info: Verified; rpId: string },
): Promise<PasskeysTable> {
  const { credential, aaguid, credentialDeviceType, credentialBackedUp } = of.info;
  return {
    id: deps.newId(),
    client_id: input.client.id,
    user_id: input.userId,
    credential_id: credential.id,
    rp_id: of.rpId,
    public_key: Buffer.from(credential.publicKey).toString('base64url'),
    counter: credential.counter,
    transports: (input.credential.response.transports ?? []).filter((one) => /^[a-z-]+$/.test(one)).join(' '),
    backup_eligible: credentialDeviceType === 'multiDevice' ? 1 : 0,
    backed_up: credentialBackedUp ? 1 : 0,
    aaguid,
    name: input.name ?? providerName(aaguid) ?? (await describeDevice(input.request.userAgent)),
    created_at: deps.clock.now(),
    last_used_at: null,
  };
}

/**
 * Finishes adding a passkey. Durable when it resolves.
 * Throws invalid_webauthn_registration for any response that does not hold, duplicate_credential when it is registered already.
 */
export async function finishRegistration(deps: FinishRegistrationDeps, input: FinishRegistration): Promise<Passkey> {
  const { client, requestId, origin, userId, locale, request } = input;
  const challenge = await claimChallenge(deps, { clientId: client.id, requestId, purpose: 'register', origin });
  if (!challenge || challenge.user_id !== userId) throw refuse('no such challenge');
  const row = await rowOf(deps, input, { info: await verify(deps, input, challenge), rpId: challenge.rp_id });
  try {
    await deps.database.write(async (tx) => {
      await insertPasskey.run(tx, row);
      const target = { type: 'passkey', id: row.id };
      await queueNotice({ ...deps, tx }, { clientId: client.id, userId, change: 'passkey_added', locale });
      await deps.announce(tx, {
        name: 'passkey_added',
        clientId: client.id,
        userId,
        target,
        metadata: { name: row.name },
        request,
      });
    });
  } catch (error) {
    throw isUniqueViolation(error) ? refusals.duplicate_credential() : error;
  }
  return readPasskey(row);
}
