import { administratorOf } from '../kit/bench-administrator.ts';
import { requestBytes } from '../kit/connection.ts';
import type { Operation } from '../kit/operation.ts';
import { pick } from '../kit/world.ts';

export const operation: Operation = {
  name: 'administration: search a user by e-mail',
  limit: { http: 1, read: 1 },
  async prepare(world) {
    const headers = { authorization: `Bearer ${(await administratorOf(world)).token}` };
    let turn = 0;
    const next = () => {
      const { email } = pick(world.sessions, turn++).user;
      return requestBytes({ path: `/api/admin/clients/default/users?q=${encodeURIComponent(email)}`, headers });
    };
    return { next };
  },
};
