import { requestBytes } from '../kit/connection.ts';
import type { FilledSession } from '../kit/fill.ts';
import type { Operation } from '../kit/operation.ts';
import { pick } from '../kit/world.ts';

/** Each request exchanges the token of another session; the sessions of one connection are no other's. */
export const operation: Operation = {
  name: 'refresh',
  limit: { http: 1, signature: 1, write: 1 },
  target: 0.5,
  async prepare({ sessions }, connections) {
    const turns = Array.from({ length: connections }, () => 0);
    const own = turns.map((_, connection) => sessions.filter((_one, at) => at % connections === connection));
    const sessionOf = (connection: number): FilledSession => pick(own[connection] ?? [], turns[connection] ?? 0);
    return {
      next(connection) {
        const { id, refreshToken } = sessionOf(connection);
        return requestBytes({ path: '/session/refresh', body: { session_id: id, refresh_token: refreshToken } });
      },
      answered(connection, body) {
        sessionOf(connection).refreshToken = JSON.parse(body.toString()).refresh_token;
        turns[connection] = (turns[connection] ?? 0) + 1;
      },
    };
  },
};
