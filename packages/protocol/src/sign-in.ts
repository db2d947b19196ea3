import { Type } from 'typebox';
import { transportFields } from './sessions.ts';

/** An address as typed; the server trims, lower-cases and normalises it (NFC) and nothing else. */
const Email = Type.String({ minLength: 3, maxLength: 320, description: 'An e-mail address.' });
const Code = Type.String({ pattern: '^[0-9]{6}$', description: 'Six digits.' });

export const EmailCodeStart = Type.Object({ email: Email, locale: Type.Optional(Type.String({ maxLength: 35 })) });
export const EmailCodeSent = Type.Object({
  ok: Type.Literal(true),
  expires_in: Type.Integer({ description: 'Seconds the code works.' }),
});
export const EmailCodeVerify = Type.Object({ email: Email, code: Code, ...transportFields });
export const DirectEmailVerify = Type.Object({
  email: Email,
  code: Code,
  claims: Type.Optional(Type.Literal('profile')),
});
