import { Type } from 'typebox';
import { Passkey } from './passkeys.ts';
import { User } from './sessions.ts';
import { NullableText, OneOf } from './shapes.ts';

const closed = { additionalProperties: false } as const;
const Time = Type.String({ description: 'ISO 8601, UTC.' });
const NullableTime = NullableText;
const Role = Type.String({ pattern: '^[a-z0-9][a-z0-9_.:-]{0,63}$' });
const DisplayName = Type.Unsafe<string | null>({ type: ['string', 'null'], minLength: 1, maxLength: 200 });
const Status = OneOf('active', 'suspended');

/** A user as an administrator sees them. */
export const AdministeredUser = Type.Object(
  { ...User.properties, client_id: Type.String(), status: Status },
  { title: 'AdministeredUser' },
);

export const UserCreate = Type.Object(
  {
    email: Type.String({ minLength: 3, maxLength: 320 }),
    email_verified: Type.Optional(
      Type.Boolean({ description: 'Whether the address is known to be theirs; false unless given.' }),
    ),
    display_name: Type.Optional(DisplayName),
    role: Type.Optional(Role),
  },
  closed,
);

export const UserPatch = Type.Object(
  { display_name: Type.Optional(DisplayName), role: Type.Optional(Role), status: Type.Optional(Status) },
  { minProperties: 1, ...closed },
);

export const AdministeredSession = Type.Object(
  {
    id: Type.String(),
    created_at: Time,
    expires_at: Time,
    last_used_at: Time,
    amr: Type.Array(Type.String()),
    device: Type.String(),
    ip: Type.String(),
  },
  { title: 'AdministeredSession' },
);

export const AdministeredSessionList = Type.Object({ sessions: Type.Array(AdministeredSession) });

/** Everything that is kept about one person. */
export const UserExport = Type.Object(
  {
    exported_at: Time,
    user: AdministeredUser,
    passkeys: Type.Array(Passkey),
    sessions: Type.Array(
      Type.Object({
        ...AdministeredSession.properties,
        user_agent: Type.String(),
        ended_at: NullableTime,
        end_reason: NullableText,
      }),
    ),
    audit_events: Type.Array(
      Type.Object({
        id: Type.String(),
        event_type: Type.String(),
        actor_type: Type.String(),
        actor_id: NullableText,
        ip: Type.String(),
        user_agent: Type.String(),
        metadata: Type.Unsafe<Record<string, unknown>>({ type: 'object', additionalProperties: true }),
        created_at: Time,
      }),
    ),
  },
  { title: 'UserExport' },
);
