import { Type } from 'typebox';

const CLIENT = '/api/admin/clients/:client_id';
const Id = Type.String({ minLength: 1, maxLength: 64 });

/** The addresses of this room, and what their parameters look like. */
export const addresses = { users: `${CLIENT}/users`, user: `${CLIENT}/users/:user_id`, sessions: `${CLIENT}/sessions` };
export const InClient = Type.Object({ client_id: Id });
export const OneUser = Type.Object({ client_id: Id, user_id: Id });
export const OneSession = Type.Object({ client_id: Id, user_id: Id, session_id: Id });

/** What every route of this room has in common. */
export const base = { cors: 'nobody', tag: 'Administration: users' } as const;
