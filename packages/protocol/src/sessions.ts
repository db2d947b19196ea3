import { type Static, Type } from 'typebox';
import { NullableText, OneOf } from './shapes.ts';

const Id = Type.String({ pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$' });
const Time = Type.String({ description: 'ISO 8601, UTC.' });

/** How the refresh token travels: in the JSON answer, or in an HttpOnly cookie of the server's own origin. */
export const TokenTransport = OneOf('json', 'cookie');
export type TokenTransport = Static<typeof TokenTransport>;

/** Accepted in the body or the query; `session_mode=token` is the older name of `token_transport=json`. */
export const transportFields = {
  token_transport: Type.Optional(TokenTransport),
  session_mode: Type.Optional(OneOf('token', 'cookie')),
};

export const TransportQuery = Type.Object(transportFields);

export const User = Type.Object(
  {
    id: Id,
    email: NullableText,
    email_verified: Type.Boolean(),
    display_name: NullableText,
    role: Type.String(),
    roles: Type.Array(Type.String()),
    created_at: Time,
  },
  { title: 'User' },
);

/** What every completed sign-in and every refresh answers. */
export const TokenAnswer = Type.Object(
  {
    session_id: Id,
    access_token: Type.String(),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({ description: 'Seconds until the access token expires.' }),
    refresh_token: Type.Optional(Type.String({ description: 'Absent when it went into the cookie.' })),
    refresh: Type.Object({
      transport: TokenTransport,
      cookie_name: Type.String(),
      expires_in: Type.Integer({ description: 'Seconds until the session ends, however often it is refreshed.' }),
    }),
    user: User,
  },
  { title: 'TokenAnswer' },
);
export type TokenAnswer = Static<typeof TokenAnswer>;

export const RefreshRequest = Type.Object({
  refresh_token: Type.Optional(Type.String({ minLength: 1, maxLength: 512 })),
  ...transportFields,
});

export const DirectRefreshRequest = Type.Object({
  session_id: Id,
  refresh_token: Type.String({ minLength: 1, maxLength: 512 }),
});

export const Session = Type.Object(
  {
    id: Id,
    current: Type.Boolean(),
    created_at: Time,
    expires_at: Time,
    last_used_at: Time,
    amr: Type.Array(Type.String()),
    device: Type.String({ description: 'Browser and system, as far as they say.' }),
    ip: Type.String(),
  },
  { title: 'Session' },
);

export const SessionList = Type.Object({ sessions: Type.Array(Session) });
export const EndedCount = Type.Object({ ok: Type.Literal(true), ended: Type.Integer() });
export const IdParameter = Type.Object({ id: Id });
export const Ok = Type.Object({ ok: Type.Literal(true) });

export const Me = Type.Object({
  user_id: Id,
  email: NullableText,
  webauthn_credentials: Type.Array(
    Type.Object({ id: Id, credential_id: Type.String(), transports: Type.Array(Type.String()), created_at: Time }),
  ),
  active_sessions: Type.Array(Type.Object({ id: Id, created_at: Time, expires_at: Time })),
});

export const Profile = Type.Object({ user: User, session: Session });
export const ProfileChange = Type.Object({
  display_name: Type.Optional(Type.Union([Type.String({ maxLength: 200 }), Type.Null()])),
});
