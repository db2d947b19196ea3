import { requestBytes } from '../kit/connection.ts';
import type { Operation } from '../kit/operation.ts';
import { pick } from '../kit/world.ts';

export const operation: Operation = {
  name: 'e-mail code: start',
  limit: { http: 1, write: 1 },
  async prepare({ sessions }) {
    let turn = 0;
    return {
      next: () => requestBytes({ path: '/email/start', body: { email: pick(sessions, turn++).user.email } }),
    };
  },
};
