import { Type } from 'typebox';
import { AssertionCredential } from './passkeys.ts';
import { NullableText, OneOf } from './shapes.ts';

const closed = { additionalProperties: false } as const;
const Id = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' });
const Time = Type.String({ description: 'ISO 8601, UTC.' });
const Seconds = Type.Integer({ description: 'Seconds.' });
const Email = Type.String({ minLength: 3, maxLength: 320, description: 'An e-mail address.' });
const Password = Type.String({ minLength: 1, maxLength: 1024 });
const Code = Type.String({ pattern: '^[0-9]{6}$', description: 'Six digits of the authenticator app.' });
const Secret = Type.String({ minLength: 1, maxLength: 512 });

export const AdminRole = OneOf('owner', 'security_admin', 'support_admin', 'billing_admin', 'read_only_auditor');
const AdminRoles = Type.Array(AdminRole, { minItems: 1, maxItems: 5, uniqueItems: true });

/** Which part of the installation an administrator is responsible for. */
export const AdminScope = Type.Object(
  {
    kind: OneOf('all', 'client', 'organization'),
    client_id: Type.Optional(Type.String({ maxLength: 64, description: 'With `client` and `organization`.' })),
    organization_id: Type.Optional(Type.String({ maxLength: 64, description: 'With `organization`.' })),
  },
  { title: 'AdminScope', ...closed },
);

export const AdministratorShape = Type.Object(
  {
    id: Id,
    email: Type.String(),
    roles: Type.Array(AdminRole),
    scope: AdminScope,
    status: OneOf('invited', 'active', 'suspended'),
    created_at: Time,
    created_by: NullableText,
  },
  { title: 'Administrator' },
);

export const AdminInvite = Type.Object(
  {
    email: Email,
    roles: AdminRoles,
    scope: AdminScope,
    send_mail: Type.Optional(Type.Boolean({ description: 'Whether to mail the link; true unless given.' })),
  },
  closed,
);

export const AdminInvitation = Type.Object(
  {
    administrator: AdministratorShape,
    invitation: Type.Object({
      url: Type.String({ description: 'Works once; shown here and nowhere else.' }),
      expires_at: Time,
      mailed: Type.Boolean(),
    }),
  },
  { title: 'AdminInvitation' },
);

export const AdminChange = Type.Object(
  {
    roles: Type.Optional(AdminRoles),
    scope: Type.Optional(AdminScope),
    status: Type.Optional(OneOf('active', 'suspended')),
  },
  { minProperties: 1, ...closed },
);

export const AdminLogin = Type.Object({ email: Email, password: Password }, closed);

export const AdminMfaRequired = Type.Object(
  {
    status: Type.Literal('mfa_required'),
    challenge_token: Type.String(),
    factors: Type.Array(OneOf('totp', 'passkey')),
    expires_in: Seconds,
  },
  { title: 'AdminMfaRequired' },
);

const PasskeyAnswer = Type.Object({ request_id: Id, credential: AssertionCredential }, closed);

/** One of the two. */
const factorFields = { code: Type.Optional(Code), passkey: Type.Optional(PasskeyAnswer) };

export const AdminMfa = Type.Object({ challenge_token: Secret, ...factorFields }, closed);
export const AdminStepUp = Type.Object(factorFields, closed);

export const AdminToken = Type.Object(
  {
    access_token: Type.String(),
    token_type: Type.Literal('Bearer'),
    expires_in: Seconds,
    admin: AdministratorShape,
  },
  { title: 'AdminToken' },
);

export const AdminInvitationAccept = Type.Object({ token: Secret, password: Password }, closed);

export const AdminInvitationAccepted = Type.Object(
  {
    challenge_token: Type.String(),
    expires_in: Seconds,
    totp: Type.Object({ secret: Type.String({ description: 'Base32.' }), otpauth_url: Type.String() }),
  },
  { title: 'AdminInvitationAccepted' },
);

export const AdminInvitationConfirm = Type.Object({ challenge_token: Secret, code: Code }, closed);

export const AdminPasswordChange = Type.Object({ current_password: Password, new_password: Password }, closed);

export const AdminTotpPending = Type.Object(
  {
    secret: Type.String({ description: 'Base32.' }),
    otpauth_url: Type.String({ description: 'What a QR code holds.' }),
    expires_in: Seconds,
  },
  { title: 'AdminTotpPending' },
);

export const AdminTotpConfirm = Type.Object({ code: Code }, closed);

export const AdminSelf = Type.Object(
  { admin: AdministratorShape, permissions: Type.Array(Type.String()), authenticated_at: Time },
  { title: 'AdminSelf' },
);
