import { type Static, Type } from 'typebox';
import { NullableText } from './shapes.ts';

const Id = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' });
const Base64Url = Type.String({ pattern: '^[A-Za-z0-9_-]*$', maxLength: 200_000 });
/** Credential ids are at most 1,023 bytes (WebAuthn Level 3 §4). */
const CredentialId = Type.String({ pattern: '^[A-Za-z0-9_-]+$', maxLength: 1364 });
const Extensions = Type.Optional(Type.Object({}, { additionalProperties: true }));
const Name = Type.String({ minLength: 1, maxLength: 80 });

export const PasskeyOptionsRequest = Type.Object({
  rp_id: Type.Optional(Type.String({ minLength: 1, maxLength: 253 })),
});

/** Options for navigator.credentials.create() or get(), in the JSON form of WebAuthn Level 3 §5.1. */
export const PasskeyOptions = Type.Object(
  { request_id: Id, session_id: Type.Optional(Id), publicKey: Type.Object({}, { additionalProperties: true }) },
  { title: 'PasskeyOptions' },
);

export const RegistrationCredential = Type.Object(
  {
    id: CredentialId,
    rawId: CredentialId,
    type: Type.Literal('public-key'),
    response: Type.Object({
      clientDataJSON: Base64Url,
      attestationObject: Base64Url,
      transports: Type.Optional(Type.Array(Type.String({ maxLength: 32 }), { maxItems: 10 })),
    }),
    clientExtensionResults: Extensions,
    authenticatorAttachment: Type.Optional(NullableText),
  },
  { title: 'RegistrationCredential' },
);
export type RegistrationCredential = Static<typeof RegistrationCredential>;

export const AssertionCredential = Type.Object(
  {
    id: CredentialId,
    rawId: CredentialId,
    type: Type.Literal('public-key'),
    response: Type.Object({
      clientDataJSON: Base64Url,
      authenticatorData: Base64Url,
      signature: Base64Url,
      userHandle: Type.Optional(Type.Union([Base64Url, Type.Null()])),
    }),
    clientExtensionResults: Extensions,
    authenticatorAttachment: Type.Optional(NullableText),
  },
  { title: 'AssertionCredential' },
);
export type AssertionCredential = Static<typeof AssertionCredential>;

export const RegistrationFinish = Type.Object({
  request_id: Id,
  credential: RegistrationCredential,
  name: Type.Optional(Name),
});
export const AssertionFinish = Type.Object({ request_id: Type.Optional(Id), credential: AssertionCredential });

export const Passkey = Type.Object(
  {
    id: Id,
    credential_id: Type.String(),
    name: Type.String(),
    transports: Type.Array(Type.String()),
    backed_up: Type.Boolean(),
    created_at: Type.String(),
    last_used_at: NullableText,
  },
  { title: 'Passkey' },
);
export const PasskeyList = Type.Object({ passkeys: Type.Array(Passkey) });
export const PasskeyRename = Type.Object({ name: Name });
